import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrialBalanceView } from '#features/accounting/schemas.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { MAX_MINOR } from '#lib/money/money.ts';
import { badFields, created, DAY_MS, openApi, type Page } from '#test/support/api.ts';
import { START_MS } from '#test/support/bank.ts';

const api = await openApi();

const trialBalance = async (query = '') =>
  created(await api.get<TrialBalanceView>(`/v1/accounting/trial-balance${query}`));

test('a bank without entries has an empty trial balance', async () => {
  assert.deepEqual(await trialBalance(), { asOf: '2026-01-14', lines: [], totals: [] });
});

test('the trial balance balances at the end of every date, in each currency', async () => {
  const { id: customerId } = await api.newCustomer();
  const current = await api.newAccount({ customerId, overdraftLimit: '50.00' });
  const savings = await api.newAccount({ customerId, product: 'savings' });
  const yen = await api.newAccount({ customerId, currency: 'JPY' });
  await api.deposit(current, '100.00');
  await api.deposit(yen, '5000', { mode: 'card' });
  api.bank.clock.setMs(START_MS + DAY_MS);
  await api.transfer(current, savings, '30.25');
  await api.withdraw(current, '10.00', { mode: 'online' });
  api.bank.clock.setMs(START_MS + 3 * DAY_MS);
  await api.withdraw(current, '100.00', { mode: 'atm' });
  const lines = async (query: string) =>
    (await trialBalance(query)).lines.map(({ code, currency, debit, credit }) => [
      code,
      currency,
      debit,
      credit,
    ]);

  assert.deepEqual(await lines('?asOf=2026-01-13'), []);
  assert.deepEqual(await lines('?asOf=2026-01-14'), [
    ['1000', 'EUR', '100.00', '0.00'],
    ['1100', 'JPY', '5000', '0'],
    ['2000', 'EUR', '0.00', '100.00'],
    ['2000', 'JPY', '0', '5000'],
  ]);
  assert.deepEqual(await lines('?asOf=2026-01-16'), [
    ['1000', 'EUR', '100.00', '0.00'],
    ['1100', 'EUR', '0.00', '10.00'],
    ['1100', 'JPY', '5000', '0'],
    ['2000', 'EUR', '0.00', '59.75'],
    ['2000', 'JPY', '0', '5000'],
    ['2100', 'EUR', '0.00', '30.25'],
  ]);
  assert.deepEqual(await trialBalance(), await trialBalance('?asOf=2026-01-17'));
  assert.deepEqual(await lines(''), [
    ['1000', 'EUR', '0.00', '0.00'],
    ['1100', 'EUR', '0.00', '10.00'],
    ['1100', 'JPY', '5000', '0'],
    ['2000', 'EUR', '40.25', '0.00'],
    ['2000', 'JPY', '0', '5000'],
    ['2100', 'EUR', '0.00', '30.25'],
  ]);
  assert.deepEqual((await trialBalance()).totals, [
    { currency: 'EUR', debit: '40.25', credit: '40.25' },
    { currency: 'JPY', debit: '5000', credit: '5000' },
  ]);
  await api.assertVerified();
});

test('a sum that no 64 bits hold is told exactly', async () => {
  for (let index = 0; index < 3; index++) {
    await api.bank.newAccount({ currency: 'USD' as Currency, balanceMinor: MAX_MINOR });
  }
  const total = (await trialBalance()).totals.find(({ currency }) => currency === 'USD');
  assert.deepEqual(total, {
    currency: 'USD',
    debit: '276701161105643274.21',
    credit: '276701161105643274.21',
  });
});

for (const asOf of ['', '2026-02-29', 'today', '2026-01-14T00:00:00Z', '20260114']) {
  test(`a trial balance as of ${JSON.stringify(asOf)} is refused`, async () => {
    assert.deepEqual(badFields(await api.get(`/v1/accounting/trial-balance?asOf=${asOf}`)), ['asOf']);
  });
}

test('the chart of accounts has every class, by code', async () => {
  type Line = { code: string; class: string };
  const { data } = created(await api.get<Page<Line>>('/v1/accounting/ledger-accounts'));
  assert.deepEqual(
    data.map(({ code, class: accountClass }) => `${code} ${accountClass}`),
    [
      '1000 asset',
      '1100 asset',
      '1200 asset',
      '1210 asset',
      '1220 asset',
      '1230 asset',
      '1290 asset',
      '1300 asset',
      '1310 asset',
      '1900 asset',
      '1910 asset',
      '2000 liability',
      '2100 liability',
      '2300 liability',
      '2400 liability',
      '2450 liability',
      '2500 liability',
      '2600 liability',
      '2610 liability',
      '2620 liability',
      '3000 equity',
      '3100 equity',
      '3900 equity',
      '4000 income',
      '4010 income',
      '4020 income',
      '4100 income',
      '4200 income',
      '4300 income',
      '5000 expense',
      '5100 expense',
      '5200 expense',
    ],
  );
});

test('the business date is today in the bank’s time zone', async () => {
  type Answer = { businessDate: string };
  const at = async (nowMs: number) => {
    api.bank.clock.setMs(nowMs);
    return created(await api.get<Answer>('/v1/business-date')).businessDate;
  };
  assert.equal(await at(Date.UTC(2026, 2, 1, 22, 59, 59)), '2026-03-01');
  assert.equal(await at(Date.UTC(2026, 2, 1, 23)), '2026-03-02');
  // In summer Berlin is two hours ahead.
  assert.equal(await at(Date.UTC(2026, 6, 1, 21, 59, 59)), '2026-07-01');
  assert.equal(await at(Date.UTC(2026, 6, 1, 22)), '2026-07-02');
});
