import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ImportFailedError } from '#examples/berka/errors.ts';
import { importBerka } from '#examples/berka/import-berka.ts';
import { isoDate } from '#lib/time/dates.ts';
import { newKey, openTestBank, TEST_CALLER, type TestBank } from '#test/support/bank.ts';
import {
  type BankFiles,
  countRows,
  SMALL_BANK,
  transactionFile,
  writeFiles,
  writeSmallBank,
} from './small-bank.ts';

const bank = await openTestBank();

/** Imports the bank with some of its files exchanged, and returns the problems; nothing may be left behind. */
async function problemsOf(files: Partial<BankFiles>, ...transactionFiles: string[]): Promise<string[]> {
  const directory = await writeSmallBank(files);
  return failingProblems(bank, directory, transactionFiles);
}

async function failingProblems(
  on: TestBank,
  directory: string,
  transactionFiles: string[],
): Promise<string[]> {
  const counts = await countRows(on.db);
  let problems: readonly string[] = [];
  await assert.rejects(importBerka(on.context, { directory, transactionFiles }), (error) => {
    assert.ok(error instanceof ImportFailedError, String(error));
    assert.equal(error.code, 'import_failed');
    assert.ok(error.message.includes(error.problems[0]!));
    problems = error.problems;
    return true;
  });
  assert.deepEqual(await countRows(on.db), counts);
  return problems.map((problem) => problem.replaceAll(`${directory}/`, ''));
}

const DEPOSIT = '31;1;930301;"PRIJEM";"VKLAD";100.00;985.70;"";;';
const changed = (from: string, to: string) => {
  assert.ok(DEPOSIT.includes(from));
  return DEPOSIT.replace(from, to);
};

test('a bad row of a transaction file is named with its file and line, and nothing is loaded', async () => {
  const cases: [string, string][] = [
    [changed('31;1;', '31;99;'), 'unknown account 99'],
    [changed('930301', '930230'), 'date "930230" is not a date (YYMMDD)'],
    [changed('100.00', '-5'), 'amount "-5" is not a positive amount with at most two decimals'],
    [changed('100.00', '0'), 'amount "0" is not a positive amount with at most two decimals'],
    [changed('100.00', '1.234'), 'amount "1.234" is not a positive amount with at most two decimals'],
    [changed('100.00', 'abc'), 'amount "abc" is not a positive amount with at most two decimals'],
    [changed('985.70', ''), 'balance "" is not an amount with at most two decimals'],
    [changed('PRIJEM', 'GIFT'), 'type "GIFT" is unknown'],
    [changed('VKLAD', 'SKOK'), 'operation "SKOK" is unknown'],
    [changed('"";;', '"XXX";;'), 'k_symbol "XXX" is unknown'],
    [changed('31;', 'x31;'), 'trans_id "x31" is not an id'],
    [changed('31;', '11;'), 'transaction 11 is in trans-1993.csv:2 already'],
    [changed(';;', ';'), 'has 9 columns instead of 10'],
    [`${DEPOSIT};1`, 'has 11 columns instead of 10'],
    [changed('VKLAD', 'VK\u0000LAD'), 'holds characters that are not text'],
    [changed('"VKLAD"', '"VKLAD'), 'is not a row (CSV_QUOTE_NOT_CLOSED)'],
    [changed('"VKLAD"', '"VK"LAD"'), 'is not a row (CSV_INVALID_CLOSING_QUOTE)'],
  ];
  for (const [row, message] of cases) {
    const problems = await problemsOf({ 'trans-1993.csv': [...SMALL_BANK['trans-1993.csv'], row] });
    assert.deepEqual(problems, [`trans-1993.csv:11: ${message}`]);
  }
});

test('a bad row of any other file is named too', async () => {
  const cases: [keyof BankFiles, string, string][] = [
    ['district.csv', '70;"";"Prague";1;0;0;0;1;1;1;1;1;1;1;1;1', 'A2 is empty'],
    ['client.csv', '4;"706313";1', 'birth_number "706313" is not one (YYMMDD)'],
    ['client.csv', '4;"700101";5', 'unknown district 5'],
    ['client.csv', '3;"700101";1', 'client 3 is in client.csv:4 already'],
    ['account.csv', '3;1;"DAILY";930101', 'frequency "DAILY" is unknown'],
    ['account.csv', '3;1;"POPLATEK TYDNE";930101', 'account 3 has no owner in disp.csv'],
    ['disp.csv', '4;1;2;"FRIEND"', 'type "FRIEND" is unknown'],
    ['disp.csv', '4;1;2;"OWNER"', 'account 2 has an owner already'],
    ['disp.csv', '4;3;2;"DISPONENT"', 'client 3 is named for account 2 before'],
    ['disp.csv', '4;9;2;"DISPONENT"', 'unknown client 9'],
    ['order.csv', '1;7;"YZ";"1";1.00;""', 'unknown account 7'],
    ['order.csv', '1;1;"YZ";"1";0.00;""', 'amount "0.00" is not a positive amount with at most two decimals'],
    ['loan.csv', '1;1;930705;1000;12;100.00;"E"', 'status "E" is unknown'],
    ['card.csv', '1;8;"gold";931107 00:00:00', 'unknown disposition 8'],
    ['card.csv', '1;1;"gold";931107', 'issued "931107" is not YYMMDD 00:00:00'],
  ];
  for (const [name, row, message] of cases) {
    const problems = await problemsOf({ [name]: [...SMALL_BANK[name], row] });
    assert.deepEqual(problems, [`${name}:${SMALL_BANK[name].length + 1}: ${message}`]);
  }
});

