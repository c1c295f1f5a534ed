import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import { LAWS } from '#bank/services.ts';
import { importBerka } from '#examples/berka/import-berka.ts';
import { verifyLaws } from '#ledger/verify.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { openTestBank, TEST_CALLER, type TestBank } from '#test/support/bank.ts';
import { countRows, SMALL_BANK, transactionFile, writeFiles, writeSmallBank } from './small-bank.ts';

/** What the small bank has become in the tables. */
const LOADED = {
  customers: 3n,
  accounts: 2n,
  account_holders: 3n,
  imports: 8n,
  imported_records: 23n,
  journal_entries: 10n,
  postings: 10n,
  transactions: 9n,
  businessDate: '1993-02-03',
  datePolicy: 'manual',
};

async function load(bank: TestBank, directory: string, ...transactionFiles: string[]) {
  return importBerka(bank.context, { directory, transactionFiles });
}

async function accountOf(bank: TestBank, externalId: string) {
  const [account] = await bank.accounts.list(TEST_CALLER, { externalId, limit: 2 });
  return account!;
}

async function assertCounts(bank: TestBank, expected: Record<string, bigint | string>): Promise<void> {
  const counts = await countRows(bank.db);
  const wanted = Object.keys(expected);
  assert.deepEqual(Object.fromEntries(wanted.map((key) => [key, counts[key]])), expected);
}

async function assertLaws(bank: TestBank): Promise<void> {
  const results = await verifyLaws(bank.db, 1, LAWS);
  assert.deepEqual(
    results.filter(({ brokenBy }) => brokenBy !== undefined),
    [],
  );
}

test('a bank is loaded: customers, accounts with holders, transactions, records of every row', async () => {
  const bank = await openTestBank();
  const summary = await load(bank, await writeSmallBank());
  const { files, elapsedMs, ...rest } = summary;
  assert.equal(files.length, 8);
  assert.ok(elapsedMs >= 0);
  assert.deepEqual(rest, {
    changed: true,
    customers: 3,
    accounts: 2,
    holders: 3,
    standingOrders: 2,
    loans: 1,
    records: 23,
    transactions: { posted: 9, repeated: 0, firstDate: '1993-01-01', lastDate: '1993-02-03' },
    currency: 'CZK',
    totals: [
      { type: 'deposit', count: 2, amountMinor: 140_000n },
      { type: 'fee', count: 1, amountMinor: 1_460n },
      { type: 'incoming_payment', count: 1, amountMinor: 50_000n },
      { type: 'interest', count: 1, amountMinor: 20n },
      { type: 'outgoing_payment', count: 1, amountMinor: 65_050n },
      { type: 'penalty_interest', count: 1, amountMinor: 70n },
      { type: 'withdrawal', count: 2, amountMinor: 14_880n },
    ],
    overdrawn: { accounts: 1, largestMinor: 15_120n },
    balances: { exact: 6, within: 3, off: 0 },
    businessDate: '1993-02-03',
  });
  await assertCounts(bank, LOADED);
  await assertLaws(bank);
});

test('a person and an account are what their rows say', async () => {
  const bank = await openTestBank();
  await load(bank, await writeSmallBank());
  const [customer] = await bank.customers.list(TEST_CALLER, { externalId: '3', limit: 2 });
  assert.deepEqual(customer!.identity, {
    type: 'person',
    givenName: 'Client',
    familyName: '3',
    dateOfBirth: '1980-01-01',
    sex: 'female',
  });
  assert.deepEqual(customer!.metadata, { district: 'Jesenik', region: 'north Moravia' });
  const account = await accountOf(bank, '2');
  const [owner] = await bank.customers.list(TEST_CALLER, { externalId: '2', limit: 2 });
  assert.equal(account.openedOn, '1993-01-04');
  assert.equal(account.product, 'current');
  assert.equal(account.currency, 'CZK');
  assert.match(account.iban ?? '', /^DE\d{20}$/);
  assert.equal(account.funds.postedMinor, 20_000n);
  assert.equal(account.funds.overdraftLimitMinor, 15_120n);
  assert.deepEqual(account.metadata, {
    branch: 'Jesenik',
    branchRegion: 'north Moravia',
    statementFrequency: 'after_each_transaction',
  });
  assert.deepEqual(account.holders, [
    { customerId: owner!.id, role: 'owner' },
    { customerId: customer!.id, role: 'authorised' },
  ]);
});

test('lines stand on their own dates in the order in which balances chain', async () => {
  const bank = await openTestBank();
  await load(bank, await writeSmallBank());
  const { id } = await accountOf(bank, '1');
  const lines = await bank.transactions.listLines(TEST_CALLER, id, { limit: 10 });
  const shown = lines.map((line) => [
    line.reference,
    line.type,
    line.mode,
    line.balanceAfterMinor,
    line.valueDate,
  ]);
  assert.deepEqual(shown, [
    ['14', 'fee', 'internal', 88_560n, '1993-01-31'],
    ['13', 'withdrawal', 'cash', 90_020n, '1993-01-31'],
    ['12', 'interest', 'internal', 100_020n, '1993-01-31'],
    ['11', 'deposit', 'cash', 100_000n, '1993-01-01'],
  ]);
  const asOf = await bank.accounts.balanceAsOf(TEST_CALLER, id, { businessDate: '1993-01-30' as IsoDate });
  assert.equal(asOf.balanceMinor, 100_000n);
  const [payment] = await bank.transactions.list(TEST_CALLER, { reference: '22', limit: 2 });
  assert.equal(payment!.state.purpose, 'household');
  assert.equal(payment!.state.counterparty?.bank, 'YZ');
  assert.equal(payment!.state.counterparty?.account, '87144583');
  assert.equal(payment!.state.businessDate, '1993-02-01');
});

