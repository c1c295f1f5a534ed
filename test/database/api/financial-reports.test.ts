import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TrialBalanceView } from '#features/accounting/schemas.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { readPdf } from '#test/support/read-pdf.ts';

type Amount = { readonly amount: string; readonly compareAmount: string | null };
type Row = {
  readonly kind: string;
  readonly level: number;
  readonly code: string | null;
  readonly title: string;
  readonly amount: string | null;
  readonly compareAmount: string | null;
};
type Report = {
  readonly asOf?: string;
  readonly from?: string;
  readonly to: string;
  readonly compareFrom: string | null;
  readonly compareTo: string | null;
  readonly ownLayout: boolean;
  readonly currencies: readonly {
    readonly currency: string;
    readonly rows: readonly Row[];
    readonly totals: Readonly<Record<string, Amount>>;
  }[];
};

const api = await openApi();
const BOOKS = '/v1/accounting';

const report = async (query: string): Promise<Report> => created(await api.get<Report>(`${BOOKS}/${query}`));
const rowsOf = ({ currencies }: Report, currency = 'EUR') =>
  (currencies.find((one) => one.currency === currency)?.rows ?? []).map(
    ({ kind, level, code, title, amount }) => `${kind} ${level} ${code ?? ''} ${title}: ${amount ?? ''}`,
  );
const totalsOf = ({ currencies }: Report, currency = 'EUR') => {
  const totals = currencies.find((one) => one.currency === currency)?.totals ?? {};
  return Object.fromEntries(Object.entries(totals).map(([name, { amount }]) => [name, amount]));
};
const setDate = (businessDate: string) => api.post('/v1/business-date', { businessDate });
const line = (glAccount: string, side: string, amount: string, currency = 'EUR') => ({
  glAccount,
  side,
  amount,
  currency,
});
const book = async (debit: string, credit: string, amount: string, fields: object = {}) =>
  created(
    await api.pay(`${BOOKS}/journal-entries`, {
      reason: 'A reason',
      lines: [line(debit, 'debit', amount), line(credit, 'credit', amount)],
      ...fields,
    }),
  );
const minor = (amount = '0.00'): bigint => BigInt(amount.replace('.', ''));

for (const [code, name, accountClass, parent] of [
  ['61', 'Premises', 'expense', undefined],
  ['6100', 'Rent', 'expense', '61'],
  ['6110', 'Power', 'expense', '61'],
  ['6200', 'Wages', 'expense', undefined],
]) {
  created(await api.post(`${BOOKS}/gl-accounts`, { code, name, class: accountClass, parent }));
}
const account = await api.newAccount();

test('a year of a bank: the balance sheet balances each month, and the result of the year goes to equity', async () => {
  await book('1000', '3000', '10000.00');
  for (let month = 1; month <= 12; month += 1) {
    const key = `2026-${String(month).padStart(2, '0')}`;
    await setDate(`${key}-20`);
    await api.deposit(account, `${100 + month}.00`);
    await book('6100', '1000', '50.00');
    await book('6200', '1000', `${month}.37`);
    await book('1000', '4100', `${70 + month}.00`);
    const sheet = totalsOf(await report(`balance-sheet?asOf=${key}-20`));
    assert.equal(minor(sheet.assets), minor(sheet.liabilities) + minor(sheet.equity), key);
    const { result } = totalsOf(await report(`profit-and-loss?from=2026-01-01&to=${key}-20`));
    assert.equal(sheet.result, result, key);
  }
  await setDate('2027-01-10');
  await book('6110', '1000', '12.00', { valueDate: '2026-12-31' });
  const year = await report('profit-and-loss?from=2026-01-01&to=2026-12-31');
  assert.deepEqual(totalsOf(year), { income: '918.00', expenses: '694.44', result: '223.56' });
  const before = await report('balance-sheet?asOf=2026-12-31');
  assert.deepEqual([before.asOf, before.from], ['2026-12-31', undefined]);
  assert.deepEqual(rowsOf(before), [
    'heading 0  Assets: ',
    'line 1 1000 Cash: 11501.56',
    'total 0  Total assets: 11501.56',
    'heading 0  Liabilities: ',
    'line 1 2000 Customers’ current accounts: 1278.00',
    'total 0  Total liabilities: 1278.00',
    'heading 0  Equity: ',
    'line 1 3000 Share capital: 10000.00',
    'line 1  Result not carried over: 223.56',
    'total 0  Total equity: 10223.56',
    'subtotal 0  Liabilities and equity: 11501.56',
  ]);
  created(await api.post(`${BOOKS}/years/2026/close`, {}));
  const after = await report('balance-sheet?asOf=2026-12-31');
  assert.deepEqual(totalsOf(after), { ...totalsOf(before), result: '0.00' });
  assert.ok(rowsOf(after).includes('line 1 3100 Retained earnings: 223.56'));
  // The result of the year is what was earned in it, also after it was carried over.
  assert.deepEqual(await report('profit-and-loss?from=2026-01-01&to=2026-12-31'), year);
  await api.assertVerified();
});

