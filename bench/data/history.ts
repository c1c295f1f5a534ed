import type pg from 'pg';
import { accountUuidSql } from './account-ids.ts';
import { HOT_OPENING_MINOR, OPENING_MINOR } from './bank.ts';
import { withoutSecondaryIndexes } from './secondary-indexes.ts';

/**
 * A history is made of blocks. In each, every account has eight transfers with its neighbour (there and back in
 * turn), then one with the long account (the last one): so all sequence numbers and balances follow from where an
 * entry stands, and set-based statements can write millions of them.
 */
const STEPS_A_BLOCK = 9;
const NEIGHBOUR_STEPS = STEPS_A_BLOCK - 1;
/** The number of days in a step: ten blocks make three years. */
const DAYS_A_STEP = 12;
/** One cent. */
const AMOUNT_MINOR = 1n;

const TABLES = ['journal_entries', 'postings', 'transactions'];

/** What one step writes, in SQL over the number `n` of an entry in its step. */
type Step = {
  readonly index: number;
  readonly entries: number;
  readonly debit: string;
  readonly credit: string;
  readonly debitSeq: string;
  readonly creditSeq: string;
  readonly debitBalance: string;
  readonly creditBalance: string;
};

/**
 * Adds transfers to a bank as fillBank made it, after `openedAt`: `accounts` × 5 a block, of which `accounts` are
 * lines of the long account. `accounts` is even. Everything is as the posting queue would have left it.
 */
export async function addHistory(
  client: pg.Client,
  options: { readonly accounts: number; readonly blocks: number; readonly openedAt: string },
  onProgress: (line: string) => void,
): Promise<void> {
  const { accounts, blocks, openedAt } = options;
  await withoutSecondaryIndexes(client, TABLES, async () => {
    for (let block = 0; block < blocks; block++) {
      onProgress(`history: block ${block + 1} of ${blocks}`);
      for (const step of stepsOf(block, accounts)) {
        for (const statement of statementsOf(step, openedAt)) await client.query(statement);
      }
    }
    onProgress('history: indexes and foreign keys');
  });
  for (const statement of closingStatements(accounts, blocks, openedAt)) await client.query(statement);
  onProgress('history: vacuum');
  await client.query('vacuum (freeze, analyze)');
}

function stepsOf(block: number, accounts: number): Step[] {
  const neighbours = Array.from({ length: NEIGHBOUR_STEPS }, (_, step) =>
    neighbourStep(block, step, accounts),
  );
  return [...neighbours, longAccountStep(block, accounts)];
}

/** Odd accounts pay the even one after them, in the next step they get it back. */
function neighbourStep(block: number, step: number, accounts: number): Step {
  const [odd, even] = [accountUuidSql('2 * n - 1'), accountUuidSql('2 * n')];
  const isThere = step % 2 === 0;
  const before = balanceAfterBlocks(block);
  const seq = String(1 + block * STEPS_A_BLOCK + step + 1);
  return {
    index: block * STEPS_A_BLOCK + step,
    entries: accounts / 2,
    debit: isThere ? odd : even,
    credit: isThere ? even : odd,
    debitSeq: seq,
    creditSeq: seq,
    debitBalance: String(isThere ? before - AMOUNT_MINOR : before),
    creditBalance: String(isThere ? before + AMOUNT_MINOR : before),
  };
}

/** The long account pays everybody; in the next block everybody pays it back. */
function longAccountStep(block: number, accounts: number): Step {
  const [long, other] = [accountUuidSql(String(accounts + 1)), accountUuidSql('n')];
  const isPaying = block % 2 === 0;
  const longSeq = `${1 + block * accounts} + n`;
  const longBalance = isPaying
    ? `${HOT_OPENING_MINOR} - ${AMOUNT_MINOR} * n`
    : `${HOT_OPENING_MINOR} - ${AMOUNT_MINOR} * (${accounts} - n)`;
  const otherSeq = String(1 + (block + 1) * STEPS_A_BLOCK);
  const otherBalance = String(balanceAfterBlocks(block + 1));
  return {
    index: block * STEPS_A_BLOCK + NEIGHBOUR_STEPS,
    entries: accounts,
    debit: isPaying ? long : other,
    credit: isPaying ? other : long,
    debitSeq: isPaying ? longSeq : otherSeq,
    creditSeq: isPaying ? otherSeq : longSeq,
    debitBalance: isPaying ? longBalance : otherBalance,
    creditBalance: isPaying ? otherBalance : longBalance,
  };
}