test('rows are kept as they were and go with the person they are about', async () => {
  const bank = await openTestBank();
  await load(bank, await writeSmallBank());
  const { rows } = await sql<{
    content: unknown;
    line: number;
    customerId: CustomerId;
    accountId: AccountId;
  }>`
    select content, line, customer_id as "customerId", account_id as "accountId" from imported_records
    where record_type in ('berka_card', 'berka_order') order by record_id`.execute(bank.db);
  const [cardHolder] = await bank.customers.list(TEST_CALLER, { externalId: '3', limit: 2 });
  const { id: accountId } = await accountOf(bank, '2');
  assert.deepEqual(rows[0], {
    content: { card_id: '1005', disp_id: '3', type: 'classic', issued: '931107 00:00:00' },
    line: 2,
    customerId: cardHolder!.id,
    accountId,
  });
  assert.deepEqual(rows[2]!.content, {
    order_id: '29402',
    account_id: '2',
    bank_to: 'ST',
    account_to: '89597016',
    amount: '3372.70',
    k_symbol: ' ',
  });
  await bank.customers.delete(TEST_CALLER, cardHolder!.id);
  await assertCounts(bank, { imported_records: 20n, journal_entries: 10n });
});

test('a second import changes nothing and says so', async () => {
  const bank = await openTestBank();
  const directory = await writeSmallBank();
  await load(bank, directory);
  const again = await load(bank, directory, join(directory, 'trans-1993.csv'));
  assert.equal(again.changed, false);
  assert.deepEqual(
    again.files.map(({ loadedBefore }) => loadedBefore),
    Array(8).fill(true),
  );
  assert.equal(again.records, 0);
  const acts = await bank.db
    .selectFrom('audit_log')
    .select(['actor', 'operation', 'after'])
    .where('operation', '<>', 'sealStates')
    .execute();
  const after = { customers: 3, accounts: 2, loans: 1, transactions: 9 };
  assert.deepEqual(acts, [{ actor: 'import:berka', operation: 'importBerka', after }]);
  assert.equal(again.overdrawn.accounts, 0);
  await assertCounts(bank, LOADED);
});

test('the same rows in another file are the same rows', async () => {
  const bank = await openTestBank();
  const [header, ...rows] = SMALL_BANK['trans-1993.csv'];
  await load(bank, await writeSmallBank());
  const turned = await writeSmallBank({ 'trans-1993.csv': [header, ...rows.toReversed()] });
  const again = await load(bank, turned);
  assert.equal(again.changed, false);
  assert.equal(again.transactions.repeated, 9);
  await assertCounts(bank, { ...LOADED, imports: 9n });
});

test('a later file goes on where the books stand, deeper into an overdraft where it must', async () => {
  const bank = await openTestBank();
  const directory = await writeSmallBank();
  await load(bank, directory);
  const before = await accountOf(bank, '1');
  const later = await writeFiles({
    'later.csv': transactionFile(
      '31;1;940102;"VYDAJ";"VYBER";1085.70;-200.00;"";;',
      '30;1;940102;"PRIJEM";"VKLAD";0.10;885.70;"";;',
    ),
  });
  const summary = await load(bank, directory, join(later, 'later.csv'));
  assert.equal(summary.changed, true);
  assert.equal(summary.transactions.posted, 2);
  assert.deepEqual(summary.overdrawn, { accounts: 1, largestMinor: 20_000n });
  assert.deepEqual(summary.balances, { exact: 2, within: 0, off: 0 });
  assert.equal(summary.businessDate, '1994-01-02');
  const account = await accountOf(bank, '1');
  assert.equal(account.funds.postedMinor, -20_000n);
  assert.equal(account.funds.overdraftLimitMinor, 20_000n);
  assert.equal(account.version, before.version + 1);
  await assertCounts(bank, { journal_entries: 12n, imports: 9n, imported_records: 25n });
  await assertLaws(bank);
});

test('a file with old and new rows brings the new ones, and further people', async () => {
  const bank = await openTestBank();
  await load(bank, await writeSmallBank());
  const grown = await writeSmallBank({
    'client.csv': [...SMALL_BANK['client.csv'], '4;"710101";1'],
    'account.csv': [...SMALL_BANK['account.csv'], '3;1;"POPLATEK TYDNE";930203'],
    'disp.csv': [...SMALL_BANK['disp.csv'], '4;4;3;"OWNER"', '5;4;1;"DISPONENT"'],
    'trans-1993.csv': [
      ...SMALL_BANK['trans-1993.csv'],
      '26;2;930203;"PRIJEM";"";0.10;200.10;"UROK";;',
      '41;3;930204;"PRIJEM";"VKLAD";1.00;1.00;"";;',
    ],
  });
  const summary = await load(bank, grown);
  assert.deepEqual([summary.customers, summary.accounts, summary.holders], [1, 1, 2]);
  assert.deepEqual(summary.transactions, {
    posted: 2,
    repeated: 9,
    firstDate: '1993-02-03',
    lastDate: '1993-02-04',
  });
  const [, further] = (await accountOf(bank, '1')).holders;
  assert.equal(further!.role, 'authorised');
  await assertCounts(bank, { customers: 4n, accounts: 3n, account_holders: 5n, transactions: 11n });
  await assertLaws(bank);
});

test('a bank that has entries of its own keeps its date', async () => {
  const bank = await openTestBank();
  await bank.newAccount({ balanceMinor: 100n });
  const summary = await load(bank, await writeSmallBank());
  assert.equal(summary.businessDate, '2026-01-14');
  await assertCounts(bank, { businessDate: '2026-01-14', datePolicy: 'calendar', transactions: 10n });
  await assertLaws(bank);
});
