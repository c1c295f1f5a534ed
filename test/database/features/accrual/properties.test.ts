import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { verifyInterest } from '#features/accrual/contract.ts';
import { FlorinError } from '#lib/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import { addDays, type IsoDate, isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { type DatedTerms, type Life, outcomeOf, type Terms } from './model.ts';

/** Days of a story: over the ends of two months. */
const DAYS = 36;
const ACCOUNTS = 8;

const bank = await openTestBank();
await bank.calendar.setDate(TEST_CALLER, isoDate('2028-02-24'), { isConfirmed: true });

const rate = fc.integer({ min: -5_000, max: 90_000 }).map((ppm) => {
  const text = String(Math.abs(ppm)).padStart(5, '0');
  return `${ppm < 0 ? '-' : ''}${text.slice(0, -4)}.${text.slice(-4)}`;
});
const positive = fc.integer({ min: 0, max: 199_999 }).map((ppm) => {
  const text = String(ppm).padStart(5, '0');
  return `${text.slice(0, -4)}.${text.slice(-4)}`;
});
const tiers = fc.oneof(
  rate.map((one) => [{ upTo: null, rate: one }]),
  fc.tuple(rate, rate, rate).map(([low, middle, high]) => [
    { upTo: 100_000n, rate: low },
    { upTo: 100_001n, rate: middle },
    { upTo: null, rate: high },
  ]),
);
const terms: fc.Arbitrary<Terms> = fc.record({
  tiers,
  tierMode: fc.constantFrom('band', 'whole'),
  dayCount: fc.constantFrom('actual/365', 'actual/360', 'actual/actual', '30E/360'),
  basis: fc.constantFrom('end_of_day', 'end_of_day', 'period_minimum', 'average_daily'),
  minimum: fc.constantFrom(0n, 50_000n),
  posting: fc.constantFrom('monthly', 'monthly', 'quarterly', 'daily'),
  rounding: fc.constantFrom('half_even', 'half_up', 'down'),
  tax: fc.boolean(),
  overdraft: fc.option(fc.record({ arranged: positive, unarranged: positive })),
});

const amount = fc.oneof(
  fc.bigInt(1n, 9_999n),
  fc.constantFrom(99_999n, 100_000n, 100_001n),
  fc.bigInt(1n, 900_000_000n),
);
const back = fc.oneof(fc.constant(0), fc.integer({ min: -45, max: 6 }));
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('in' as const), amount, back }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('out' as const), amount, back }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('limit' as const), amount }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('freeze' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('post' as const) }) },
);
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;
const story = fc.record({
  terms,
  later: fc.option(fc.record({ day: fc.integer({ min: 1, max: DAYS - 2 }), rates: tiers })),
  opens: fc.integer({ min: 0, max: 12 }),
  acts: fc.array(fc.record({ day: fc.integer({ min: 0, max: DAYS - 1 }), act }), {
    minLength: 6,
    maxLength: 18,
  }),
});
type Story = typeof story extends fc.Arbitrary<infer One> ? One : never;

const cents = (minor: bigint): string => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;

function interestOf(of: Terms): object {
  const { minimum, overdraft, tax, ...rest } = of;
  const parts = [
    { name: 'Tax', percent: '25', rounding: 'down' },
    { name: 'Surcharge', percentOfTax: '5.5', rounding: 'down' },
  ];
  return {
    ...rest,
    tiers: of.tiers.map(({ upTo, rate: percent }) => ({
      upTo: upTo === null ? null : cents(upTo),
      rate: percent,
    })),
    minimumBalance: cents(minimum),
    ...(tax ? { tax: parts } : {}),
    ...(overdraft === null
      ? {}
      : { overdraft: { arrangedRate: overdraft.arranged, unarrangedRate: overdraft.unarranged } }),
  };
}

let products = 0;

/** An account, and what happens to it. */
class Told {
  readonly #story: Story;
  readonly #firstDay: IsoDate;
  readonly #dated: DatedTerms[];
  readonly #moves: Life['moves'][number][] = [];
  readonly #limits: Life['limits'][number][] = [];
  readonly #code: string;
  #id: AccountId | undefined;
  #openedOn: IsoDate | undefined;
  #limit = 0n;

