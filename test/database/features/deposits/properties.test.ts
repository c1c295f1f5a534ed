import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { AccountId } from '#lib/ids.ts';
import { formatRatePpm } from '#lib/money/rate-ppm.ts';
import { lastOfMonth } from '#lib/time/calendar.ts';
import { addDays, type IsoDate, isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { Model, type Told } from './model.ts';

/** Over the ends of two months. */
const DAYS = 40;
const OWNED = 100_000_000n;

const bank = await openTestBank();
await bank.calendar.setDate(TEST_CALLER, isoDate('2028-01-24'), { isConfirmed: true });

const rate = fc.bigInt(0n, 90_000n);
const told: fc.Arbitrary<Told> = fc.record({
  principal: fc.oneof(fc.bigInt(1n, 9_999n), fc.bigInt(10_000n, OWNED)),
  rate,
  termDays: fc.integer({ min: 1, max: DAYS + 10 }),
  opens: fc.integer({ min: 0, max: 10 }),
  interest: fc.constantFrom('at_maturity', 'paid', 'kept'),
  renews: fc.boolean(),
  closes: fc.option(fc.integer({ min: 0, max: DAYS - 1 }), { nil: undefined }),
  closure: fc.record({
    rate: fc.constantFrom('booked', 'held_term', 'lower'),
    heldRate: rate,
    penalty: fc.constantFrom(0n, 10_000n, 50_000n),
    lostDays: fc.constantFrom(0, 3, 400),
    forfeited: fc.constantFrom(0n, 250_000n, 1_000_000n),
    reachesPrincipal: fc.boolean(),
  }),
});

const POSTED = {
  at_maturity: { posting: 'maturity' },
  paid: { posting: 'monthly', compounding: 'none' },
  kept: { posting: 'monthly', compounding: 'posting' },
} as const;

let products = 0;

/** A deposit in the bank, and its model beside it. */
class Life {
  readonly #told: Told;
  readonly #model: Model;
  readonly #code: string;
  #account: AccountId | undefined;
  #deposit: AccountId | undefined;

  constructor(of: Told, firstDay: IsoDate) {
    this.#told = of;
    const isMonthEnd = (day: number): boolean => {
      const date = addDays(firstDay, day);
      return lastOfMonth(date) === date;
    };
    this.#model = new Model(of, OWNED, isMonthEnd);
    products += 1;
    this.#code = `told_${products}`;
  }

  async begin(): Promise<void> {
    const { rate: booked, termDays, closure, interest } = this.#told;
    const { penalty, forfeited, heldRate, rate: closureRate, lostDays, reachesPrincipal } = closure;
    // The term itself at its rate, and every shorter one at that of the days held.
    const shorter = { unit: 'day', from: 1, to: termDays - 1, rate: formatRatePpm(heldRate) };
    const rates = [
      ...(termDays > 1 ? [shorter] : []),
      { unit: 'day', from: termDays, rate: formatRatePpm(booked) },
    ];
    const earlyClosure = {
      rate: closureRate,
      penaltyRate: formatRatePpm(penalty),
      forfeitedPercent: formatRatePpm(forfeited),
      lostDays,
      reachesPrincipal,
    };
    const tax = [{ name: 'Tax', percent: '25', rounding: 'down' }];
    const terms = {
      deposit: { rates, earlyClosure, maturityDay: 'same' },
      interest: { ...POSTED[interest], tax },
    };
    const product = {
      code: this.#code,
      currency: EUR,
      kind: 'term_deposit',
      name: 'Told',
      accounting: {},
    } as const;
    await bank.products.create(TEST_CALLER, { ...product, terms });
    this.#account = await bank.newAccount({ customerId: await bank.newCustomer() });
    const cash = { accountId: this.#account, amountMinor: OWNED, currency: EUR, mode: 'cash' } as const;
    await bank.transactions.deposit({ caller: TEST_CALLER, idempotencyKey: newKey(), ...cash });
  }

  /** What the customer does on a day. */
  async live(day: number): Promise<void> {
    const { opens, closes, principal: amountMinor, termDays, renews } = this.#told;
    const account = this.#account!;
    if (day === opens) {
      const { customerId } = await bank.accounts.get(TEST_CALLER, account);
      const { id } = await bank.deposits.open(TEST_CALLER, {
        customerId,
        product: this.#code,
        currency: EUR,
        amountMinor,
        term: { unit: 'day', count: termDays },
        frequency: undefined,
        fromAccountId: account,
        instruction: { onMaturity: renews ? 'renew' : 'pay_out', payoutAccountId: account },
      });
      this.#deposit = id;
    }
    const running = await this.#running();
    const isBeforeMaturity = running !== undefined && (await this.#isBeforeMaturity(running));
    if (day === closes && isBeforeMaturity) await bank.deposits.close(TEST_CALLER, running, {});
    this.#model.live(day);
  }

  /** That the bank has what the model has. */
  async assertSame(what: string): Promise<void> {
    const running = await this.#running();
    const { rows } = await sql<{ owner: bigint; held: bigint; accrued: bigint }>`
      select o.balance_minor as owner, coalesce(d.balance_minor, 0) as held, coalesce(i.credit_minor, 0) as accrued
      from ledger_accounts o
      left join ledger_accounts d on d.book_id = o.book_id and d.ledger_account_id = ${running ?? null}
      left join interest_positions i on i.book_id = o.book_id and i.account_id = ${running ?? null}
      where o.book_id = 1 and o.ledger_account_id = ${this.#account!}`.execute(bank.db);
    assert.deepEqual(rows[0], this.#model.outcome, what);
  }

  /** The deposit that runs, after however many renewals. */
  async #running(): Promise<AccountId | undefined> {
    if (this.#deposit === undefined) return undefined;
    for (;;) {
      const deposit = await bank.deposits.get(TEST_CALLER, this.#deposit);
      if (deposit.renewedAsId === undefined) return deposit.endedOn === undefined ? deposit.id : undefined;
      this.#deposit = deposit.renewedAsId;
    }
  }

  async #isBeforeMaturity(id: AccountId): Promise<boolean> {
    const { maturesOn } = await bank.deposits.get(TEST_CALLER, id);
    return (await bank.calendar.today()).businessDate < maturesOn;
  }
}

test('whatever happens to deposits, the bank has what a model of them has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(told, { minLength: 8, maxLength: 12 }), async (stories) => {
      const { businessDate: firstDay } = await bank.calendar.today();
      const lives = stories.map((one) => new Life(one, firstDay));
      for (const life of lives) await life.begin();
      for (let day = 0; day < DAYS; day += 1) {
        for (const life of lives) await life.live(day);
        await bank.endOfDay.closeThrough(TEST_CALLER, addDays(firstDay, day));
        for (const [index, life] of lives.entries()) await life.assertSame(`deposit ${index} on day ${day}`);
      }
      assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
    }),
    { numRuns: propertyRuns(2), endOnFailure: true },
  );
});