test('profit and loss stands in the groups of the chart, and beside another span', async () => {
  const year = await report('profit-and-loss?from=2026-01-01&to=2026-12-31');
  assert.deepEqual(rowsOf(year), [
    'heading 0  Income: ',
    'line 1 4100 Fee income: 918.00',
    'total 0  Total income: 918.00',
    'heading 0  Expenses: ',
    'group 1 61 Premises: 612.00',
    'line 2 6100 Rent: 600.00',
    'line 2 6110 Power: 12.00',
    'line 1 6200 Wages: 82.44',
    'total 0  Total expenses: 694.44',
    'subtotal 0  Result: 223.56',
  ]);
  const months = await report('profit-and-loss?from=2026-07-01&to=2026-09-30&compareTo=2026-06-30');
  assert.deepEqual([months.compareFrom, months.compareTo], ['2026-04-01', '2026-06-30']);
  assert.deepEqual(months.currencies[0]?.totals.income, { amount: '234.00', compareAmount: '225.00' });
  const days = await report('profit-and-loss?from=2026-07-02&to=2026-07-11&compareTo=2026-06-30');
  assert.equal(days.compareFrom, '2026-06-21');
  const given = await report(
    'profit-and-loss?from=2026-07-01&to=2026-07-31&compareFrom=2026-01-01&compareTo=2026-03-31',
  );
  assert.deepEqual([given.compareFrom, given.compareTo], ['2026-01-01', '2026-03-31']);
  assert.deepEqual((await report('profit-and-loss?asOf=2026-03-20')).from, '2026-01-01');
});

test('a cash flow leads from the cash before to the cash after', async () => {
  const flow = await report('cash-flow?from=2026-02-01&to=2026-12-31');
  assert.deepEqual(totalsOf(flow), { opening: '10120.63', change: '1380.93', closing: '11501.56' });
  assert.deepEqual(rowsOf(flow), [
    'heading 0  Operating activities: ',
    'line 1  Result: 203.93',
    'line 1 2000 Customers’ current accounts: 1177.00',
    'total 0  Total operating activities: 1380.93',
    'heading 0  Financing activities: ',
    'total 0  Total financing activities: 0.00',
    'subtotal 0  Change in cash: 1380.93',
  ]);
  const path = `${BOOKS}/cash-flow?from=2026-02-01&to=2026-12-31`;
  const lines = (await api.get(`${path}&format=csv`)).text.trim().split('\n');
  assert.equal(lines[1], 'EUR,opening,0,,Cash at the beginning,10120.63,');
  assert.equal(lines.at(-1), 'EUR,closing,0,,Cash at the end,11501.56,');
  const { text } = readPdf((await api.get(`${path}&format=pdf`)).bytes);
  for (const amount of ['10120.63', '11501.56']) assert.ok(text.includes(amount), amount);
});

test('a trial balance of a span opens, moves and closes', async () => {
  const { from, lines } = created(
    await api.get<TrialBalanceView>(`${BOOKS}/trial-balance?from=2026-12-01&to=2026-12-31`),
  );
  assert.equal(from, '2026-12-01');
  const rows = lines.map((one) =>
    [
      one.code,
      one.openingDebit,
      one.openingCredit,
      one.movementDebit,
      one.movementCredit,
      one.debit,
      one.credit,
    ].join(' '),
  );
  assert.deepEqual(rows, [
    '1000 11381.93 0.00 194.00 74.37 11501.56 0.00',
    '2000 0.00 1166.00 0.00 112.00 0.00 1278.00',
    '3000 0.00 10000.00 0.00 0.00 0.00 10000.00',
    '3100 0.00 0.00 694.44 918.00 0.00 223.56',
    '4100 0.00 836.00 918.00 82.00 0.00 0.00',
    '6100 550.00 0.00 50.00 600.00 0.00 0.00',
    '6110 0.00 0.00 12.00 12.00 0.00 0.00',
    '6200 70.07 0.00 12.37 82.44 0.00 0.00',
  ]);
});

