import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expireHolds } from '#features/holds/contract.ts';
import { FlorinError } from '#lib/errors.ts';
import type { AccountId, HoldId, TransactionId } from '#lib/ids.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { brokenLaws } from '#test/support/verified.ts';

const bank = await openTestBank();

/** What a story does: amounts in cents, holds and captures counted from the last one back, time in hours. */
type Act =
  | { readonly do: 'place'; readonly amount: bigint; readonly hours: number | undefined }
  | { readonly do: 'capture'; readonly hold: number; readonly amount: bigint; readonly isFinal: boolean }
  | { readonly do: 'force'; readonly hold: number; readonly amount: bigint }
  | { readonly do: 'change'; readonly hold: number; readonly amount: bigint }
  | { readonly do: 'extend'; readonly hold: number; readonly hours: number | undefined }
  | { readonly do: 'release'; readonly hold: number }
  | { readonly do: 'reverse'; readonly capture: number; readonly part: bigint | undefined }
  | { readonly do: 'deposit' | 'withdraw'; readonly amount: bigint }
  | { readonly do: 'wait'; readonly hours: number }
  | { readonly do: 'expire' | 'freeze' | 'freezeDebits' | 'unfreeze' | 'empty' | 'close' };

/** An act on the edge of a rule, by what the model knows: a capture of all that may be taken, of all that is left, … */
type Aim = {
  readonly aim: 'most' | 'left' | 'captured' | 'expiry';
  readonly hold: number;
  readonly beyond: bigint;
  readonly isFinal: boolean;
};

const hold = fc.nat(2);
const amount = fc.oneof(fc.constantFrom(1n, 50n, 100n, 200n), fc.bigInt({ min: 1n, max: 300n }));
// Mostly less than what a hold has left: a capture then is a part, and may be the last.
const part = fc.oneof(fc.constantFrom(1n, 25n, 50n, 100n), fc.bigInt({ min: 1n, max: 120n }));
const hours = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
const maybe = fc.option(part, { nil: undefined });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('place'), amount, hours }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('capture'), hold, amount: part, isFinal: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('force'), hold, amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('change'), hold, amount }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('extend'), hold, hours }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release'), hold }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('reverse'), capture: fc.nat(2), part: maybe }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('deposit', 'withdraw'), amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), hours: fc.integer({ min: 1, max: 2 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('expire') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('freeze', 'freezeDebits', 'unfreeze', 'unfreeze', 'unfreeze'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('empty', 'close', 'close') }) },
);

const aim: fc.Arbitrary<Aim> = fc.record({
  aim: fc.constantFrom('most', 'left', 'captured', 'expiry'),
  hold,
  beyond: fc.bigInt({ min: -1n, max: 1n }),
  isFinal: fc.boolean(),
});

const step = fc.oneof({ weight: 4, arbitrary: act }, { weight: 1, arbitrary: aim });

const TOLERANCE_PERCENT = 10n;
const FIRST_BALANCE = 800n;
const HOUR_MS = 3_600_000;

type HeldMoney = { amount: bigint; captured: bigint; status: string; expiresAt: number };

/** One account and its holds, in a few lines: by which the bank is judged. */
class Model {
  balance = FIRST_BALANCE;
  frozen: 'no' | 'debits' | 'all' = 'no';
  now = 0;
  readonly holds: HeldMoney[] = [];
  readonly captures: { left: bigint }[] = [];
  isClosed = false;

  get held(): bigint {
    return this.holds.reduce((sum, one) => sum + leftOf(one), 0n);
  }

  get available(): bigint {
    return this.balance - this.held;
  }

