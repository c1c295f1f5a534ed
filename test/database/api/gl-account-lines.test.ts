import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEntryView } from '#features/accounting/journal/schemas.ts';
import type { GlAccountLineView } from '#features/accounting/lines/schemas.ts';
import type { TrialBalanceView } from '#features/accounting/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { readPdf } from '#test/support/read-pdf.ts';

const api = await openApi();
const LINES = '/v1/accounting/gl-accounts';
const ENTRIES = '/v1/accounting/journal-entries';

const setDate = async (businessDate: string) =>
  created(await api.post('/v1/business-date', { businessDate }));
const linesOf = async (code: string, query = '') =>
  created(await api.get<Page<GlAccountLineView>>(`${LINES}/${code}/lines?currency=EUR&limit=100${query}`))
    .data;
const shown = (lines: readonly GlAccountLineView[]) =>
  lines.map(({ date, kind, debit, credit, balance }) => `${date} ${kind} ${debit} ${credit} ${balance}`);
const line = (glAccount: string, side: string, amount: string, currency = 'EUR') => ({
  glAccount,
  side,
  amount,
  currency,
});
const book = async (reason: string, lines: object[], valueDate?: string) =>
  created(
    await api.pay<JournalEntryView>(ENTRIES, {
      reason,
      lines,
      ...(valueDate === undefined ? {} : { valueDate }),
    }),
  );

created(await api.post(LINES, { code: '6100', name: 'Rent', class: 'expense' }));
await setDate('2026-03-01');
const [one, other] = [await api.newAccount({ balance: '100.00' }), await api.newAccount()];
await api.transfer(one, other, '40.00');
await setDate('2026-03-02');
await api.withdraw(other, '15.00');
const rent = await book('Rent', [line('6100', 'debit', '10.00'), line('1000', 'credit', '10.00')]);
await setDate('2026-03-03');
await book('=Late rent', [line('6100', 'debit', '5.00'), line('1000', 'credit', '5.00')], '2026-03-01');
const split = await book('Several', [
  line('6100', 'debit', '1.00'),
  line('1000', 'credit', '3.00'),
  line('3000', 'debit', '2.00'),
]);

test('a line of the bank’s own is read in the order of the books, with a running balance', async () => {
  const lines = await linesOf('1000');
  assert.deepEqual(shown(lines), [
    '2026-03-01 deposit 100.00 0.00 100.00',
    '2026-03-01 journal 0.00 5.00 95.00',
    '2026-03-02 withdrawal 0.00 15.00 80.00',
    '2026-03-02 journal 0.00 10.00 70.00',
    '2026-03-03 journal 0.00 3.00 67.00',
  ]);
  assert.deepEqual(
    lines.map(({ contra, reason }) => [contra.join(' '), reason]),
    [
      ['2000', null],
      ['6100', '=Late rent'],
      ['2000', null],
      ['6100', 'Rent'],
      ['3000 6100', 'Several'],
    ],
  );
});

test('a line leads to its entry', async () => {
  const last = (await linesOf('1000')).at(-1);
  assert.equal(last?.entryId, split.id);
  const entry = created(await api.get<JournalEntryView>(`${ENTRIES}/${last?.entryId}`));
  assert.equal(entry.reason, 'Several');
});

test('a control line shows what each entry moved on the accounts of customers', async () => {
  const expected = [
    '2026-03-01 deposit 0.00 100.00 100.00',
    '2026-03-01 transfer 40.00 40.00 100.00',
    '2026-03-02 withdrawal 15.00 0.00 85.00',
  ];
  assert.deepEqual(shown(await linesOf('2000')), expected);
  assert.deepEqual(
    (await linesOf('2000')).map(({ contra }) => contra.join()),
    ['1000', '', '1000'],
  );
  // With more accounts than are sorted at once, the journal is read in its order: the answer is the same.
  const all = await api.allPages<GlAccountLineView>(`${LINES}/2000/lines?currency=EUR`, 1);
  await api.asOwner(`insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency,
      balance_minor, held_minor, floor_minor, status, seq)
    select book_id, gen_random_uuid(), kind, gl_code, currency, 0, 0, 0, status, 0
    from ledger_accounts, generate_series(1, 501) where ledger_account_id = (
      select ledger_account_id from ledger_accounts where kind = 'customer' limit 1)`);
  assert.deepEqual(shown(await linesOf('2000')), expected);
  assert.deepEqual(await api.allPages(`${LINES}/2000/lines?currency=EUR`, 1), all);
  assert.deepEqual(shown(await linesOf('2000', '&from=2026-03-02')), expected.slice(2));
});

