import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi, type Page, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { readPdf } from '#test/support/read-pdf.ts';

const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-31' }));

type Fields = Readonly<Record<string, unknown>>;
type Line = { readonly type: string; readonly amount: string; readonly valueDate: string };

const define = async (code: string, interest: Fields, fields: Fields = {}): Promise<void> => {
  const product = { code, currency: 'EUR', kind: 'savings', name: 'Savings', interest, ...fields };
  created(await api.post('/v1/products', product));
};
const closeThrough = async (until: string): Promise<void> => {
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(until));
};
const open = (product: string, balance: string, fields: Fields = {}) =>
  api.newAccount({ product, balance, ...fields });
const interestOf = async ({ id }: AccountView): Promise<(readonly string[])[]> => {
  const { data } = created(await api.get<Page<Line>>(`/v1/accounts/${id}/transactions?limit=100`));
  return data
    .filter(({ type }) => ['interest', 'withholding_tax'].includes(type))
    .map(({ type, amount, valueDate }) => [valueDate, type, amount])
    .toReversed();
};
/** The balance of a line of the chart: credits less debits. */
const lineOf = async (code: string): Promise<string> => {
  type Balance = {
    readonly lines: readonly { code: string; currency: string; debit: string; credit: string }[];
  };
  const trial = created(await api.get<Balance>('/v1/accounting/trial-balance'));
  const line = trial.lines.find((one) => one.code === code && one.currency === 'EUR');
  if (line === undefined) return '0.00';
  return Number(line.credit) > 0 ? line.credit : `-${line.debit}`;
};

await closeThrough('2026-01-31');
await define('plain', { rate: '2.5', dayCount: 'actual/365', posting: 'monthly' });
await define('taxed', {
  rate: '10',
  posting: 'monthly',
  tax: [
    { name: 'Tax', percent: '25', rounding: 'down' },
    { name: 'Surcharge', percentOfTax: '5.5', rounding: 'down' },
  ],
});
const overdraft = { arrangedRate: '10', unarrangedRate: '20' };
await define('checking', { rate: '0', overdraft }, { kind: 'current', overdraft: { allowed: true } });

const plain = await open('plain', '1000.00');
const taxed = await open('taxed', '10000.00');
const drawn = await open('checking', '1.00', { overdraftLimit: '500.00' });
await api.withdraw(drawn, '401.00');

test('interest accrues in the books day by day', async () => {
  await closeThrough('2026-02-01');
  // 1,000.00 at 2.5 % for a day is 0.0685, 10,000.00 at 10 % is 2.7397.
  assert.deepEqual([await lineOf('2600'), await lineOf('5000')], ['2.81', '-2.81']);
  // 400.00 at 10 % is 0.1096.
  assert.deepEqual([await lineOf('1300'), await lineOf('4020')], ['-0.11', '0.11']);
  assert.deepEqual(await interestOf(plain), []);
});

test('at the end of a month it is posted, rounded once, and tax is withheld', async () => {
  await closeThrough('2026-02-28');
  // 28 days: 1.9178, 76.7123, and 3.0685.
  assert.deepEqual(await interestOf(plain), [['2026-03-01', 'interest', '1.92']]);
  assert.deepEqual(await interestOf(taxed), [
    ['2026-03-01', 'interest', '76.71'],
    ['2026-03-01', 'withholding_tax', '-20.22'],
  ]);
  assert.deepEqual(await interestOf(drawn), [['2026-03-01', 'interest', '-3.07']]);
  assert.deepEqual(
    [await lineOf('2600'), await lineOf('1300'), await lineOf('2610')],
    ['-0.00', '-0.00', '20.22'],
  );
  assert.equal(await api.postedBalance(plain), '1001.92');
});

test('what accounts have accrued follows from their balances', async () => {
  await closeThrough('2026-03-15');
  await api.assertVerified();
});