  /** Whether the act is possible; then it has happened. */
  does(one: Act): boolean {
    if (one.do === 'wait') {
      this.now += one.hours;
      return true;
    }
    if (this.isClosed) return one.do === 'expire';
    switch (one.do) {
      case 'place':
        if (this.frozen !== 'no' || one.amount > this.available) return false;
        this.holds.push({
          amount: one.amount,
          captured: 0n,
          status: 'active',
          expiresAt: this.#at(one.hours),
        });
        return true;
      case 'capture':
        return this.#capture(one, false);
      case 'force':
        return this.#capture({ ...one, isFinal: false }, true);
      case 'change': {
        const of = this.#inTime(one.hold);
        if (of === undefined || one.amount <= of.captured) return false;
        const added = one.amount - of.amount;
        if (added > 0n && (this.frozen !== 'no' || added > this.available)) return false;
        of.amount = one.amount;
        return true;
      }
      case 'extend': {
        const of = this.#inTime(one.hold);
        if (of !== undefined) of.expiresAt = this.#at(one.hours);
        return of !== undefined;
      }
      case 'release': {
        const of = this.holds.at(-1 - one.hold);
        if (of?.status !== 'active') return false;
        of.status = 'released';
        return true;
      }
      case 'reverse': {
        const capture = this.captures.at(-1 - one.capture);
        if (capture === undefined || capture.left === 0n || this.frozen === 'all') return false;
        const back = one.part ?? capture.left;
        if (back > capture.left) return false;
        capture.left -= back;
        this.balance += back;
        return true;
      }
      case 'deposit':
        if (this.frozen === 'all') return false;
        this.balance += one.amount;
        return true;
      case 'withdraw':
        if (this.frozen !== 'no' || one.amount > this.available) return false;
        this.balance -= one.amount;
        return true;
      case 'empty': {
        const isEmptied = this.frozen === 'no' && this.available > 0n;
        if (isEmptied) this.balance -= this.available;
        return isEmptied;
      }
      case 'close':
        this.isClosed = this.balance === 0n && this.held === 0n;
        return this.isClosed;
      case 'expire':
        for (const of of this.holds)
          if (of.status === 'active' && of.expiresAt <= this.now) of.status = 'expired';
        return true;
      default:
        return this.#freeze(one.do);
    }
  }

  /** What an aim is now: nothing where there is no such hold, or no time to wait for. */
  aimed({ aim: at, hold: index, beyond, isFinal }: Aim): Act[] {
    const of = this.holds.at(-1 - index);
    if (of === undefined) return [];
    const left = of.amount - of.captured;
    if (at === 'captured') return ifPositive({ do: 'change', hold: index, amount: of.captured + beyond });
    if (at === 'expiry') {
      const hours = of.expiresAt - this.now;
      if (hours <= 0 || !Number.isFinite(hours)) return [];
      return [
        { do: 'wait', hours },
        { do: 'capture', hold: index, amount: 1n, isFinal },
      ];
    }
    const beyondHold = at === 'most' ? (of.amount * TOLERANCE_PERCENT) / 100n : 0n;
    return ifPositive({ do: 'capture', hold: index, amount: left + beyondHold + beyond, isFinal });
  }

  #freeze(how: 'freeze' | 'freezeDebits' | 'unfreeze'): boolean {
    const wanted = { freeze: 'all', freezeDebits: 'debits', unfreeze: 'no' } as const;
    if (this.frozen === wanted[how]) return false;
    this.frozen = wanted[how];
    return true;
  }

  #at(after: number | undefined): number {
    return after === undefined ? Number.POSITIVE_INFINITY : this.now + after;
  }

  #inTime(index: number): HeldMoney | undefined {
    const of = this.holds.at(-1 - index);
    return of?.status === 'active' && of.expiresAt > this.now ? of : undefined;
  }

  #capture(one: { hold: number; amount: bigint; isFinal: boolean }, isForced: boolean): boolean {
    const given = this.holds.at(-1 - one.hold);
    const of = isForced ? given : this.#inTime(one.hold);
    if (of === undefined || (of.status !== 'active' && of.status !== 'expired')) return false;
    const left = of.amount - of.captured;
    const most = left + (of.amount * TOLERANCE_PERCENT) / 100n;
    if (this.frozen !== 'no' || (!isForced && one.amount > most)) return false;
    const isLast = one.isFinal || one.amount >= left || of.status === 'expired';
    const freed = of.status === 'expired' ? 0n : isLast ? left : one.amount;
    if (one.amount > this.available + freed) return false;
    this.balance -= one.amount;
    of.captured += one.amount;
    if (isLast) of.status = 'captured';
    this.captures.push({ left: one.amount });
    return true;
  }
}

function ifPositive(one: Act & { readonly amount: bigint }): Act[] {
  return one.amount > 0n ? [one] : [];
}

function leftOf({ status, amount: of, captured }: HeldMoney): bigint {
  return status === 'active' ? of - captured : 0n;
}

async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof FlorinError && error.status < 500) return false;
    throw error;
  }
}

/** The same story at the bank. */
class Story {
  readonly id: AccountId;
  readonly holds: HoldId[] = [];
  readonly captures: TransactionId[] = [];

  constructor(id: AccountId) {
    this.id = id;
  }

