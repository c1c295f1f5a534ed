import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { FeeView } from '#features/charges/schemas.ts';
import type { StatementInterestView } from '#features/statements/interest.ts';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi, type Page, type TestApi } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { readPdf } from '#test/support/read-pdf.ts';

type Fields = Readonly<Record<string, unknown>>;
type Statement = {
  readonly interest: StatementInterestView;
  readonly totals: Readonly<Record<string, string>>;
};

const api = await openApi();
const american = await openApi({
  country: 'US',
  bankCode: '122105155',
  timeZone: 'America/New_York',
});

const define = async (bank: TestApi, product: Fields): Promise<void> => {
  created(await bank.post('/v1/products', { currency: 'EUR', kind: 'savings', name: 'Product', ...product }));
};
const setRate = async (rate: string, validFrom: string): Promise<void> => {
  created(await api.raw('PUT', '/v1/reference-rates/BASE', JSON.stringify({ rate, validFrom })));
};
const closeThrough = (bank: TestApi, date: string) =>
  bank.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(date));
const interestOf = async (bank: TestApi, path: string): Promise<StatementInterestView> =>
  created(await bank.get<Statement>(path)).interest;

created(await api.post('/v1/business-date', { businessDate: '2026-02-01' }));
await closeThrough(api, '2026-01-31');

const tiers = [
  { upTo: '50000.00', rate: '1.5' },
  { upTo: null, rate: '2' },
];
await define(api, { code: 'tiered', interest: { tiers, posting: 'monthly' } });
await define(api, {
  code: 'overdrawn',
  kind: 'current',
  overdraft: { allowed: true },
  interest: { rate: '0', posting: 'quarterly', overdraft: { arrangedRate: '9.9', unarrangedRate: '14.9' } },
});
await setRate('2', '2026-02-01');
await define(api, {
  code: 'referred',
  interest: { reference: { code: 'BASE', margin: '0.5' }, posting: 'yearly' },
});
const tiered = await api.newAccount({ product: 'tiered', balance: '60000.00' });
const overdrawn = await api.newAccount({ product: 'overdrawn', balance: '10.00' });
const referred = await api.newAccount({ product: 'referred', balance: '10.00' });
const plain = await api.newAccount({ balance: '10.00' });
await closeThrough(api, '2026-02-13');
const version = { currency: 'EUR', appliesTo: 'all_accounts' };
created(
  await api.post('/v1/products/tiered/versions', {
    ...version,
    effectiveFrom: '2026-02-20',
    interest: { rate: '1', posting: 'monthly' },
  }),
);
await setRate('2.25', '2026-02-20');
await closeThrough(api, '2026-02-28');

test('a statement shows the rates of its days, each with its annual rate', async () => {
  const { annualRate, rates, yieldEarned } = await interestOf(api, `/v1/accounts/${tiered.id}/statements/1`);
  assert.deepEqual([annualRate, yieldEarned], ['aer', null]);
  assert.deepEqual(rates, [
    {
      from: '2026-02-01',
      to: '2026-02-19',
      tierMode: 'band',
      tiers: [
        { upTo: '50000.00', rate: '1.5', aerPercent: '1.51', apyPercent: '1.51' },
        { upTo: null, rate: '2', aerPercent: '2.02', apyPercent: '2.02' },
      ],
      overdraft: null,
    },
    {
      from: '2026-02-20',
      to: '2026-02-28',
      tierMode: 'band',
      tiers: [{ upTo: null, rate: '1', aerPercent: '1.00', apyPercent: '1.00' }],
      overdraft: null,
    },
  ]);
});

test('an overdraft has its effective annual rate, a reference rate its days', async () => {
  const [overdraft] = (await interestOf(api, `/v1/accounts/${overdrawn.id}/statements/1`)).rates;
  assert.deepEqual(overdraft?.overdraft, {
    arrangedRate: '9.9',
    arrangedEarPercent: '10.27',
    unarrangedRate: '14.9',
    unarrangedEarPercent: '15.75',
  });
  const { rates } = await interestOf(api, `/v1/accounts/${referred.id}/statements/1`);
  assert.deepEqual(
    rates.map(({ from, to, tiers: [tier] }) => [from, to, tier?.rate, tier?.aerPercent]),
    [
      ['2026-02-01', '2026-02-19', '2.5', '2.50'],
      ['2026-02-20', '2026-02-28', '2.75', '2.75'],
    ],
  );
  assert.deepEqual((await interestOf(api, `/v1/accounts/${plain.id}/statements/1`)).rates, []);
});

