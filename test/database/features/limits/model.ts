import fc from 'fast-check';

/** What a story does: amounts in cents, earlier payments and holds by their index, time in hours. */
export type Act =
  | { readonly do: 'withdraw' | 'pay' | 'payOwn' | 'payOut'; readonly amount: bigint }
  | { readonly do: 'reverse'; readonly payment: number; readonly part: bigint | undefined }
  | { readonly do: 'refund'; readonly capture: number; readonly part: bigint | undefined }
  | { readonly do: 'return'; readonly payment: number }
  | { readonly do: 'place'; readonly amount: bigint; readonly hours: number | undefined }
  | { readonly do: 'raise'; readonly hold: number; readonly amount: bigint }
  | { readonly do: 'capture'; readonly hold: number; readonly amount: bigint; readonly isFinal: boolean }
  | { readonly do: 'release'; readonly hold: number }
  | { readonly do: 'expire' | 'freeze' | 'freezeDebits' | 'unfreeze' | 'closePayee' }
  | { readonly do: 'limit'; readonly once: bigint | undefined; readonly day: bigint | undefined }
  | { readonly do: 'wait'; readonly hours: number }
  /** To the next midnight of the bank, or a millisecond before or after it. */
  | { readonly do: 'midnight'; readonly offsetMs: number };

const hold = fc.nat(2);
const payment = fc.nat(3);
// Few different amounts, so that days meet their limits exactly and not only nearly.
const amount = fc.oneof(fc.constantFrom(1n, 50n, 100n, 200n), fc.bigInt({ min: 1n, max: 250n }));
const maybe = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined });
const hours = fc.integer({ min: 1, max: 4 });