  async does(one: Act): Promise<boolean> {
    const request = { caller: TEST_CALLER, idempotencyKey: newKey() };
    const nowMs = bank.clock.nowMs();
    switch (one.do) {
      case 'place': {
        const expiresAtMs = one.hours === undefined ? undefined : nowMs + one.hours * HOUR_MS;
        const terms = { accountId: this.id, amountMinor: one.amount, currency: EUR, expiresAtMs };
        return succeeds(
          bank.holds.place({ ...request, ...terms }).then((made) => this.holds.push(made.hold.state.id)),
        );
      }
      case 'capture':
      case 'force': {
        const holdId = this.holds.at(-1 - one.hold);
        if (holdId === undefined) return false;
        const how = one.do === 'force' ? { isFinal: false, forceReason: 'late' } : { isFinal: one.isFinal };
        const captured = bank.holds.capture({ ...request, holdId, amountMinor: one.amount, ...how });
        return succeeds(captured.then(({ transactionId }) => this.captures.push(transactionId)));
      }
      case 'change':
        return this.#with(one.hold, (id) =>
          bank.holds.change(TEST_CALLER, id, '*', { amountMinor: one.amount }),
        );
      case 'extend': {
        const expiresAtMs = one.hours === undefined ? null : nowMs + one.hours * HOUR_MS;
        return this.#with(one.hold, (id) => bank.holds.change(TEST_CALLER, id, '*', { expiresAtMs }));
      }
      case 'release':
        return this.#with(one.hold, (id) => bank.holds.release(TEST_CALLER, id));
      case 'reverse': {
        const transactionId = this.captures.at(-1 - one.capture);
        if (transactionId === undefined) return false;
        const asked = { ...request, transactionId, reason: 'x', amountMinor: one.part };
        return succeeds(bank.transactions.reverse(asked));
      }
      case 'deposit':
      case 'withdraw': {
        const cash = { accountId: this.id, amountMinor: one.amount, currency: EUR, mode: 'cash' } as const;
        return succeeds(bank.transactions[one.do]({ ...request, ...cash }));
      }
      case 'wait':
        bank.clock.setMs(nowMs + one.hours * HOUR_MS);
        return true;
      case 'expire':
        for await (const _ of expireHolds({ db: bank.db, bookId: 1, clock: bank.clock }));
        return true;
      case 'empty': {
        const { funds } = await bank.accounts.get(TEST_CALLER, this.id);
        const amountMinor = funds.postedMinor - funds.heldMinor;
        if (amountMinor <= 0n) return false;
        const cash = { accountId: this.id, amountMinor, currency: EUR, mode: 'cash' } as const;
        return succeeds(bank.transactions.withdraw({ ...request, ...cash }));
      }
      case 'close':
        return succeeds(bank.accounts.close(TEST_CALLER, this.id, { reason: 'x' }));
      case 'unfreeze':
        return succeeds(bank.accounts.unfreeze(TEST_CALLER, this.id, { reason: 'x' }));
      default: {
        const what = one.do === 'freeze' ? 'all' : 'debits';
        return succeeds(bank.accounts.freeze(TEST_CALLER, this.id, { reason: 'x', what }));
      }
    }
  }

  async #with(index: number, work: (id: HoldId) => Promise<unknown>): Promise<boolean> {
    const id = this.holds.at(-1 - index);
    return id !== undefined && succeeds(work(id));
  }
}

test('whatever happens to holds in whatever order, bank and model agree and the books verify', {
  timeout: 120_000,
}, async () => {
  await bank.products.change(
    TEST_CALLER,
    { code: 'current' },
    { captureTolerancePercent: Number(TOLERANCE_PERCENT) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const story = new Story(await bank.newAccount({ balanceMinor: FIRST_BALANCE }));
      const model = new Model();
      for (const one of steps) {
        for (const next of 'aim' in one ? model.aimed(one) : [one])
          assert.equal(await story.does(next), model.does(next), `they disagree on ${next.do}`);
      }
      const { funds } = await bank.accounts.get(TEST_CALLER, story.id);
      assert.deepEqual([funds.postedMinor, funds.heldMinor], [model.balance, model.held]);
      for (const [index, id] of story.holds.entries()) {
        const { status, amountMinor, capturedMinor } = (await bank.holds.get(TEST_CALLER, id)).state;
        const { amount: of, captured, status: as } = model.holds[index]!;
        assert.deepEqual([status, amountMinor, capturedMinor], [as, of, captured]);
      }
      assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
    }),
    { numRuns: propertyRuns(25) },
  );
});
