import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PortfolioView } from '#features/loans/contract.ts';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { created, openApi } from '#test/support/api.ts';
import { Lending } from './loans.ts';

const DUE_ON = isoDate('2026-02-14');

const api = await openApi();
const lending = new Lending(api);
const setDate = async (businessDate: string) =>
  created(await api.post('/v1/business-date', { businessDate }));

// One instalment, that nobody pays.
const loan = await lending.newLoan(await api.newAccount(), {
  amount: '1200.00',
  instalments: 1,
  directDebit: false,
});
await setDate(DUE_ON);
created(await api.post('/v1/end-of-day', { until: DUE_ON }));

const EDGES = [
  [1, 'days1To30'],
  [30, 'days1To30'],
  [31, 'days31To60'],
  [60, 'days31To60'],
  [61, 'days61To90'],
  [90, 'days61To90'],
  [91, 'over90'],
] as const;
for (const [days, bucket] of EDGES) {
  test(`${days} days late: ${bucket}, by itself and in the portfolio`, async () => {
    await setDate(addDays(DUE_ON, days));
    const { daysPastDue, arrearsBucket } = await lending.get(loan);
    assert.deepEqual([daysPastDue, arrearsBucket], [days, bucket]);
    const { products } = created(await api.get<PortfolioView>('/v1/loans/portfolio'));
    const filled = products[0]?.buckets.filter(({ loans }) => loans > 0) ?? [];
    assert.deepEqual(
      filled.map((one) => [one.bucket, one.loans]),
      [[bucket, 1]],
    );
  });
}
