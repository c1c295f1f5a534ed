import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { formatRatePpm } from '#lib/money/rate-ppm.ts';
import { lastOfMonth } from '#lib/time/calendar.ts';
import { addDays, type IsoDate, isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { RecurringModel, type RecurringTold } from './recurring-model.ts';

/** Over the ends of two months. */
const DAYS = 45;

const bank = await openTestBank();
await bank.calendar.setDate(TEST_CALLER, isoDate('2028-01-24'), { isConfirmed: true });

const day = fc.integer({ min: 0, max: DAYS - 1 });
const rate = fc.bigInt(0n, 90_000n);
const told: fc.Arbitrary<RecurringTold> = fc.record({
  instalment: fc.oneof(fc.bigInt(1n, 9_999n), fc.bigInt(10_000n, 10_000_000n)),
  rate,
  termDays: fc.integer({ min: 1, max: 35 }),
  opens: fc.integer({ min: 0, max: 10 }),
  interest: fc.constantFrom('at_maturity', 'paid', 'kept'),
  closes: fc.option(day, { nil: undefined, freq: 2 }),
  closure: fc.record({
    rate: fc.constantFrom('booked', 'held_term', 'lower'),
    heldRate: rate,
    penalty: fc.constantFrom(0n, 10_000n, 50_000n),
    lostDays: fc.constantFrom(0, 3, 400),
    forfeited: fc.constantFrom(0n, 250_000n, 1_000_000n),
    reachesPrincipal: fc.boolean(),
  }),
  grace: fc.constantFrom(0, 1, 4, 9),
  fee: fc.constantFrom(0n, 7n, 1_000n),
  cut: fc.constantFrom(0n, 5_000n, 40_000n),
  postpones: fc.boolean(),
  closedAfter: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  begins: fc.integer({ min: 1, max: 3 }),
  comes: fc.array(day, { maxLength: 4 }),
  pays: fc.array(day, { maxLength: 6 }),
});

const POSTED = {
  at_maturity: { posting: 'maturity' },
  paid: { posting: 'monthly', compounding: 'none' },
  kept: { posting: 'monthly', compounding: 'posting' },
} as const;

let products = 0;

/** A recurring deposit in the bank, and its model beside it. */
class Life {
  readonly #told: RecurringTold;
  readonly #model: RecurringModel;
  readonly #code: string;
  #customer: CustomerId | undefined;
  #account: AccountId | undefined;
  #deposit: AccountId | undefined;

  constructor(of: RecurringTold, firstDay: IsoDate) {
    this.#told = of;
    this.#model = new RecurringModel(of, (on) => {
      const date = addDays(firstDay, on);
      return lastOfMonth(date) === date;
    });
    products += 1;
    this.#code = `told_${products}`;
  }

  async begin(): Promise<void> {
    const { rate: booked, termDays, closure, interest, fee, cut, grace, postpones, closedAfter } = this.#told;
    const shorter = { unit: 'day', from: 1, to: termDays - 1, rate: formatRatePpm(closure.heldRate) };
    const rates = [
      ...(termDays > 1 ? [shorter] : []),
      { unit: 'day', from: termDays, rate: formatRatePpm(booked) },
    ];
    const earlyClosure = {
      rate: closure.rate,
      penaltyRate: formatRatePpm(closure.penalty),
      forfeitedPercent: formatRatePpm(closure.forfeited),
      lostDays: closure.lostDays,
      reachesPrincipal: closure.reachesPrincipal,
    };
    const instalments = {
      graceDays: grace,
      ...(fee === 0n ? {} : { missedFee: formatAmount(fee, EUR) }),
      missedRateCut: formatRatePpm(cut),
      postponesMaturity: postpones,
      ...(closedAfter === undefined ? {} : { closedAfterMissed: closedAfter }),
    };
    const tax = [{ name: 'Tax', percent: '25', rounding: 'down' }];
    await bank.products.create(TEST_CALLER, {
      code: this.#code,
      currency: EUR,
      kind: 'recurring_deposit',
      name: 'Told',
      accounting: {},
      terms: {
        deposit: { rates, earlyClosure, maturityDay: 'same', instalments },
        interest: { ...POSTED[interest], tax },
      },
    });
    this.#customer = await bank.newCustomer();
    this.#account = await bank.newAccount({ customerId: this.#customer });
    await this.#pocket(this.#told.begins);
  }

  /** What the customer does on a day. */
  async live(on: number): Promise<void> {
    const { opens, closes, comes, pays, instalment: amountMinor, termDays } = this.#told;
    const account = this.#account!;
    await this.#pocket(comes.filter((one) => one === on).length);
    if (on === opens) {
      const { id } = await bank.deposits.open(TEST_CALLER, {
        customerId: this.#customer!,
        product: this.#code,
        currency: EUR,
        amountMinor,
        term: { unit: 'day', count: termDays },
        frequency: 'weekly',
        fromAccountId: account,
        instruction: { onMaturity: 'pay_out', payoutAccountId: account },
      });
      this.#deposit = id;
    }
    const id = this.#deposit;
    if (id !== undefined && pays.includes(on)) {
      await bank.instalments.pay(TEST_CALLER, id, { fromAccountId: account }).catch(ofRefusal);
    }
    if (id !== undefined && on === closes) await bank.deposits.close(TEST_CALLER, id, {}).catch(ofRefusal);
    this.#model.act(on);
  }

  async #pocket(instalments: number): Promise<void> {
    if (instalments === 0) return;
    const amountMinor = this.#told.instalment * BigInt(instalments);
    const cash = { accountId: this.#account!, amountMinor, currency: EUR, mode: 'cash' } as const;
    await bank.transactions.deposit({ caller: TEST_CALLER, idempotencyKey: newKey(), ...cash });
  }

  /** That the bank has what the model has. */
  async assertSame(on: number, what: string): Promise<void> {
    this.#model.end(on);
    const { rows } = await sql<{ owner: bigint; held: bigint; accrued: bigint }>`
      select o.balance_minor as owner, coalesce(d.balance_minor, 0) as held, coalesce(i.credit_minor, 0) as accrued
      from ledger_accounts o
      left join ledger_accounts d on d.book_id = o.book_id and d.ledger_account_id = ${this.#deposit ?? null}
      left join interest_positions i on i.book_id = o.book_id and i.account_id = ${this.#deposit ?? null}
      where o.book_id = 1 and o.ledger_account_id = ${this.#account!}`.execute(bank.db);
    assert.deepEqual(rows[0], this.#model.outcome, `${what}: ${JSON.stringify(this.#told, textOf)}`);
  }
}

/** A refusal by the rules that the model has too: the balances say whether it agrees. */
function ofRefusal(error: unknown): void {
  const { code } = error as { readonly code?: string };
  const known = ['instalment_not_due', 'insufficient_funds', 'deposit_over', 'deposit_matures'];
  if (code === undefined || !known.includes(code)) throw error;
}

const textOf = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

test('whatever happens to recurring deposits, the bank has what a model of them has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(told, { minLength: 8, maxLength: 12 }), async (stories) => {
      const { businessDate: firstDay } = await bank.calendar.today();
      const lives = stories.map((one) => new Life(one, firstDay));
      for (const life of lives) await life.begin();
      for (let on = 0; on < DAYS; on += 1) {
        for (const life of lives) await life.live(on);
        await bank.endOfDay.closeThrough(TEST_CALLER, addDays(firstDay, on));
        for (const [index, life] of lives.entries())
          await life.assertSame(on, `deposit ${index} on day ${on}`);
      }
      assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
    }),
    { numRuns: propertyRuns(2), endOnFailure: true },
  );
});
