import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FlorinError } from '#lib/errors.ts';
import type { AccountId, StandingOrderId, TransactionId } from '#lib/ids.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { brokenLaws } from '#test/support/verified.ts';

const bank = await openTestBank();
const DAY_MS = 86_400_000;

type Unit = 'day' | 'week' | 'month';
type BusinessDays = 'following' | 'preceding' | 'same';
type Terms = {
  readonly count: number;
  readonly unit: Unit;
  readonly businessDays: BusinessDays;
  readonly startIn: number;
  readonly days: number | undefined;
  readonly payee: number;
  readonly amount: bigint;
};

/** What a story does: amounts in cents, orders and payees by their index. */
type Act =
  | { readonly do: 'close'; readonly days: number }
  | { readonly do: 'deposit'; readonly amount: bigint }
  | { readonly do: 'freeze' | 'freezeDebits' | 'unfreeze' }
  | { readonly do: 'leave'; readonly payee: number }
  | { readonly do: 'pause' | 'resume' | 'skip' | 'cancel'; readonly order: number }
  | { readonly do: 'return'; readonly order: number };

const terms: fc.Arbitrary<Terms> = fc.record({
  count: fc.constantFrom(1, 2, 3),
  unit: fc.constantFrom<Unit>('day', 'week', 'month'),
  businessDays: fc.constantFrom<BusinessDays>('following', 'preceding', 'same'),
  startIn: fc.nat(6),
  days: fc.option(fc.integer({ min: 6, max: 20 }), { nil: undefined }),
  payee: fc.nat(1),
  amount: fc.constantFrom(50n, 100n, 250n),
});
const order = fc.nat(2);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('close'), days: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('deposit'), amount: fc.constantFrom(50n, 300n) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('freeze', 'freezeDebits', 'unfreeze') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave'), payee: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume', 'skip', 'cancel'), order }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('return'), order }) },
);

/** Days as numbers since 1970: a calendar of its own, without the bank's. */
const weekday = (day: number) => ((day + 3) % 7) + 1;
const isOpen = (day: number) => weekday(day) <= 5;
const openAfter = (day: number): number => (isOpen(day + 1) ? day + 1 : openAfter(day + 1));
const toDay = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
const toDate = (day: number): IsoDate => isoDate(new Date(day * DAY_MS).toISOString().slice(0, 10));

function nthDue({ count, unit }: Terms, start: number, index: number): number {
  if (unit !== 'month') return start + index * count * (unit === 'week' ? 7 : 1);
  const from = new Date(start * DAY_MS);
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + index * count + 1, 0));
  return lastDay.setUTCDate(Math.min(from.getUTCDate(), lastDay.getUTCDate())) / DAY_MS;
}

type Try = { due: number; status: string; attempts: number; next: number; reversed: boolean };

class OrderModel {
  readonly terms: Terms;
  readonly start: number;
  readonly end: number;
  status = 'active';
  next: number;
  failures = 0;
  readonly tries: Try[] = [];

  constructor(given: Terms, today: number) {
    this.terms = given;
    this.start = today + given.startIn;
    this.end = given.days === undefined ? Number.POSITIVE_INFINITY : today + given.days;
    this.next = this.start;
  }

  get isOver(): boolean {
    return this.status === 'ended' || this.status === 'cancelled';
  }

  after(day: number): number {
    for (let index = 0; ; index += 1) {
      const due = nthDue(this.terms, this.start, index);
      if (due > day) return due;
    }
  }

  isDue(day: number): boolean {
    const { businessDays } = this.terms;
    if (this.status !== 'active' || (businessDays !== 'same' && !isOpen(day))) return false;
    return this.next <= (businessDays === 'preceding' ? openAfter(day) - 1 : day);
  }

  giveUp(): void {
    for (const one of this.tries) if (one.status === 'retrying') one.status = 'failed';
  }

  change(what: 'pause' | 'resume' | 'skip' | 'cancel', today: number): boolean {
    if (this.isOver) return false;
    if (what === 'cancel' || what === 'pause') {
      this.giveUp();
      this.status = what === 'cancel' ? 'cancelled' : 'paused';
      return true;
    }
    const resumed = what === 'resume' && this.status !== 'active';
    const first = resumed ? this.after(Math.max(this.next, today) - 1) : this.next;
    const next = what === 'skip' ? this.after(first) : first;
    if (next > this.end) return false;
    this.next = next;
    if (resumed) [this.status, this.failures] = ['active', 0];
    return true;
  }
}

