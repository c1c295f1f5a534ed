import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { LEDGER_LAWS } from '#ledger/verify.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const SUMS_TO_ZERO = 'every book sums to zero in each currency';
const RUNS = 'sequence numbers are gapless and every running balance is the sum so far';
const STANDS = 'every account stands where its postings leave it';
const FLOOR = 'no available balance is below its floor but where a reversal, interest or a fee took it';
const DATES = 'every entry has postings, on its own business date';
const AGREES = 'postings agree with the kind and currency of their accounts';
const FORWARD = 'dates and instants never go back along an account';
const REVERSAL = 'reversals take back what their entry posted, and no more of it';

const bank = await openTestBank();

const payer = await bank.newAccount({ balanceMinor: 500n });
const payee = await bank.newAccount({ balanceMinor: 50n });
const common = { caller: TEST_CALLER, amountMinor: 300n, currency: EUR };
const { transaction } = await bank.transactions.transfer({
  ...common,
  idempotencyKey: newKey(),
  fromAccountId: payer,
  to: { accountId: payee },
});
const transfer = transaction.state.id;
const reversed = await bank.transactions.reverse({
  caller: TEST_CALLER,
  idempotencyKey: newKey(),
  transactionId: transfer,
  reason: 'by mistake',
});
const reversal = reversed.transaction.state.id;

const ofPayer = `where ledger_account_id = '${payer}'`;
const ofPayee = `where ledger_account_id = '${payee}'`;
const deposit = `(select entry_id from postings where credit_account_id = '${payer}' and credit_seq = 1)`;

/** What somebody does to the tables, what takes it back, and the laws of the kernel that it breaks. */
const CASES: readonly (readonly [what: string, done: string, undone: string, ...laws: string[]])[] = [
  [
    'a balance of one account alone',
    `update ledger_accounts set balance_minor = balance_minor + 1 ${ofPayer}`,
    `update ledger_accounts set balance_minor = balance_minor - 1 ${ofPayer}`,
    SUMS_TO_ZERO,
    STANDS,
  ],
  [
    'a cent from one account to another',
    `update ledger_accounts set balance_minor = balance_minor - 1 ${ofPayer};
     update ledger_accounts set balance_minor = balance_minor + 1 ${ofPayee}`,
    `update ledger_accounts set balance_minor = balance_minor + 1 ${ofPayer};
     update ledger_accounts set balance_minor = balance_minor - 1 ${ofPayee}`,
    STANDS,
  ],
  [
    'the number of an account’s last line',
    `update ledger_accounts set seq = seq + 1 ${ofPayer}`,
    `update ledger_accounts set seq = seq - 1 ${ofPayer}`,
    STANDS,
  ],
  [
    'a running balance',
    `update postings set debit_balance_minor = debit_balance_minor + 1 where entry_id = '${transfer}'`,
    `update postings set debit_balance_minor = debit_balance_minor - 1 where entry_id = '${transfer}'`,
    RUNS,
  ],
  [
    'the number of a line',
    `update postings set credit_seq = 9 where entry_id = '${reversal}'`,
    `update postings set credit_seq = 3 where entry_id = '${reversal}'`,
    RUNS,
  ],
  [
    'a floor above what is there',
    `alter table ledger_accounts drop constraint ledger_accounts_balance_above_lowest;
     update ledger_accounts set held_minor = 501 ${ofPayer}`,
    `update ledger_accounts set held_minor = 0 ${ofPayer};
     alter table ledger_accounts add constraint ledger_accounts_balance_above_lowest
       check (balance_minor - held_minor >= floor_minor - unarranged_minor)`,
    FLOOR,
  ],
  [
    'the date of an entry',
    `update journal_entries set business_date = business_date + 1 where entry_id = '${transfer}'`,
    `update journal_entries set business_date = business_date - 1 where entry_id = '${transfer}'`,
    DATES,
  ],
  [
    'an entry without postings',
    `insert into journal_entries (book_id, entry_id, kind, business_date, value_date, actor)
     select book_id, '${payer}', 'fee', business_date, value_date, actor from journal_entries
     where entry_id = '${transfer}'`,
    `delete from journal_entries where entry_id = '${payer}'`,
    DATES,
  ],
  [
    'a line of a customer’s account as one of the bank’s own',
    `update postings set credit_seq = null, credit_balance_minor = null where entry_id = '${reversal}'`,
    `update postings set credit_seq = 3, credit_balance_minor = 500 where entry_id = '${reversal}'`,
    AGREES,
  ],
  [
    'an instant before that of the line before',
    `update journal_entries set posted_at = posted_at - interval '1 hour' where entry_id = '${reversal}'`,
    `update journal_entries set posted_at = posted_at + interval '1 hour' where entry_id = '${reversal}'`,
    FORWARD,
  ],
  [
    'a date before that of the line before',
    `update journal_entries set business_date = business_date - 1 where entry_id = '${reversal}';
     update postings set business_date = business_date - 1 where entry_id = '${reversal}'`,
    `update journal_entries set business_date = business_date + 1 where entry_id = '${reversal}';
     update postings set business_date = business_date + 1 where entry_id = '${reversal}'`,
    FORWARD,
  ],
  [
    'a reversal of another entry',
    `update journal_entries set reverses_entry_id = ${deposit} where entry_id = '${reversal}'`,
    `update journal_entries set reverses_entry_id = '${transfer}' where entry_id = '${reversal}'`,
    REVERSAL,
  ],
];

async function changeAsOwner(statement: string): Promise<void> {
  const owner = new pg.Client({ connectionString: bank.databaseUrl });
  await owner.connect();
  try {
    await owner.query(statement);
  } finally {
    await owner.end();
  }
}

/** The laws of the kernel that are broken, in their order. */
async function brokenOfKernel(): Promise<string[]> {
  const broken = new Set((await brokenLaws(bank.databaseUrl)).map(({ name }) => name));
  return LEDGER_LAWS.map(({ name }) => name).filter((name) => broken.has(name));
}

for (const [what, done, undone, ...laws] of CASES) {
  test(`verify finds what was changed behind the kernel: ${what}`, async () => {
    await changeAsOwner(done);
    assert.deepEqual(await brokenOfKernel(), laws);
    await changeAsOwner(undone);
    assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
  });
}

test('every law of the kernel has been seen broken', () => {
  const seen = new Set(CASES.flatMap(([, , , ...laws]) => laws));
  assert.deepEqual(
    LEDGER_LAWS.map(({ name }) => name).filter((name) => !seen.has(name)),
    [],
  );
});