test('a span begins with the balance of the trial balance before it, and ends with that of its last day', async () => {
  const { lines } = created(
    await api.get<TrialBalanceView>('/v1/accounting/trial-balance?from=2026-03-02&to=2026-03-02'),
  );
  const cash = lines.find(({ code, currency }) => code === '1000' && currency === 'EUR');
  assert.deepEqual([cash?.openingDebit, cash?.debit], ['95.00', '70.00']);
  assert.deepEqual(shown(await linesOf('1000', '&from=2026-03-02&to=2026-03-02')), [
    '2026-03-02 withdrawal 0.00 15.00 80.00',
    '2026-03-02 journal 0.00 10.00 70.00',
  ]);
});

test('pages of any size make the same list, with dated-back entries in their place', async () => {
  const whole = await linesOf('1000');
  for (const size of [1, 2, 3]) {
    const pages = await api.allPages<GlAccountLineView>(`${LINES}/1000/lines?currency=EUR`, size);
    assert.deepEqual(pages.flat(), whole);
    assert.ok(pages.every((page) => page.length <= size));
  }
});

test('a file has all lines between two balances, and texts that a spreadsheet does not run', async () => {
  const csv = await api.get(`${LINES}/1000/lines?format=csv&currency=EUR&from=2026-03-01`);
  assert.equal(csv.headers.get('content-disposition'), 'attachment; filename="lines-1000.csv"');
  const rows = csv.text.trimEnd().split('\n');
  assert.equal(rows.length, 8);
  assert.equal(rows[1], ',opening,,,,0.00,,,');
  assert.match(rows[3] ?? '', /^2026-03-01,journal,je_\w+,0\.00,5\.00,95\.00,6100,'=Late rent,usr_/);
  assert.equal(rows[7], ',closing,,,,67.00,,,');
  const pdf = await api.get(`${LINES}/6100/lines?format=pdf`);
  const { text } = readPdf(pdf.bytes);
  for (const part of ['6100 Rent', 'Opening balance', 'Closing balance', '16.00'])
    assert.ok(text.includes(part), part);
});

test('a line that was never posted to has no lines', async () => {
  created(await api.post(LINES, { code: '6900', name: 'Sundries', class: 'expense' }));
  assert.deepEqual(created(await api.get<Page<unknown>>(`${LINES}/6900/lines`)).data, []);
  assert.match((await api.get(`${LINES}/6900/lines?format=csv`)).text, /closing/);
});

test('what does not make sense is refused', async () => {
  refused(await api.get(`${LINES}/9999/lines`), 404, 'not_found');
  created(await api.post(LINES, { code: '69', name: 'Other', class: 'expense' }));
  created(await api.patch(`${LINES}/6900`, { parent: '69' }, '*'));
  refused(await api.get(`${LINES}/69/lines`), 422, 'gl_account_is_group');
  refused(await api.get(`${LINES}/1000/lines?currency=XXX`), 400, 'validation_failed');
  assert.deepEqual(badFields(await api.get(`${LINES}/1000/lines?currency=EUR&format=csv&limit=2`)), [
    'limit',
  ]);
  assert.deepEqual(
    badFields(await api.get(`${LINES}/1000/lines?currency=EUR&from=2026-03-02&to=2026-03-01`)),
    ['to'],
  );
  assert.deepEqual(badFields(await api.get(`${LINES}/1000/lines?currency=EUR&cursor=abc`)), ['cursor']);
});

test('an entry that was taken back stays in the books beside what took it back', async () => {
  created(await api.pay(`${ENTRIES}/${rent.id}/reverse`, { reason: 'Twice', valueDate: '2026-03-02' }));
  assert.deepEqual(shown(await linesOf('6100')), [
    '2026-03-01 journal 5.00 0.00 5.00',
    '2026-03-02 journal 10.00 0.00 15.00',
    '2026-03-02 reversal 0.00 10.00 5.00',
    '2026-03-03 journal 1.00 0.00 6.00',
  ]);
});