/** The payer, two payees and the orders: by which the bank is judged. */
class Model {
  balance = 1000n;
  frozen: 'no' | 'debits' | 'all' = 'no';
  readonly left = [false, false];
  readonly orders: OrderModel[];
  today: number;

  constructor(given: readonly Terms[], today: number) {
    this.today = today;
    this.orders = given.map((one) => new OrderModel(one, today));
  }

  closeDay(): void {
    const day = this.today;
    for (;;) {
      const due: [OrderModel, Try, boolean][] = this.orders.flatMap((of) => {
        const again = of.tries
          .filter((one) => one.status === 'retrying' && one.next <= day && isOpen(day))
          .map((one): [OrderModel, Try, boolean] => [of, one, false]);
        const fresh: Try = { due: of.next, status: '', attempts: 0, next: 0, reversed: false };
        return of.isDue(day) ? [...again, [of, fresh, true] as [OrderModel, Try, boolean]] : again;
      });
      if (due.length === 0) break;
      due.sort(
        ([one, a], [other, b]) => a.due - b.due || this.orders.indexOf(one) - this.orders.indexOf(other),
      );
      for (const [of, one] of due) this.#pay(of, one, day);
      for (const [of, one, isNew] of due) if (isNew) this.#advance(of, one);
    }
    this.today += 1;
  }

  #pay(of: OrderModel, one: Try, day: number): void {
    one.attempts += 1;
    const { payee, amount } = of.terms;
    const isHopeless = this.left[payee] === true;
    if (!isHopeless && this.frozen === 'no' && amount <= this.balance) {
      this.balance -= amount;
      one.status = 'paid';
    } else {
      one.status = !isHopeless && one.attempts < 3 ? 'retrying' : 'failed';
      one.next = openAfter(day);
    }
  }

  #advance(of: OrderModel, one: Try): void {
    of.tries.push(one);
    const next = of.after(of.next);
    if (next > of.end) of.status = 'ended';
    else of.next = next;
    of.failures = one.status === 'failed' && this.left[of.terms.payee] === true ? of.failures + 1 : 0;
    if (of.failures >= 3 && of.status === 'active') of.status = 'suspended';
  }
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
  readonly payer: AccountId;
  readonly payees: readonly AccountId[];
  readonly orders: StandingOrderId[] = [];

  constructor(payer: AccountId, payees: readonly AccountId[]) {
    this.payer = payer;
    this.payees = payees;
  }

  async give(one: Terms, today: number): Promise<void> {
    const given = await bank.standingOrders.create(TEST_CALLER, {
      accountId: this.payer,
      payee: { accountId: this.payees[one.payee]! },
      amountMinor: one.amount,
      currency: EUR,
      every: { count: one.count, unit: one.unit },
      businessDays: one.businessDays,
      startOn: toDate(today + one.startIn),
      endOn: one.days === undefined ? undefined : toDate(today + one.days),
    });
    this.orders.push(given.id);
  }

  async closeThrough(day: number): Promise<void> {
    bank.clock.setMs(day * DAY_MS + DAY_MS / 2);
    const { isDone } = await bank.endOfDay.closeThrough(TEST_CALLER, toDate(day));
    assert.ok(isDone);
  }

  /** The payee takes the money along. */
  async leave(payee: number): Promise<void> {
    const accountId = this.payees[payee]!;
    const amountMinor = await bank.balanceOf(accountId);
    if (amountMinor > 0n) {
      const cash = { accountId, amountMinor, currency: EUR, mode: 'cash' } as const;
      await bank.transactions.withdraw({ caller: TEST_CALLER, idempotencyKey: newKey(), ...cash });
    }
    await bank.accounts.close(TEST_CALLER, accountId, { reason: 'x' });
  }

  change(index: number, what: 'pause' | 'resume' | 'skip' | 'cancel'): Promise<boolean> {
    const id = this.orders[index]!;
    const { standingOrders } = bank;
    if (what === 'cancel') return succeeds(standingOrders.cancel(TEST_CALLER, id));
    const changes = {
      pause: { status: 'paused' },
      resume: { status: 'active' },
      skip: { skipNext: true },
    } as const;
    return succeeds(standingOrders.change(TEST_CALLER, id, '*', changes[what]));
  }

  reverse(transactionId: TransactionId): Promise<unknown> {
    const request = { caller: TEST_CALLER, idempotencyKey: newKey(), transactionId, reason: 'x' };
    return bank.transactions.reverse(request);
  }
}