test('what was posted earns from the next day on', async () => {
  await closeThrough('2026-03-31');
  // 1,001.92 at 2.5 % for 31 of 365 days is 2.1274.
  assert.deepEqual((await interestOf(plain)).at(-1), ['2026-04-01', 'interest', '2.13']);
});

test('a value date in the past corrects what is not posted', async () => {
  await closeThrough('2026-04-14');
  await api.deposit(plain, '1000.00', { valueDate: '2026-04-05' });
  await closeThrough('2026-04-30');
  // 1,004.05 for 4 days and 2,004.05 for 26 days: 0.2751 + 3.5688.
  assert.deepEqual((await interestOf(plain)).at(-1), ['2026-05-01', 'interest', '3.84']);
});

test('a value date in a period that was posted posts the difference', async () => {
  await api.deposit(plain, '1000.00', { valueDate: '2026-04-21' });
  await closeThrough('2026-05-01');
  // Ten days of 1,000.00 more: 3.8440 and 0.6849 are 4.5289.
  assert.deepEqual((await interestOf(plain)).at(-1), ['2026-05-01', 'interest', '0.69']);
  await api.assertVerified();
  const [last] = created(
    await api.get<Page<TransactionView>>(`/v1/transactions?accountId=${plain.id}&type=interest`),
  ).data;
  assert.match(last?.reference ?? '', /^txn_/);
  await closeThrough('2026-05-31');
  // 3,008.58 for 31 days: 6.3881.
  assert.deepEqual((await interestOf(plain)).at(-1), ['2026-06-01', 'interest', '6.39']);
});

test('a statement on paper says once what interest is, and of which days', async () => {
  const { bytes } = await api.get(`/v1/accounts/${taxed.id}/statement?format=pdf`);
  const { text } = readPdf(bytes);
  assert.match(text, /Tax on interest, 2026-02-01 to 2026-02-28: Tax/);
  assert.doesNotMatch(text, /Interest · |Withholding tax/);
});

test('why 6.39: segments say it, and what was posted', async () => {
  type Explained = {
    readonly accruedThrough: string;
    readonly segments: readonly Record<'from' | 'to' | 'balance' | 'rate' | 'amount', string>[];
    readonly posted: readonly {
      readonly to: string;
      readonly creditInterest: string;
      readonly isCorrection: boolean;
    }[];
    readonly accrued: Record<string, string>;
    readonly tax: readonly { readonly name: string; readonly amount: string }[];
  };
  const explain = async ({ id }: AccountView, query: string) =>
    created(await api.get<Explained>(`/v1/accounts/${id}/interest${query}`));
  const { segments, posted } = await explain(plain, '?from=2026-04-01&to=2026-05-31');
  assert.deepEqual(
    segments.map(({ from, to, balance, amount }) => [from, to, balance, amount]),
    [
      ['2026-04-01', '2026-04-04', '1004.05', '0.275082191781'],
      ['2026-04-05', '2026-04-20', '2004.05', '2.196219178082'],
      ['2026-04-21', '2026-04-30', '3004.05', '2.057568493151'],
      ['2026-05-01', '2026-05-31', '3008.58', '6.388080821918'],
    ],
  );
  assert.deepEqual(
    posted.map(({ to, creditInterest, isCorrection }) => [to, creditInterest, isCorrection]),
    [
      ['2026-04-30', '3.84', false],
      ['2026-04-30', '0.69', true],
      ['2026-05-31', '6.39', false],
    ],
  );
  const cut = await explain(plain, '?from=2026-05-30&to=2026-05-30');
  assert.deepEqual(
    cut.segments.map(({ from, to }) => [from, to]),
    [['2026-05-30', '2026-05-30']],
  );
  const { tax } = await explain(taxed, '?from=2026-02-01&to=2026-02-28');
  assert.deepEqual(tax, [
    { name: 'Tax', amount: '19.17' },
    { name: 'Surcharge', amount: '1.05' },
  ]);
  refused(
    await api.get(`/v1/accounts/${plain.id}/interest?from=2026-05-02&to=2026-05-01`),
    400,
    'validation_failed',
  );
  refused(
    await api.get(`/v1/accounts/${plain.id}/interest?from=2024-05-02&to=2026-05-01`),
    400,
    'validation_failed',
  );
  const stranger = await api.as('customer', fromTypeId('customer', (await api.newCustomer()).id));
  refused(await stranger.get(`/v1/accounts/${plain.id}/interest`), 404, 'not_found');
  const none = await explain(await api.newAccount({ balance: '5.00' }), '');
  assert.deepEqual([none.accruedThrough, none.segments.length], [null, 0]);
});

