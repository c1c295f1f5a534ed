import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATEMENT_LAWS } from '#features/statements/contract.ts';
import type { StatementSummaryView } from '#features/statements/schemas.ts';
import { verifyLaws } from '#ledger/verify.ts';
import { fromTypeId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { readPdf } from '#test/support/read-pdf.ts';

type Line = {
  readonly type: string;
  readonly amount: string;
  readonly balanceAfter: string;
  readonly payerName: string | null;
};
type Statement = StatementSummaryView & {
  readonly holders: readonly string[];
  readonly iban: string;
  readonly lines: readonly Line[];
  readonly totals: Readonly<Record<string, string>>;
};

/* January has a deposit of 100 and a transfer of 30, February nothing, March a deposit of 5. */
const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));
const owner = await api.newCustomer({ givenName: '太郎', familyName: '山田' });
const payee = await api.newCustomer({ givenName: 'Ada', familyName: 'Byron' });
const account = await api.newAccount({ customerId: owner.id });
const other = await api.newAccount({ customerId: payee.id });
const idle = await api.newAccount({ customerId: payee.id });
await api.deposit(account, '100.00');
await api.transfer(account, other, '30.00');
const closeThrough = (date: string) => api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(date));
await closeThrough('2026-03-10');
await api.deposit(account, '5.00');
await closeThrough('2026-03-31');

const path = `/v1/accounts/${account.id}/statements`;
const read = async (number: number) => created(await api.get<Statement>(`${path}/${number}`));

test('each month’s end makes the next statement, which begins where the last one ended', async () => {
  const { data } = created(await api.get<Page<StatementSummaryView>>(path));
  assert.deepEqual(
    data.map(({ number, from, to, openingBalance, closingBalance, lineCount }) => {
      return [number, from, to, openingBalance, closingBalance, lineCount];
    }),
    [
      [3, '2026-03-01', '2026-03-31', '70.00', '75.00', 1],
      [2, '2026-02-01', '2026-02-28', '70.00', '70.00', 0],
      [1, '2026-01-15', '2026-01-31', '0.00', '70.00', 2],
    ],
  );
  const page = created(await api.get<Page<StatementSummaryView>>(`${path}?limit=2`));
  const rest = created(
    await api.get<Page<StatementSummaryView>>(`${path}?limit=2&cursor=${page.nextCursor}`),
  );
  assert.deepEqual([...page.data, ...rest.data], data);
});

test('an account without lines and balance gets none', async () => {
  const { data } = created(await api.get<Page<StatementSummaryView>>(`/v1/accounts/${idle.id}/statements`));
  assert.deepEqual(data, []);
});

test('a statement has its lines, in the order of the books, and what they come to', async () => {
  const statement = await read(1);
  assert.deepEqual(statement.holders, ['太郎 山田']);
  assert.equal(statement.iban, account.iban);
  assert.deepEqual(
    statement.lines.map(({ type, amount, balanceAfter }) => [type, amount, balanceAfter]),
    [
      ['deposit', '100.00', '100.00'],
      ['transfer', '-30.00', '70.00'],
    ],
  );
  assert.equal(statement.totals.credits, '100.00');
  assert.equal(statement.totals.debits, '30.00');
});

test('what changes later changes no statement that was made', async () => {
  const before = await read(1);
  const mirrored = `/v1/accounts/${other.id}/statements/1`;
  const paid = created(await api.get<Statement>(mirrored));
  assert.equal(paid.lines[0]?.payerName, '太郎 山田');
  const { headers } = await api.get(`/v1/customers/${owner.id}`);
  const change = { familyName: 'Suzuki' };
  created(await api.patch(`/v1/customers/${owner.id}`, change, headers.get('etag') ?? ''));
  const reversed = created(await api.get<Statement>(`/v1/accounts/${account.id}/statement`))
    .lines[1] as Line & { id: string };
  created(await api.pay(`/v1/transactions/${reversed.id}/reverse`, { reason: 'Keyed in twice' }));
  assert.deepEqual(await read(1), before);
  assert.deepEqual(created(await api.get<Statement>(mirrored)), paid);
});