async function assertSame(story: Story, model: Model): Promise<void> {
  assert.equal(await bank.balanceOf(story.payer), model.balance);
  for (const [index, id] of story.orders.entries()) {
    const of = model.orders[index]!;
    const { status, nextDueOn } = await bank.standingOrders.get(TEST_CALLER, id);
    assert.deepEqual([status, nextDueOn], [of.status, of.isOver ? undefined : toDate(of.next)]);
    const executions = await bank.standingOrders.listExecutions(TEST_CALLER, id, { limit: 500 });
    assert.deepEqual(
      executions.map((one) => [one.dueOn, one.status, one.attempts, one.takenBack?.how]).toReversed(),
      of.tries
        .toSorted((one, other) => one.due - other.due)
        .map((one) => [toDate(one.due), one.status, one.attempts, one.reversed ? 'reversed' : undefined]),
    );
  }
}

async function play(one: Act, story: Story, model: Model): Promise<void> {
  switch (one.do) {
    case 'close':
      // One by one: the bank's date follows the clock.
      for (let days = 0; days < one.days; days += 1) {
        await story.closeThrough(model.today);
        model.closeDay();
      }
      return;
    case 'deposit': {
      const cash = { accountId: story.payer, amountMinor: one.amount, currency: EUR, mode: 'cash' } as const;
      const request = { caller: TEST_CALLER, idempotencyKey: newKey(), ...cash };
      assert.equal(await succeeds(bank.transactions.deposit(request)), model.frozen !== 'all');
      if (model.frozen !== 'all') model.balance += one.amount;
      return;
    }
    case 'freeze':
    case 'freezeDebits': {
      const what = one.do === 'freeze' ? 'all' : 'debits';
      await succeeds(bank.accounts.freeze(TEST_CALLER, story.payer, { reason: 'x', what }));
      model.frozen = what;
      return;
    }
    case 'unfreeze':
      await succeeds(bank.accounts.unfreeze(TEST_CALLER, story.payer, { reason: 'x' }));
      model.frozen = 'no';
      return;
    case 'leave':
      if (model.left[one.payee] === true) return;
      model.left[one.payee] = true;
      return story.leave(one.payee);
    case 'return': {
      const of = model.orders[one.order];
      const paid = of?.tries.find(({ status, reversed }) => status === 'paid' && !reversed);
      if (of === undefined || paid === undefined) return;
      if (model.left[of.terms.payee] === true || model.frozen === 'all') return;
      const executions = await bank.standingOrders.listExecutions(TEST_CALLER, story.orders[one.order]!, {
        limit: 500,
      });
      await story.reverse(executions.find(({ dueOn }) => dueOn === toDate(paid.due))!.transactionId!);
      paid.reversed = true;
      model.balance += of.terms.amount;
      return;
    }
    default: {
      const of = model.orders[one.order]!;
      assert.equal(await story.change(one.order, one.do), of.change(one.do, model.today), one.do);
    }
  }
}

test('whatever happens to standing orders in whatever order, bank and model agree and the books verify', {
  timeout: 240_000,
}, async () => {
  const three = fc.tuple(terms, terms, terms);
  await fc.assert(
    fc.asyncProperty(three, fc.array(act, { minLength: 4, maxLength: 14 }), async (given, acts) => {
      const payer = await bank.newAccount({ balanceMinor: 1000n });
      const story = new Story(payer, [await bank.newAccount(), await bank.newAccount()]);
      const { businessDate } = await bank.calendar.today();
      const model = new Model(given, toDay(businessDate));
      for (const one of given) await story.give(one, model.today);
      for (const one of acts) await play(one, story, model);
      await assertSame(story, model);
      assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
      for (const index of [0, 1, 2]) await story.change(index, 'cancel');
    }),
    { numRuns: propertyRuns(12) },
  );
});