test('the bank lays a report out, and what it forgets stands at the end', async () => {
  const put = (name: string, body: object) =>
    api.raw('PUT', `${BOOKS}/layouts/${name}`, JSON.stringify(body));
  const section = (key: string, side: string, ...accounts: string[]) => ({
    kind: 'section',
    key,
    title: `The ${key}`,
    side,
    accounts,
  });
  const rows = [
    section('fees', 'credit', '4100-4199'),
    section('premises', 'debit', '61'),
    { kind: 'subtotal', key: 'margin', title: 'Margin', side: 'credit', of: ['fees', 'premises'] },
  ];
  created(await put('profit-and-loss', { rows }));
  const year = await report('profit-and-loss?from=2026-01-01&to=2026-12-31');
  assert.equal(year.ownLayout, true);
  assert.deepEqual(rowsOf(year), [
    'heading 0  The fees: ',
    'line 1 4100 Fee income: 918.00',
    'total 0  Total the fees: 918.00',
    'heading 0  The premises: ',
    'group 1 61 Premises: 612.00',
    'line 2 6100 Rent: 600.00',
    'line 2 6110 Power: 12.00',
    'total 0  Total the premises: 612.00',
    'subtotal 0  Margin: 306.00',
    'heading 0  Not in the layout: expense: ',
    'line 1 6200 Wages: 82.44',
    'total 0  Total not in the layout: expense: 82.44',
  ]);
  assert.equal(totalsOf(year).result, '223.56');
  assert.deepEqual(created(await api.get(`${BOOKS}/layouts/profit-and-loss`)), {
    report: 'profit-and-loss',
    own: true,
    rows,
    cash: [],
  });
  const [fees] = rows;
  for (const [body, fields] of [
    [{ rows: [] }, ['rows']],
    [{ rows: [fees, fees] }, ['rows[1].key']],
    [{ rows: [{ ...fees, accounts: ['41x', '4100-'] }] }, ['rows[0].accounts[0]', 'rows[0].accounts[1]']],
    [{ rows: [{ ...rows[2], of: ['nothing'] }] }, ['rows[0].of[0]']],
    [{ rows: [fees], cash: ['1000'] }, ['cash']],
  ] as const) {
    assert.deepEqual(badFields(await put('profit-and-loss', body)), fields);
  }
  assert.deepEqual(badFields(await put('cash-flow', { rows: [fees] })), ['cash']);
  refused(await put('trial-balance', { rows: [fees] }), 404, 'not_found');
});

test('reports come as CSV and as PDF', async () => {
  const query = 'balance-sheet?asOf=2026-12-31&compareTo=2026-06-30';
  const csv = await api.get(`${BOOKS}/${query}&format=csv`);
  assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/);
  assert.ok(csv.text.includes('EUR,line,1,1000,Cash,11501.56,10738.78'), csv.text);
  const pdf = await api.get(`${BOOKS}/${query}&format=pdf`);
  assert.equal(pdf.headers.get('content-disposition'), 'attachment; filename="balance-sheet-2026-12-31.pdf"');
  const { text } = readPdf(pdf.bytes);
  for (const piece of ['Balance sheet', 'Retained earnings', '11501.56'])
    assert.ok(text.includes(piece), piece);
  const balance = await api.get(`${BOOKS}/trial-balance?from=2026-01-01&format=pdf`);
  assert.ok(readPdf(balance.bytes).text.includes('Trial balance'));
  const lines = await api.get(`${BOOKS}/trial-balance?from=2026-01-01&format=csv`);
  assert.ok(lines.text.startsWith('code,name,class,currency,openingDebit'));
  if (process.env.KEEP_PDF !== undefined) {
    writeFileSync(`${process.env.KEEP_PDF}/balance-sheet.pdf`, pdf.bytes);
    writeFileSync(`${process.env.KEEP_PDF}/trial-balance.pdf`, balance.bytes);
  }
});

for (const [query, fields] of [
  ['balance-sheet?asOf=2030-01-01', ['asOf']],
  ['balance-sheet?compareTo=2030-01-01', ['compareTo']],
  ['balance-sheet?from=2026-01-01', ['from']],
  ['profit-and-loss?to=2030-01-01', ['to']],
  ['profit-and-loss?from=2026-02-01&to=2026-01-01', ['to']],
  ['profit-and-loss?from=2027-02-01', ['from']],
  ['cash-flow?format=xml', ['format']],
  ['cash-flow?currency=EURO', ['currency']],
  ['trial-balance?from=2027-02-01', ['from']],
] as const) {
  test(`${query} is refused`, async () => {
    assert.deepEqual(badFields(await api.get(`${BOOKS}/${query}`)), fields);
  });
}
