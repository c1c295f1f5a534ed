import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PortfolioView } from '#features/loans/contract.ts';
import type { LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

/*
 * Loans of 1,200 at 12 % in three instalments of 408.03 (interest 12.00, 8.04, 4.04; principal 396.03, 399.99), none
 * of which is paid, at the end of 20 March: one of 15 January, two instalments and 33 days late; one of 10 February,
 * one instalment and 10 days late; one of the day itself. And one of 101.00 without interest, of which 33.67 are late,
 * and less than is tolerated.
 */
const api = await openApi();
const lending = new Lending(api);

const account = await api.newAccount();
const provisioningPercent = {
  current: '1',
  days1To30: '5',
  days31To60: '25',
  days61To90: '50',
  over90: '100',
};
const household = await lending.newProduct({ name: 'Household loan', provisioningPercent });
const staff = await lending.newProduct({
  name: 'Staff loan',
  annualRatePercent: { min: '0', max: '0', default: '0' },
  arrearsTolerance: '50.00',
  provisioningPercent: { ...provisioningPercent, current: '0.5' },
});

async function lendOn(date: string, productId: string, amount = '1200.00') {
  created(await api.post('/v1/business-date', { businessDate: date }));
  const fields = { amount, instalments: 3, directDebit: false };
  const loan = created(await lending.applyTo(account, productId, fields));
  created(await lending.approve(loan));
  return created(await lending.disburse(loan));
}

const oldest = await lendOn('2026-01-15', household.id);
const late = await lendOn('2026-02-10', household.id);
await lendOn('2026-02-10', staff.id, '101.00');
const newest = await lendOn('2026-03-20', household.id);
await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-03-20'));

const portfolio = (query = '') => api.get<PortfolioView>(`/v1/loans/portfolio${query}`);

test('the portfolio of a closed date: what is lent, late, at risk and set aside, by product', async () => {
  const { asOf, products } = created(await portfolio('?asOf=2026-03-20'));
  assert.equal(asOf, '2026-03-20');
  assert.deepEqual(
    products.map(({ productName, loans, arrears }) => [productName, loans, arrears]),
    [
      ['Household loan', 3, '1224.09'],
      ['Staff loan', 1, '33.67'],
    ],
  );
  const [first] = products;
  assert.equal(first?.currency, 'EUR');
  // 20.04 due and 0.65 for five days of 31 on 403.98; 12.00 and 2.59 for ten days on 803.97.
  assert.deepEqual(first?.outstanding, {
    principal: '3600.00',
    interest: '35.28',
    fees: '0.00',
    penalties: '0.00',
    total: '3635.28',
  });
  assert.deepEqual(
    first?.buckets.map(({ bucket, loans, outstanding, arrears }) => [
      bucket,
      loans,
      outstanding.total,
      arrears,
    ]),
    [
      ['current', 1, '1200.00', '0.00'],
      ['days1To30', 1, '1214.59', '408.03'],
      ['days31To60', 1, '1220.69', '816.06'],
      ['days61To90', 0, '0.00', '0.00'],
      ['over90', 0, '0.00', '0.00'],
    ],
  );
  assert.deepEqual([first?.par30Percent, first?.par90Percent], ['33.33', '0.00']);
  assert.deepEqual([first?.provisionHeld, first?.provisionRequired], ['377.90', '377.90']);
});

test('arrears that are tolerated are none, and half a cent goes to the even one', async () => {
  const [, second] = created(await portfolio('?asOf=2026-03-20')).products;
  assert.deepEqual(
    second?.buckets.map(({ loans }) => loans),
    [1, 0, 0, 0, 0],
  );
  // 0.5 % of 101.00 is 0.505.
  assert.deepEqual([second?.provisionHeld, second?.provisionRequired], ['0.50', '0.50']);
});

test('a currency has the sum of its products', async () => {
  const { totals } = created(await portfolio('?asOf=2026-03-20'));
  assert.equal(totals.length, 1);
  const [total] = totals;
  assert.deepEqual(
    [total?.currency, total?.loans, total?.outstanding.total, total?.arrears, total?.provisionHeld],
    ['EUR', 4, '3736.28', '1257.76', '378.40'],
  );
  // 1200 of 3701.
  assert.equal(total?.par30Percent, '32.42');
});

test('what is done on the next date changes the portfolio of today, and not the one that was kept', async () => {
  const before = created(await portfolio('?asOf=2026-03-20'));
  created(await api.post('/v1/business-date', { businessDate: '2026-03-23' }));
  const { body: payoff } = await lending.payoff(late);
  created(await lending.repay(late, payoff.total ?? '', { from: 'cash' }));
  const { asOf, products } = created(await portfolio());
  assert.equal(asOf, '2026-03-23');
  const [first] = products;
  assert.deepEqual(
    [first?.loans, first?.outstanding.principal, first?.provisionHeld],
    [2, '2400.00', '317.17'],
  );
  assert.equal(first?.par30Percent, '50.00');
  assert.deepEqual(created(await portfolio('?asOf=2026-03-20')), before);
  assert.deepEqual(created(await portfolio('?asOf=2026-03-22')).products, before.products);
});

test('collateral, guarantors and co-borrowers are shown loan by loan', async () => {
  const first = () => portfolio().then((answer) => created(answer).products[0]?.security);
  const none = { collateral: '0.00', secured: '0.00', coveragePercent: '0.00' };
  assert.deepEqual(await first(), { ...none, unsecured: '2400.00', guaranteedLoans: 0, coBorrowerLoans: 0 });
  const { id: guarantor } = await api.newCustomer();
  created(
    await api.pay(`/v1/loans/${oldest.id}/parties`, {
      customerId: guarantor,
      role: 'guarantor',
      sharePercent: '50',
    }),
  );
  const item = { kind: 'vehicle', description: 'A van', valuedOn: '2026-01-10' };
  // More than the loan: what is above its principal covers no other.
  created(await api.pay(`/v1/loans/${oldest.id}/collateral`, { ...item, value: '1500.00' }));
  created(await api.pay(`/v1/loans/${newest.id}/collateral`, { ...item, value: '300.00' }));
  const secured = {
    collateral: '1800.00',
    secured: '1500.00',
    unsecured: '900.00',
    coveragePercent: '62.50',
  };
  assert.deepEqual(await first(), { ...secured, guaranteedLoans: 1, coBorrowerLoans: 0 });
  created(await api.pay(`/v1/loans/${newest.id}/collateral/1/release`, { reason: 'Replaced' }));
  assert.deepEqual((await first())?.secured, '1200.00');
});

test('dates of which nothing is known are refused', async () => {
  assert.deepEqual(badFields(await portfolio('?asOf=2026-03-24')), ['asOf']);
  refused(await portfolio('?asOf=2026-03-19'), 422, 'date_not_kept');
  assert.deepEqual(badFields(await portfolio('?asOf=today')), ['asOf']);
});

test('a list of loans has the figures of the portfolio, loan by loan', async () => {
  const { totals } = created(await portfolio());
  const { data } = created(await api.get<Page<LoanView>>('/v1/loans?status=active&order=days_past_due'));
  const cents = (of: (loan: LoanView) => string) =>
    data.reduce((sum, loan) => sum + Math.round(Number(of(loan)) * 100), 0) / 100;
  const [total] = totals;
  assert.equal(cents(({ provision }) => provision).toFixed(2), total?.provisionHeld);
  assert.equal(cents(({ outstanding }) => outstanding.principal).toFixed(2), total?.outstanding.principal);
  assert.equal(cents(({ arrears }) => arrears).toFixed(2), total?.arrears);
  assert.deepEqual(
    data.map(({ daysPastDue, arrearsBucket, arrears, provisionRequired }) => [
      daysPastDue,
      arrearsBucket,
      arrears,
      provisionRequired,
    ]),
    [
      [36, 'days31To60', '816.06', '305.27'],
      [0, 'current', '0.00', '12.01'],
      [0, 'current', '33.67', '0.50'],
    ],
  );
});

test('the ledger has what the portfolio says', async () => {
  const { totals } = created(await portfolio());
  const { lines } = created(
    await api.get<{ lines: { code: string; debit: string; credit: string }[] }>(
      '/v1/accounting/trial-balance',
    ),
  );
  const line = (code: string) => lines.find((one) => one.code === code);
  assert.equal(line('1200')?.debit, totals[0]?.outstanding.principal);
  assert.equal(line('1210')?.debit, totals[0]?.outstanding.interest);
  assert.equal(line('1290')?.credit, totals[0]?.provisionHeld);
});