/** Of every account but the long one. */
function balanceAfterBlocks(blocks: number): bigint {
  return blocks % 2 === 1 ? OPENING_MINOR + AMOUNT_MINOR : OPENING_MINOR;
}

/** An instant within a step, for entry `n` of `entries`; the first comes a day after the openings. */
function instantSql(openedAt: string, index: number, n: string, entries: number): string {
  const days = `${1 + index * DAYS_A_STEP} + ${DAYS_A_STEP} * (${n} - 1)::float8 / ${entries}`;
  return `date_trunc('milliseconds', timestamptz '${openedAt}' + (${days}) * interval '24 hours')`;
}

function statementsOf(step: Step, openedAt: string): string[] {
  const { index, entries } = step;
  // UUIDv7 (RFC 9562): milliseconds, version, and in place of chance the step and the number.
  const id = `(lpad(to_hex((extract(epoch from t) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(${index}), 3, '0')
    || '8' || lpad(to_hex(n), 15, '0'))::uuid`;
  const source = `(select n, t, ${id} as id, (t at time zone 'UTC')::date as d
    from generate_series(1, ${entries}) as n, lateral (select ${instantSql(openedAt, index, 'n', entries)} as t) as i
  ) as e`;
  return [
    `insert into journal_entries (book_id, entry_id, kind, business_date, value_date, posted_at, actor,
       idempotency_key, request_hash)
     select 1, id, 'transfer', d, d, t, 'bench', id::text, sha256(id::text::bytea) from ${source}`,
    `insert into postings (book_id, entry_id, debit_account_id, credit_account_id, currency, amount_minor,
       business_date, debit_seq, debit_balance_minor, credit_seq, credit_balance_minor)
     select 1, id, ${step.debit}, ${step.credit}, 'EUR', ${AMOUNT_MINOR}, d, ${step.debitSeq}, ${step.debitBalance},
       ${step.creditSeq}, ${step.creditBalance} from ${source}`,
    `insert into transactions (book_id, transaction_id, account_id, type, mode, amount_minor)
     select 1, id, ${step.debit}, 'transfer', 'online', ${AMOUNT_MINOR} from ${source}`,
  ];
}

/** Leaves the ledger accounts where their last postings did. */
function closingStatements(accounts: number, blocks: number, openedAt: string): string[] {
  const last = blocks * STEPS_A_BLOCK - 1;
  const long = blocks % 2 === 1 ? HOT_OPENING_MINOR - AMOUNT_MINOR * BigInt(accounts) : HOT_OPENING_MINOR;
  const update = (account: string, balance: bigint, seq: number, t: string, from: string) => `
    update ledger_accounts set balance_minor = ${balance}, seq = ${seq}, last_posted_at = ${t},
      last_business_date = ((${t}) at time zone 'UTC')::date
    from ${from} where book_id = 1 and ledger_account_id = ${account}`;
  return [
    update(
      accountUuidSql('n'),
      balanceAfterBlocks(blocks),
      1 + blocks * STEPS_A_BLOCK,
      instantSql(openedAt, last, 'n', accounts),
      `generate_series(1, ${accounts}) as n`,
    ),
    update(
      accountUuidSql(String(accounts + 1)),
      long,
      1 + blocks * accounts,
      instantSql(openedAt, last, String(accounts), accounts),
      '(select) as one',
    ),
  ];
}