test('problems of all files come together, without those that only follow from another', async () => {
  const problems = await problemsOf({
    'account.csv': [
      SMALL_BANK['account.csv'][0],
      '1;1;"POPLATEK MESICNE";930199',
      SMALL_BANK['account.csv'][2],
    ],
    'trans-1993.csv': [...SMALL_BANK['trans-1993.csv'], changed('930301', '931301'), changed('31;1', '32;5')],
  });
  assert.deepEqual(problems, [
    'account.csv:2: date "930199" is not a date (YYMMDD)',
    'trans-1993.csv:11: date "931301" is not a date (YYMMDD)',
    'trans-1993.csv:12: unknown account 5',
  ]);
});

test('no more than twenty problems are listed, and all are counted', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => `${100 + index};1;930301;"PRIJEM";"VKLAD";0;0;"";;`);
  const directory = await writeSmallBank({ 'trans-1993.csv': transactionFile(...rows) });
  await assert.rejects(importBerka(bank.context, { directory, transactionFiles: [] }), (error) => {
    assert.ok(error instanceof ImportFailedError);
    assert.equal(error.problems.length, 20);
    assert.equal(error.problemCount, 30);
    assert.match(error.message, /\(and 29 more\)$/);
    return true;
  });
});

test('a file that is missing, empty or of another form is named', async () => {
  const [, ...headless] = SMALL_BANK['loan.csv'];
  assert.match(
    (await problemsOf({ 'loan.csv': headless }))[0]!,
    /^loan.csv:1: must begin with the columns loan_id;/,
  );
  assert.deepEqual(await problemsOf({ 'loan.csv': [] }), ['loan.csv: is empty']);
  const { 'loan.csv': _, ...others } = SMALL_BANK;
  const directory = await writeFiles(others);
  assert.deepEqual(await failingProblems(bank, directory, []), ['loan.csv: cannot be read (ENOENT)']);
  assert.deepEqual(await problemsOf({}, '/nowhere/trans.csv'), [
    '/nowhere/trans.csv: cannot be read (ENOENT)',
  ]);
  const nowhere = await failingProblems(bank, '/nowhere', []);
  assert.deepEqual(nowhere, ['/nowhere: is not a directory that can be read (ENOENT)']);
});

test('an externalId that the book knows from elsewhere is not taken over', async () => {
  const other = await openTestBank();
  const id = await other.newCustomer();
  await other.customers.change(TEST_CALLER, id, 1, { externalId: '2' });
  const problems = await failingProblems(other, await writeSmallBank(), []);
  assert.deepEqual(problems, [
    'client.csv:3: the book has customers of another origin with the externalId 2',
  ]);
});

test('a transaction after the date of a bank that follows the calendar is refused', async () => {
  const other = await openTestBank();
  const customerId = await other.newCustomer();
  other.clock.setMs(Date.UTC(1993, 0, 15, 12));
  await other.db
    .updateTable('books')
    .set({ business_date: isoDate('1993-01-15') })
    .execute();
  await other.newAccount({ customerId, balanceMinor: 100n });
  const problems = await failingProblems(other, await writeSmallBank(), []);
  assert.equal(problems.length, 7);
  assert.equal(problems[0], "trans-1993.csv:4: 1993-01-31 is after the bank's business date 1993-01-15");
});

test('once loaded, a row may not change, dates may not go back and closed accounts stay closed', async () => {
  const loaded = await openTestBank();
  // An account is not closed while its loan runs.
  const repaid = { 'loan.csv': SMALL_BANK['loan.csv'].map((row) => row.replace('"B"', '"A"')) };
  const first = await writeSmallBank(repaid);
  await importBerka(loaded.context, { directory: first, transactionFiles: [] });
  const attempt = async (row: string) => {
    const later = await writeFiles({ 'later.csv': transactionFile(row) });
    const problems = await failingProblems(loaded, first, [join(later, 'later.csv')]);
    return problems.map((problem) => problem.replace(`${later}/`, ''));
  };
  const deposit = SMALL_BANK['trans-1993.csv'][1];
  assert.deepEqual(await attempt(deposit.replace('"VKLAD";1000.00', '"VKLAD";1000.01')), [
    'later.csv:2: transaction 11 is in trans-1993.csv:2 already',
  ]);
  assert.deepEqual(await attempt(changed('930301', '930130')), [
    'later.csv:2: account 1 has entries after 1993-01-30 already',
  ]);
  const [account] = await loaded.accounts.list(TEST_CALLER, { externalId: '1', limit: 1 });
  await loaded.transactions.withdraw({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    accountId: account!.id,
    amountMinor: account!.funds.postedMinor,
    currency: account!.currency,
    mode: 'cash',
  });
  await loaded.accounts.close(TEST_CALLER, account!.id, { reason: 'gone' });
  assert.deepEqual(await attempt(DEPOSIT), ['later.csv:2: account 1: The account is closed.']);
  const changedFile = await writeSmallBank({
    ...repaid,
    'client.csv': SMALL_BANK['client.csv'].map((row) => row.replace('450204', '450205')),
    'trans-1993.csv': SMALL_BANK['trans-1993.csv'].map((row) => row.replace('650.50', '650.40')),
  });
  assert.deepEqual(await failingProblems(loaded, changedFile, []), [
    'trans-1993.csv:7: transaction 22 was imported before with other values',
    'client.csv:3: client 2 was imported before with other values',
  ]);
});