test('an account with interest that is not posted is closed once it is', async () => {
  const leaving = await open('plain', '10000.00');
  await closeThrough('2026-06-02');
  await api.withdraw(leaving, '10000.00');
  const close = () => api.post(`/v1/accounts/${leaving.id}/close`, { reason: 'leaves' });
  await api.leavesNothing(async () => refused(await close(), 409, 'account_not_empty'));
  // 10,000.00 at 2.5 % for two days is 1.3699.
  created(await api.post(`/v1/accounts/${leaving.id}/post-interest`, {}));
  created(await api.post(`/v1/accounts/${leaving.id}/post-interest`, {}));
  assert.equal(await api.postedBalance(leaving), '1.37');
  refused(await close(), 409, 'account_not_empty');
  await api.withdraw(leaving, '1.37');
  created(await close());
  await api.assertVerified();
});

test('a deposit valued before interest was posted ahead of its day posts the difference', async () => {
  const early = await open('plain', '10000.00');
  await closeThrough('2026-06-04');
  created(await api.post(`/v1/accounts/${early.id}/post-interest`, {}));
  await api.deposit(early, '10000.00', { valueDate: '2026-06-04' });
  await closeThrough('2026-06-05');
  // Two days from the 3rd of June: 1.3699. A day of 10,000.00 more is 0.6849.
  assert.deepEqual(
    (await interestOf(early)).map(([, , amount]) => amount),
    ['1.37', '0.68'],
  );
  await api.assertVerified();
});

test('a reversal takes the interest back that the money earned', async () => {
  const mistaken = await open('plain', '5.00');
  const deposit = await api.deposit(mistaken, '36500.00');
  await closeThrough('2026-06-07');
  created(await api.post(`/v1/accounts/${mistaken.id}/post-interest`, {}));
  // 36,505.00 at 2.5 % for two days.
  assert.equal(await api.postedBalance(mistaken), '36510.00');
  const reverse = (valueDate: string) =>
    api.pay(`/v1/transactions/${deposit.id}/reverse`, { reason: 'of another customer', valueDate });
  await api.leavesNothing(async () => {
    refused(await reverse('2026-06-05'), 400, 'validation_failed');
    refused(await reverse('2026-06-09'), 400, 'validation_failed');
  });
  assert.equal(created(await reverse(deposit.valueDate)).valueDate, '2026-06-06');
  await closeThrough('2026-06-08');
  assert.equal(await api.postedBalance(mistaken), '5.00');
  await api.assertVerified();
});

test('interest is not reversed, whatever lines its product posts to', async () => {
  const line = { name: 'Own', control: true };
  created(await api.post('/v1/accounting/gl-accounts', { code: '2690', class: 'liability', ...line }));
  const accounting = { interestPayable: '2690' };
  const tax = [{ name: 'Tax', percent: '25' }];
  await define('own_lines', { rate: '10', posting: 'monthly', tax }, { accounting });
  const account = await open('own_lines', '36500.00');
  await closeThrough('2026-06-09');
  created(await api.post(`/v1/accounts/${account.id}/post-interest`, {}));
  const lines = created(await api.get<Page<TransactionView>>(`/v1/accounts/${account.id}/transactions`)).data;
  const posted = lines.filter(({ type }) => type !== 'deposit');
  assert.deepEqual(posted.map(({ type }) => type).toSorted(), ['interest', 'withholding_tax']);
  for (const { id } of posted) {
    const answer = await api.leavesNothing(() =>
      api.pay(`/v1/transactions/${id}/reverse`, { reason: 'by mistake' }),
    );
    assert.match(refused(answer, 422, 'not_reversible').detail, /interest.*valueDate/);
  }
});