  constructor(told: Story, firstDay: IsoDate) {
    [this.#story, this.#firstDay] = [told, firstDay];
    this.#dated = [{ from: firstDay, terms: told.terms }];
    products += 1;
    this.#code = `earning_${products}`;
  }

  async define(): Promise<void> {
    const shared = { currency: EUR, kind: 'current', name: 'Earning', accounting: {} } as const;
    const overdraft = { allowed: true };
    const given = { overdraft, interest: interestOf(this.#story.terms) };
    await bank.products.create(TEST_CALLER, { ...shared, code: this.#code, terms: given });
    if (this.#story.later === null) return;
    const effectiveFrom = addDays(this.#firstDay, this.#story.later.day);
    const changed = { ...this.#story.terms, tiers: this.#story.later.rates };
    this.#dated.push({ from: effectiveFrom, terms: changed });
    const version = { currency: EUR, effectiveFrom, appliesTo: 'all_accounts' } as const;
    const next = { overdraft, interest: interestOf(changed) };
    await bank.products.addVersion(TEST_CALLER, this.#code, { ...version, terms: next });
  }

  /** What happens on a day, before its end. */
  async live(day: number, today: IsoDate): Promise<void> {
    if (day === this.#story.opens) {
      const customerId = await bank.newCustomer();
      const request = { customerId, product: this.#code, currency: EUR, overdraftLimitMinor: 0n };
      this.#id = (await bank.accounts.open(TEST_CALLER, request)).id;
      this.#openedOn = today;
    }
    if (this.#id === undefined) return;
    for (const one of this.#story.acts) if (one.day === day) await this.#does(this.#id, one.act, today);
    // The end of a day notes the limits of accounts that have a line.
    if (this.#moves.length > 0) this.#limits.push({ from: today, limit: this.#limit });
  }

  async #does(id: AccountId, one: Act, today: IsoDate): Promise<void> {
    const request = {
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      accountId: id,
      currency: EUR,
      mode: 'cash',
    } as const;
    switch (one.do) {
      case 'in':
      case 'out': {
        const valueDate = addDays(today, one.back);
        const move = { ...request, amountMinor: one.amount, valueDate };
        const isDone = await succeeds(
          one.do === 'in' ? bank.transactions.deposit(move) : bank.transactions.withdraw(move),
        );
        if (isDone) this.#moves.push({ valueDate, amount: one.do === 'in' ? one.amount : -one.amount });
        return;
      }
      case 'limit': {
        const change = { overdraftLimitMinor: one.amount };
        if (await succeeds(bank.accounts.change(TEST_CALLER, id, '*', change))) this.#limit = one.amount;
        return;
      }
      case 'freeze':
        await succeeds(bank.accounts.freeze(TEST_CALLER, id, { reason: 'court' }));
        return;
      case 'post':
        await bank.interest.post(TEST_CALLER, id);
    }
  }

  /** Compares what was posted and has accrued with the model. */
  async check(through: IsoDate): Promise<void> {
    if (this.#id === undefined || this.#openedOn === undefined) return;
    const rows = await postedSums(this.#id);
    const ends = new Set(rows.map(({ to }) => to));
    const life = {
      openedOn: this.#openedOn,
      terms: this.#dated,
      moves: this.#moves,
      limits: this.#limits,
      ends,
    };
    const expected = outcomeOf(life, through);
    const nothing = { credit: 0n, debit: 0n, tax: 0n };
    for (const [to, sums] of expected.posted) {
      const { to: _, ...got } = rows.find((row) => row.to === to) ?? { to, ...nothing };
      assert.deepEqual(got, sums, `${this.#code}: posted of the period to ${to}`);
    }
    assert.ok(
      rows.every(({ to }) => expected.posted.has(to)),
      'nothing else was posted',
    );
    assert.deepEqual(
      await accruedOf(this.#id),
      expected.accrued,
      `${this.#code}: accrued through ${through}`,
    );
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

async function postedSums(id: AccountId) {
  const { rows } = await sql<{ to: string; credit: bigint; debit: bigint; tax: bigint }>`
    select period_to as "to", sum(credit_minor)::bigint as credit,
      sum(arranged_minor + unarranged_minor)::bigint as debit, sum(withheld.minor)::bigint as tax
    from interest_postings cross join lateral (
      select coalesce(sum((part ->> 1)::bigint), 0) as minor from jsonb_array_elements(tax) as part) as withheld
    where account_id = ${id} group by period_to order by 1`.execute(bank.db);
  return rows;
}

async function accruedOf(id: AccountId) {
  const { rows } = await sql<{ credit: bigint; debit: bigint }>`
    select credit_minor as credit, debit_minor as debit from interest_positions where account_id = ${id}`.execute(
    bank.db,
  );
  return rows[0] ?? { credit: 0n, debit: 0n };
}

test('whatever happens to accounts, their interest is what a model of it says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(story, { minLength: ACCOUNTS, maxLength: ACCOUNTS }), async (stories) => {
      const { businessDate: firstDay } = await bank.calendar.today();
      const told = stories.map((one) => new Told(one, firstDay));
      for (const one of told) await one.define();
      for (let day = 0; day < DAYS; day += 1) {
        const today = addDays(firstDay, day);
        for (const one of told) await one.live(day, today);
        await bank.endOfDay.closeThrough(TEST_CALLER, today);
        if (day % 6 !== 5) continue;
        for (const one of told) await one.check(today);
        assert.equal((await verifyInterest(bank.db, 1)).brokenBy, undefined);
      }
      assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
    }),
    { numRuns: propertyRuns(1), endOnFailure: true },
  );
});
