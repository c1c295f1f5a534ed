import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { ConversionView } from '#features/conversions/schemas.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { created, openApi, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { ConversionModel, type ModelConversion } from './model.ts';

const api = await openApi();
const CURRENCIES = ['EUR', 'USD', 'GBP', 'JPY', 'KWD'] as const;
const PAIRS: Readonly<Record<string, string>> = {
  USD: 'EUR/USD',
  GBP: 'GBP/EUR',
  JPY: 'EUR/JPY',
  KWD: 'KWD/EUR',
};

let date = isoDate('2026-03-01');
created(await api.post('/v1/business-date', { businessDate: date }));
const accounts = new Map<string, AccountView>();
for (const currency of CURRENCIES) {
  const account = await api.newAccount({ currency });
  await api.deposit(account, '900000', { currency });
  accounts.set(currency, account);
}
// One bank for all stories: what one leaves, the next goes on from.
const model = new ConversionModel();
const made: { readonly id: string; readonly conversion: ModelConversion }[] = [];

const price = fc.integer({ min: 1, max: 3_000_000 });
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('rate' as const),
      of: fc.constantFrom('USD', 'GBP', 'JPY', 'KWD'),
      bid: price,
      spread: fc.integer({ min: 0, max: 5_000 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('convert' as const),
      sold: fc.constantFrom(...CURRENCIES),
      bought: fc.constantFrom(...CURRENCIES),
      fixed: fc.constantFrom('sold' as const, 'bought' as const),
      amount: fc.integer({ min: 1, max: 50_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reverse' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end the day' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const decimal = (millionths: number): string =>
  `${Math.floor(millionths / 10_000)}.${String(millionths % 10_000).padStart(4, '0')}`;
/** The middle of two prices of four decimals, exactly. */
const middle = (one: number, other: number): string => {
  const sum = one + other;
  return `${Math.floor(sum / 20_000)}.${String((sum % 20_000) * 5).padStart(5, '0')}`;
};

async function setRate(of: string, bid: number, spread: number): Promise<void> {
  const pair = PAIRS[of] ?? '';
  const quotes = { pair, bid: decimal(bid), ask: decimal(bid + spread) };
  created(await api.post('/v1/exchange-rates', quotes));
  model.rates.set(of, { ...quotes, mid: middle(bid, bid + spread) });
}
for (const currency of ['USD', 'GBP', 'JPY', 'KWD']) await setRate(currency, 12_345, 50);

async function convert({ sold, bought, fixed, amount }: Extract<Step, { do: 'convert' }>): Promise<void> {
  if (sold === bought) return;
  const expected = model.quote(sold, bought, fixed, BigInt(amount));
  const currency = fixed === 'sold' ? sold : bought;
  const answer = await api.pay<ConversionView>('/v1/conversions', {
    fromAccountId: accounts.get(sold)?.id,
    toAccountId: accounts.get(bought)?.id,
    amount: formatAmount(BigInt(amount), requireCurrency(currency)),
    currency,
  });
  if (expected.soldMinor === 0n || expected.boughtMinor === 0n) {
    refused(answer, 422, 'conversion_too_small');
    return;
  }
  if (answer.status === 422) {
    refused(answer, 422, 'insufficient_funds');
    return;
  }
  const view = created(answer);
  assert.equal(view.sold, formatAmount(expected.soldMinor, requireCurrency(sold)));
  assert.equal(view.bought, formatAmount(expected.boughtMinor, requireCurrency(bought)));
  model.book(expected, 1n);
  made.push({ id: view.id, conversion: expected });
}

async function reverse(which: number): Promise<void> {
  const [taken] = made.splice(which % Math.max(made.length, 1), 1);
  if (taken === undefined) return;
  const answer = await api.pay(`/v1/transactions/${taken.id}/reverse`, { reason: 'by mistake' });
  if (answer.status === 422) refused(answer, 422, 'insufficient_funds');
  else {
    created(answer);
    model.book(taken.conversion, -1n);
  }
}

type Positions = { readonly positions: readonly { currency: string; position: string; bookValue: string }[] };
type ProfitAndLoss = {
  readonly currencies: readonly { currency: string; totals: { result: { amount: string } } }[];
};

/** Each position is worth its middle rate, and all that was earned is on the lines of gains and losses. */
async function endDay(): Promise<void> {
  await api.bank.endOfDay.closeThrough(TEST_CALLER, date);
  const { positions } = created(await api.get<Positions>(`/v1/accounting/positions?asOf=${date}`));
  for (const { currency, position, bookValue } of positions) {
    assert.equal(position, formatAmount(model.has.get(currency) ?? 0n, requireCurrency(currency)));
    assert.equal(
      bookValue,
      formatAmount(model.worth(currency), requireCurrency('EUR')),
      `${currency} ${date}`,
    );
  }
  const report = created(await api.get<ProfitAndLoss>(`/v1/accounting/profit-and-loss?to=${date}`));
  const result = report.currencies.find(({ currency }) => currency === 'EUR')?.totals.result.amount;
  assert.equal(result ?? '0.00', formatAmount(model.earnedMinor, requireCurrency('EUR')));
  date = addDays(date, 1);
  created(await api.post('/v1/business-date', { businessDate: date }));
}

test('whatever is converted, taken back and valued, the results are the change of what the bank has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      for (const one of steps) {
        if (one.do === 'rate') await setRate(one.of, one.bid, one.spread);
        else if (one.do === 'convert') await convert(one);
        else if (one.do === 'reverse') await reverse(one.which);
        else await endDay();
      }
      await endDay();
    }),
    { numRuns: propertyRuns(6), endOnFailure: true },
  );
  await api.assertVerified();
});