test('interest reaches a frozen account', async () => {
  created(await api.post(`/v1/accounts/${plain.id}/freeze`, { reason: 'court order' }));
  created(await api.post(`/v1/accounts/${drawn.id}/freeze`, { reason: 'court order' }));
  await closeThrough('2026-06-30');
  assert.deepEqual((await interestOf(plain)).at(-1)?.slice(0, 2), ['2026-07-01', 'interest']);
  assert.deepEqual((await interestOf(drawn)).at(-1)?.slice(0, 2), ['2026-07-01', 'interest']);
});

test('a correction of a period whose books are closed counts from the first open date on', async () => {
  const late = await open('plain', '10000.00');
  const small = await open('plain', '1.00');
  const leaving = await open('plain', '1.00');
  await closeThrough('2026-08-31');
  const twice = await api.deposit(late, '36500.00', { valueDate: '2026-07-11' });
  for (const account of [small, leaving]) await api.deposit(account, '36500.00', { valueDate: '2026-07-30' });
  created(await api.post('/v1/accounting/periods/2026-08/close', {}));
  await api.leavesNothing(async () => {
    const money = { accountId: late.id, amount: '1.00', currency: 'EUR', mode: 'cash' };
    const valueDate = '2026-08-31';
    refused(await api.pay('/v1/deposits', { ...money, valueDate }), 409, 'period_closed');
    const taken = { reason: 'booked twice', valueDate };
    refused(await api.pay(`/v1/transactions/${twice.id}/reverse`, taken), 409, 'period_closed');
  });
  created(await api.post('/v1/business-date', { businessDate: '2026-09-02' }));
  created(await api.post(`/v1/accounts/${leaving.id}/post-interest`, {}));
  await closeThrough('2026-09-01');
  // 36,500.00 earns 2.50 a day: 21 days of July and 31 of August. What July lacked earns nothing in August.
  assert.deepEqual(
    (await interestOf(late)).map(([date, , amount]) => [date, amount]),
    [
      ['2026-08-01', '21.23'],
      ['2026-09-01', '21.28'],
      ['2026-09-01', '52.50'],
      ['2026-09-01', '77.50'],
    ],
  );
  // A cent a month and less: nothing was posted of July and August before.
  const first = [
    ['2026-09-01', 'interest', '5.00'],
    ['2026-09-01', 'interest', '77.50'],
  ];
  assert.deepEqual(await interestOf(small), first);
  assert.deepEqual(await interestOf(leaving), [...first, ['2026-09-02', 'interest', '2.51']]);
  await api.assertVerified();
  await closeThrough('2026-09-02');
  await api.assertVerified();
});

test('all of it can be counted again from the lines and the terms', () => api.assertVerified());

test('a line of overdraft interest says what was within the limit and what beyond it', async () => {
  const fees = [
    { code: 'cash', name: 'Cash', event: 'withdrawal', amount: '100.00', whenShort: 'overdraft' },
  ];
  const terms = { kind: 'current', overdraft: { allowed: true, unarrangedTolerance: '100.00' }, fees };
  await define('beyond', { rate: '0', posting: 'daily', overdraft }, terms);
  const beyond = await open('beyond', '1.00', { overdraftLimit: '500.00' });
  await api.withdraw(beyond, '501.00');
  const { businessDate } = await api.bank.endOfDay.progress();
  await closeThrough(businessDate);
  const { data } = created(
    await api.get<Page<{ type: string; description: string | null }>>(
      `/v1/accounts/${beyond.id}/transactions?limit=1`,
    ),
  );
  // 500.00 at 10 % and 100.00 at 20 %, for a day of 365.
  assert.deepEqual(
    data.map(({ description }) => description),
    [`Overdraft interest, ${businessDate}: 0.14 within the limit, 0.05 beyond it`],
  );
});
