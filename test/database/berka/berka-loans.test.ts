import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { LAWS } from '#bank/services.ts';
import { importBerka } from '#examples/berka/import-berka.ts';
import type { StoredLoan } from '#features/loans/repository.ts';
import { verifyLaws } from '#ledger/verify.ts';
import { newKey, openTestBank, TEST_CALLER, type TestBank } from '#test/support/bank.ts';
import { writeSmallBank } from './small-bank.ts';

/** One of each status: over and paid, over and not, running, and running with debt; and one of the last month. */
const LOANS = [
  '"loan_id";"account_id";"date";"amount";"duration";"payments";"status"',
  '5314;1;930705;96396;12;8033.00;"B"',
  '5316;2;930711;165960;36;4610.00;"A"',
  '6001;1;971208;24000;24;1000.00;"C"',
  '6002;2;970131;48000;24;2000.00;"D"',
  '6003;2;981208;1200;12;100.00;"C"',
];

const bank = await openTestBank();
const directory = await writeSmallBank({ 'loan.csv': LOANS });
const summary = await importBerka(bank.context, { directory, transactionFiles: [] });

async function loanOf(externalId: string): Promise<StoredLoan> {
  const [shown] = await bank.loans.list(TEST_CALLER, { externalId, limit: 2 });
  return shown!.loan;
}

async function assertLaws({ db }: TestBank): Promise<void> {
  const results = await verifyLaws(db, 1, LAWS);
  assert.deepEqual(
    results.filter(({ brokenBy }) => brokenBy !== undefined),
    [],
  );
}

test('loans are live with the status of the file, as of the end of its data', async () => {
  assert.equal(summary.loans, 5);
  const loans = [];
  for (const id of ['5314', '5316', '6001', '6002', '6003']) {
    const { status, principalMinor, unpaid, period, accruedThrough } = await loanOf(id);
    const [due] = unpaid;
    loans.push([id, status, principalMinor, due?.dueOn, period?.dueOn, accruedThrough]);
  }
  assert.deepEqual(loans, [
    ['5314', 'active', 803_300n, '1994-07-05', undefined, '1998-12-31'],
    ['5316', 'closed', 0n, undefined, undefined, '1996-07-11'],
    ['6001', 'active', 1_200_000n, undefined, '1999-01-08', '1998-12-31'],
    ['6002', 'active', 400_000n, '1998-12-31', '1999-01-31', '1998-12-31'],
    ['6003', 'active', 120_000n, undefined, '1999-01-08', '1998-12-31'],
  ]);
  const late = await loanOf('5314');
  assert.deepEqual(
    [late.requestedMinor, late.disbursedOn, late.directDebit],
    [9_639_600n, '1993-07-05', false],
  );
});

test('they open the ledger’s loans against opening balances, and nothing else', async () => {
  const { rows } = await sql<{ kind: string; debit: string; credit: string; amountMinor: bigint }>`
    select e.kind, d.gl_code as debit, c.gl_code as credit, p.amount_minor as "amountMinor" from postings p
    join journal_entries e using (book_id, entry_id)
    join ledger_accounts d on d.ledger_account_id = p.debit_account_id
    join ledger_accounts c on c.ledger_account_id = p.credit_account_id
    where e.kind not in ('deposit', 'withdrawal', 'fee', 'interest', 'penalty_interest', 'incoming_payment',
      'outgoing_payment')`.execute(bank.db);
  assert.deepEqual(rows, [
    { kind: 'opening_balance', debit: '1200', credit: '3900', amountMinor: 2_523_300n },
  ]);
  assert.deepEqual(summary.balances, { exact: 6, within: 3, off: 0 });
  await assertLaws(bank);
});

test('their history is that of their schedule, and cannot be taken back', async () => {
  const { id } = await loanOf('5314');
  const { lines } = await bank.loanReports.statement(TEST_CALLER, id, {});
  const events = lines.flatMap(({ event }) => event ?? []);
  const kinds = Map.groupBy(events, ({ kind }) => kind);
  assert.deepEqual(
    [...kinds].map(([kind, list]) => [kind, list.length]),
    [
      ['applied', 1],
      ['approved', 1],
      ['disbursed', 1],
      ['fell_due', 12],
      ['repaid', 11],
    ],
  );
  const closed = await loanOf('5316');
  const request = { caller: TEST_CALLER, idempotencyKey: newKey(), id: closed.id, reason: 'a mistake' };
  await assert.rejects(bank.loanPayments.undoLastRepayment(request), { code: 'no_repayment_to_undo' });
});

test('what is due of one can be repaid here', async () => {
  const { id, currency } = await loanOf('5314');
  const { loan } = await bank.loanPayments.repay({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    id,
    amountMinor: 803_300n,
    currency,
    source: 'cash',
    strategy: 'shorten_term',
  });
  assert.equal(loan.status, 'closed');
  await assertLaws(bank);
});

test('a second import brings no loan twice, and another one more', async () => {
  const again = await importBerka(bank.context, { directory, transactionFiles: [] });
  assert.deepEqual([again.changed, again.loans], [false, 0]);
  const grown = await writeSmallBank({ 'loan.csv': [...LOANS, '6004;1;981108;1200;12;100.00;"C"'] });
  assert.equal((await importBerka(bank.context, { directory: grown, transactionFiles: [] })).loans, 1);
  assert.equal((await loanOf('6004')).principalMinor, 110_000n);
  assert.equal((await bank.loanProducts.list({ limit: 3 })).length, 1);
  await assertLaws(bank);
});