test('rates are in the CSV without an amount, and on paper', async () => {
  const path = `/v1/accounts/${overdrawn.id}/statements/1`;
  const csv = (await api.get(`${path}?format=csv`)).text.trim().split('\n').slice(3);
  assert.deepEqual(
    csv.map((row) => row.split(',').filter((cell) => cell !== '')),
    [
      ['2026-02-28', 'closing_balance', 'EUR', '10.00'],
      ...[
        ['interest_rate', 'EUR', 'Interest rate: 0 % a year (AER 0.00 %)'],
        ['overdraft_rate', 'EUR', 'Overdraft rate: 9.9 % a year (EAR 10.27 %)'],
        ['overdraft_rate', 'EUR', 'Overdraft rate beyond the limit: 14.9 % a year (EAR 15.75 %)'],
      ].map((cells) => ['2026-02-01', '2026-02-28', ...cells]),
    ],
  );
  const pdf = readPdf((await api.get(`/v1/accounts/${tiered.id}/statements/1?format=pdf`)).bytes);
  for (const text of [
    'From 2026-02-01 to 2026-02-19:',
    'Interest rate of the part up to 50000.00: 1.5 % a year (AER 1.51 %)',
    'Interest rate of the part above 50000.00: 2 % a year (AER 2.02 %)',
    'From 2026-02-20 to 2026-02-28:',
  ]) {
    assert.ok(pdf.text.split('\n').includes(text), pdf.text);
  }
});

test('terms and rates that come later change no statement that was made, nor the days that are over', async () => {
  const numbered = `/v1/accounts/${referred.id}/statements/1`;
  const ofPeriod = `/v1/accounts/${referred.id}/statement?from=2026-02-01&to=2026-02-28`;
  const before = [(await api.get(numbered)).text, await interestOf(api, ofPeriod)];
  await setRate('9', '2026-03-01');
  created(
    await api.post('/v1/products/referred/versions', {
      ...version,
      effectiveFrom: '2026-03-01',
      interest: { rate: '7', posting: 'monthly' },
    }),
  );
  await closeThrough(api, '2026-03-02');
  assert.deepEqual([(await api.get(numbered)).text, await interestOf(api, ofPeriod)], before);
  const { rates } = await interestOf(api, `/v1/accounts/${referred.id}/statement`);
  assert.equal(rates.at(-1)?.tiers[0]?.rate, '7');
});

test('a bank in the United States says what was earned as Regulation DD does in its example', async () => {
  /* Appendix A, part II.A: 1,500 for 15 days and 500 for 15 days earned 5.25. */
  created(await american.post('/v1/business-date', { businessDate: '2026-04-01' }));
  await closeThrough(american, '2026-03-31');
  await define(american, { code: 'dd', currency: 'USD', interest: { rate: '6.3875', posting: 'monthly' } });
  const { id: customerId } = await american.newCustomer();
  const opened = { customerId, product: 'dd', currency: 'USD' };
  const account = created(await american.post<AccountView>('/v1/accounts', opened));
  await american.deposit(account, '1500.00');
  await closeThrough(american, '2026-04-15');
  await american.withdraw(account, '1000.00');
  await closeThrough(american, '2026-04-30');
  const path = `/v1/accounts/${account.id}/statements/1`;
  const { interest, totals } = created(await american.get<Statement>(path));
  assert.equal(totals.interestEarned, '5.25');
  assert.equal(interest.annualRate, 'apy');
  assert.deepEqual(interest.yieldEarned, {
    from: '2026-04-01',
    to: '2026-04-30',
    apyEarnedPercent: '6.58',
  });
  const before = (await american.get(path)).text;
  await american.deposit(account, '100.00', { valueDate: '2026-04-20' });
  await closeThrough(american, '2026-05-02');
  assert.equal((await american.get(path)).text, before);
  const later = created(
    await american.get<Statement>(`/v1/accounts/${account.id}/statement?from=2026-05-01`),
  );
  assert.equal(later.interest.yieldEarned, null);
  const { text } = readPdf((await american.get(`${path}?format=pdf`)).bytes);
  assert.ok(text.split('\n').includes('Annual percentage yield earned: 6.58 %'), text);
  assert.ok(text.split('\n').includes('Interest rate: 6.3875 % a year (APY 6.58 %)'), text);
});

test('fees and the tax on them are in the sums, and on the certificate of the year', async () => {
  const tax = { name: 'VAT 19 %', percent: '19' };
  const fee = { code: 'atm', name: 'Cash machine', event: 'withdrawal', amount: '2.50', tax };
  await define(api, { code: 'fees', kind: 'current', fees: [fee] });
  const account = await api.newAccount({ product: 'fees', balance: '50.00' });
  await api.withdraw(account, '10.00');
  await api.withdraw(account, '10.00');
  const path = `/v1/accounts/${account.id}`;
  const sums = async () => {
    const { totals } = created(await api.get<Statement>(`${path}/statement`));
    const certificate = created(
      await api.get<Readonly<Record<string, string>>>(`${path}/interest-certificate?year=2026`),
    );
    return [totals.fees, totals.feeTaxes, totals.debits, certificate.fees, certificate.feeTaxes];
  };
  assert.deepEqual(await sums(), ['5.00', '0.96', '25.96', '5.00', '0.96']);
  const [charged] = created(await api.get<Page<FeeView>>(`${path}/fees`)).data;
  created(await api.post(`${path}/fees/${charged?.id}/refund`, { reason: 'goodwill' }));
  assert.deepEqual(await sums(), ['2.50', '0.48', '25.96', '2.50', '0.48']);
  const { text } = readPdf((await api.get(`${path}/interest-certificate?year=2026&format=pdf`)).bytes);
  for (const piece of ['Fees charged', '2.50', 'Taxes on fees', '0.48']) {
    assert.ok(text.split('\n').includes(piece), text);
  }
});