test('it comes as CSV, and as a PDF in which the name can be read', async () => {
  const csv = await api.get(`${path}/1?format=csv`);
  const rows = csv.text.trim().split('\n');
  assert.equal(rows.length, 5);
  assert.match(rows[1] ?? '', /^2026-01-15,,,opening_balance,,,EUR,0\.00/);
  assert.match(csv.headers.get('content-disposition') ?? '', /statement-1\.csv/);
  const pdf = await api.get(`${path}/1?format=pdf`);
  const { text, pages } = readPdf(pdf.bytes);
  assert.equal(pages, 1);
  for (const piece of ['太', '郎', 'Account statement 1', '100.00', '70.00', 'Germany']) {
    assert.ok(text.split('\n').includes(piece), text);
  }
});

test('any period is stated as it reads now', async () => {
  const statement = created(
    await api.get<Statement>(`/v1/accounts/${account.id}/statement?from=2026-01-16&to=2026-03-31`),
  );
  assert.equal(statement.number, null);
  assert.equal(statement.openingBalance, '70.00');
  assert.equal(statement.closingBalance, '75.00');
  assert.equal(statement.lines.length, 1);
});

test('one is made on request up to a closed date, once, and the next month’s goes on after it', async () => {
  await closeThrough('2026-04-10');
  refused(await api.post(path, { to: '2026-04-11' }), 409, 'statement_date_open');
  refused(await api.post(path, { to: '2026-03-31' }), 409, 'statement_exists');
  const made = created(await api.post<StatementSummaryView>(path, {}));
  assert.deepEqual([made.number, made.from, made.to], [4, '2026-04-01', '2026-04-10']);
  refused(await api.post(path, {}), 409, 'statement_exists');
  refused(await api.post(`/v1/accounts/${idle.id}/statements`, {}), 409, 'account_statement_empty');
  await closeThrough('2026-04-30');
  const { from, to, number } = await read(5);
  assert.deepEqual([number, from, to], [5, '2026-04-11', '2026-04-30']);
});

test('several at once make one', async () => {
  await closeThrough('2026-05-05');
  await api.deposit(account, '1.00');
  await closeThrough('2026-05-07');
  const answers = await Promise.all(Array.from({ length: 5 }, () => api.post(path, {})));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
});

test('a customer reads its own, and nobody else’s', async () => {
  const customer = await api.as('customer', fromTypeId('customer', payee.id));
  refused(await customer.get(`${path}/1`), 404, 'not_found');
  refused(await customer.get(`/v1/accounts/${account.id}/statement`), 404, 'not_found');
  created(await customer.get(`/v1/accounts/${other.id}/statements/1`));
});

test('bad input is refused', async () => {
  refused(await api.get(`${path}/99`), 404, 'not_found');
  refused(await api.get(`${path}/x`), 404, 'not_found');
  assert.deepEqual(badFields(await api.get(`${path}/1?format=doc`)), ['format']);
  assert.deepEqual(badFields(await api.post(path, { to: '2026-13-01' })), ['to']);
});

test('one with more lines than a chunk of work takes has all of them', async () => {
  const busy = await api.newAccount({ customerId: owner.id });
  const items = Array.from({ length: 2_700 }, () => {
    return { type: 'deposit', accountId: busy.id, mode: 'online', amount: '1.00', currency: 'EUR' };
  });
  created(await api.pay('/v1/transactions/batch', { mode: 'atomic', items }));
  await closeThrough('2026-05-31');
  const busyPath = `/v1/accounts/${busy.id}/statements/1`;
  const statement = created(await api.get<Statement>(busyPath));
  assert.equal(statement.lines.length, 2_700);
  assert.deepEqual(statement.lines.at(-1)?.balanceAfter, '2700.00');
  const csv = await api.get(`${busyPath}?format=csv`);
  assert.equal(csv.text.trim().split('\n').length, 2_703);
});

test('the laws see a gap, a wrong balance and a missing page', async () => {
  const edits = [
    [
      'account_statements set statement_number = 9 where statement_number = 2',
      'statement_number = 2 where statement_number = 9',
    ],
    ['account_statements set closing_minor = closing_minor + 1', 'closing_minor = closing_minor - 1'],
    [
      'account_statement_pages set page_number = 9 where page_number = 3',
      'page_number = 3 where page_number = 9',
    ],
  ] as const;
  for (const [index, [edit, undo]] of edits.entries()) {
    const law = STATEMENT_LAWS.slice(index, index + 1);
    const brokenBy = async () => (await verifyLaws(api.bank.db, 1, law))[0]?.brokenBy;
    assert.equal(await brokenBy(), undefined);
    await api.asOwner(`update ${edit}`);
    assert.notEqual(await brokenBy(), undefined, edit);
    await api.asOwner(`update ${edit.split(' ')[0]} set ${undo}`);
  }
});