export const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('withdraw', 'pay', 'payOwn', 'payOut'), amount }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('reverse'), payment, part: maybe(amount) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('refund'), capture: fc.nat(1), part: maybe(amount) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('return'), payment }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('place'), amount, hours: maybe(hours) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('raise'), hold, amount }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('capture'), hold, amount, isFinal: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release'), hold }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'expire',
        'freeze',
        'freezeDebits',
        'unfreeze',
        'unfreeze',
        'unfreeze',
        'closePayee',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('limit'),
      once: fc.option(fc.constantFrom(100n, 200n), { nil: undefined, freq: 1 }),
      day: fc.option(fc.constantFrom(0n, 200n, 400n, 500n), { nil: undefined, freq: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait'), hours }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('midnight'), offsetMs: fc.constantFrom(-1, 0, 1) }) },
);

const HOUR_MS = 3_600_000;
const ZONE = 'Europe/Berlin';

/** The limit a day with which every story begins, in cents. */
export const FIRST_LIMIT = 500n;

type Paid = {
  kind: 'withdraw' | 'pay' | 'payOwn' | 'payOut' | 'capture';
  left: bigint;
  amount: bigint;
  /** The day that it counts on; of a capture that of its hold. */
  readonly day: string;
};
type Held = {
  amount: bigint;
  captured: bigint;
  status: string;
  readonly expiresAtMs: number;
  readonly day: string;
};

/** The date at the bank: that of the wall clock in Berlin. */
function dayAt(ms: number): string {
  return new Date(ms).toLocaleDateString('sv-SE', { timeZone: ZONE });
}

/**
 * One account that pays, as a clerk would keep it on paper: what was paid and set aside on which day, and what of it came
 * back. It reads no clock but its own, and knows nothing of entries.
 */
export class Model {
  balance = 100_000n;
  frozen: 'no' | 'debits' | 'all' = 'no';
  once: bigint | undefined;
  day: bigint | undefined = FIRST_LIMIT;
  payeeBalance = 0n;
  isPayeeClosed = false;
  nowMs: number;
  readonly ownCount: boolean;
  readonly paid: Paid[] = [];
  readonly holds: Held[] = [];

  constructor(nowMs: number, ownCount: boolean) {
    this.nowMs = nowMs;
    this.ownCount = ownCount;
  }

  get held(): bigint {
    return this.holds.reduce(
      (sum, one) => sum + (one.status === 'active' ? one.amount - one.captured : 0n),
      0n,
    );
  }

  /** What is left of the day's limit; undefined without one. */
  get leftToday(): bigint | undefined {
    if (this.day === undefined) return undefined;
    const today = dayAt(this.nowMs);
    const payments = this.paid.filter(
      (one) => one.day === today && one.kind !== 'capture' && this.#counts(one.kind),
    );
    const captured = this.paid.filter((one) => one.day === today && one.kind === 'capture');
    const holds = this.holds.filter((one) => one.day === today);
    const used =
      payments.reduce((sum, one) => sum + one.left, 0n) +
      holds.reduce((sum, one) => sum + (one.status === 'active' ? one.amount : one.captured), 0n) -
      captured.reduce((sum, one) => sum + one.amount - one.left, 0n);
    return this.day - used;
  }

  /** Whether the act is possible; then it has happened. */
  does(one: Act): boolean {
    switch (one.do) {
      case 'withdraw':
      case 'pay':
      case 'payOwn':
      case 'payOut':
        return this.#pay(one.do, one.amount);
      case 'reverse':
        return this.#reverse(this.paid[one.payment], one.part);
      case 'refund':
        return this.#reverse(this.paid.filter(({ kind }) => kind === 'capture')[one.capture], one.part);
      case 'return': {
        const of = this.paid[one.payment];
        if (of?.kind !== 'payOut' || of.left === 0n) return false;
        // What cannot be credited waits in suspense: it has not come back to the account.
        if (this.frozen !== 'all') this.balance += of.left;
        of.left = this.frozen === 'all' ? of.left : 0n;
        of.kind = this.frozen === 'all' ? 'withdraw' : of.kind;
        return true;
      }
      case 'place':
        if (this.frozen !== 'no' || !this.#mayPay(one.amount) || one.amount > this.balance - this.held)
          return false;
        this.holds.push({
          amount: one.amount,
          captured: 0n,
          status: 'active',
          expiresAtMs: one.hours === undefined ? Infinity : this.nowMs + one.hours * HOUR_MS,
          day: dayAt(this.nowMs),
        });
        return true;
      case 'raise':
        return this.#raise(one);
      case 'capture':
        return this.#capture(one);
      case 'release': {
        const of = this.holds[one.hold];
        if (of?.status !== 'active') return false;
        of.status = 'released';
        return true;
      }
      case 'expire':
        for (const of of this.holds)
          if (of.status === 'active' && of.expiresAtMs <= this.nowMs) of.status = 'expired';
        return true;
      case 'closePayee':
        if (this.isPayeeClosed || this.payeeBalance !== 0n) return false;
        this.isPayeeClosed = true;
        return true;
      case 'limit':
        [this.once, this.day] = [one.once, one.day];
        return true;
      case 'wait':
        this.nowMs += one.hours * HOUR_MS;
        return true;
      case 'midnight':
        this.nowMs = Math.max(this.nowMs, nextMidnightMs(this.nowMs) + one.offsetMs);
        return true;
      default: {
        const wanted = { freeze: 'all', freezeDebits: 'debits', unfreeze: 'no' } as const;
        if (this.frozen === wanted[one.do]) return false;
        this.frozen = wanted[one.do];
        return true;
      }
    }
  }

  #counts(kind: Paid['kind']): boolean {
    return kind !== 'payOwn' || this.ownCount;
  }

  #mayPay(amount: bigint): boolean {
    const left = this.leftToday;
    return (this.once === undefined || amount <= this.once) && (left === undefined || amount <= left);
  }

  #pay(kind: 'withdraw' | 'pay' | 'payOwn' | 'payOut', amount: bigint): boolean {
    if (this.frozen !== 'no' || (kind === 'pay' && this.isPayeeClosed)) return false;
    if (this.#counts(kind) && !this.#mayPay(amount)) return false;
    if (amount > this.balance - this.held) return false;
    this.balance -= amount;
    if (kind === 'pay') this.payeeBalance += amount;
    this.paid.push({ kind, amount, left: amount, day: dayAt(this.nowMs) });
    return true;
  }

  #reverse(of: Paid | undefined, part: bigint | undefined): boolean {
    if (of === undefined || of.kind === 'payOut' || of.left === 0n || (part ?? 0n) > of.left) return false;
    if (this.frozen === 'all') return false;
    const back = part ?? of.left;
    if (of.kind === 'pay') this.payeeBalance -= back;
    of.left -= back;
    this.balance += back;
    return true;
  }

  #raise({ hold: index, amount: wanted }: { readonly hold: number; readonly amount: bigint }): boolean {
    const of = this.holds[index];
    if (of?.status !== 'active' || of.expiresAtMs <= this.nowMs || wanted <= of.captured) return false;
    const added = wanted - of.amount;
    if (added > 0n && (this.frozen !== 'no' || !this.#mayPay(added) || added > this.balance - this.held))
      return false;
    of.amount = wanted;
    return true;
  }

  #capture(one: { readonly hold: number; readonly amount: bigint; readonly isFinal: boolean }): boolean {
    const of = this.holds[one.hold];
    if (of?.status !== 'active' || of.expiresAtMs <= this.nowMs || this.frozen !== 'no') return false;
    const left = of.amount - of.captured;
    if (one.amount > left) return false;
    of.captured += one.amount;
    if (one.isFinal || one.amount === left) of.status = 'captured';
    this.balance -= one.amount;
    this.paid.push({ kind: 'capture', amount: one.amount, left: one.amount, day: of.day });
    return true;
  }
}

function nextMidnightMs(ms: number): number {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(ZONE);
  return local.add({ days: 1 }).startOfDay().epochMilliseconds;
}
