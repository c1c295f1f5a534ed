import { bigintArray, bytesArray, dateArray, integerArray, textArray, uuidArray } from '#db/binary-array.ts';
import { type AnyTx, run } from '#db/session.ts';
import { addUnsealedRows } from '#db/unsealed-rows.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { type EntryDraft, ledgerAccountId, type PostedEntry } from './entry.ts';
import type { AccountState, AccountStates } from './evaluate.ts';

const INSERT_ENTRIES = `
  insert into journal_entries (book_id, entry_id, kind, business_date, value_date, posted_at, actor,
    idempotency_key, request_hash, reverses_entry_id)
  select $1, entry_id, kind, business_date, value_date, $2, actor, idempotency_key, request_hash,
    reverses_entry_id
  from unnest($3::uuid[], $4::text[], $5::date[], $6::date[], $7::text[], $8::text[], $9::bytea[], $10::uuid[])
    as e (entry_id, kind, business_date, value_date, actor, idempotency_key, request_hash, reverses_entry_id)`;

const INSERT_POSTINGS = `
  insert into postings (book_id, entry_id, line, debit_account_id, credit_account_id, currency, amount_minor,
    business_date, debit_seq, debit_balance_minor, credit_seq, credit_balance_minor)
  select $1, p.*
  from unnest($2::uuid[], $3::int[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::date[],
    $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[]) as p`;

const UPDATE_ACCOUNTS = `
  update ledger_accounts a
  set balance_minor = c.balance_minor, seq = c.seq, last_business_date = c.last_business_date,
    last_posted_at = $2
  from unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::date[])
    as c (ledger_account_id, balance_minor, seq, seq_before, last_business_date)
  where a.book_id = $1 and a.ledger_account_id = c.ledger_account_id and a.seq = c.seq_before`;

export type AcceptedEntry = { readonly draft: EntryDraft; readonly entry: PostedEntry };

/** Writes accepted entries, their postings, and that they wait to be sealed: three statements for up to 2,000 entries. */
export async function writeEntries(
  tx: AnyTx,
  bookId: number,
  accepted: readonly AcceptedEntry[],
): Promise<void> {
  const first = accepted[0];
  if (first === undefined) return;
  const postedAt = toIsoInstant(first.entry.postedAtMs);
  await Promise.all([
    insertEntries(tx, bookId, accepted, postedAt),
    insertPostings(tx, bookId, accepted),
    addUnsealedRows(
      tx,
      bookId,
      'entry',
      accepted.map(({ entry }) => entry.entryId),
    ),
  ]);
}

async function insertEntries(
  tx: AnyTx,
  bookId: number,
  accepted: readonly AcceptedEntry[],
  postedAt: string,
): Promise<void> {
  await write(tx, INSERT_ENTRIES, accepted.length, [
    bookId,
    postedAt,
    uuidArray(accepted.map(({ entry }) => entry.entryId)),
    textArray(accepted.map(({ entry }) => entry.kind)),
    dateArray(accepted.map(({ entry }) => entry.businessDate)),
    dateArray(accepted.map(({ entry }) => entry.valueDate)),
    textArray(accepted.map(({ draft }) => draft.actor)),
    textArray(accepted.map(({ draft }) => draft.idempotency?.key ?? null)),
    bytesArray(accepted.map(({ draft }) => draft.idempotency?.requestHash ?? null)),
    uuidArray(accepted.map(({ draft }) => draft.reversesEntryId ?? null)),
  ]);
}

async function insertPostings(tx: AnyTx, bookId: number, accepted: readonly AcceptedEntry[]): Promise<void> {
  const lines = accepted.flatMap(({ entry }) =>
    entry.postings.map((posting, index) => ({ posting, entry, line: index + 1 })),
  );
  await write(tx, INSERT_POSTINGS, lines.length, [
    bookId,
    uuidArray(lines.map(({ entry }) => entry.entryId)),
    integerArray(lines.map(({ line }) => line)),
    uuidArray(lines.map(({ posting }) => ledgerAccountId(posting.debit))),
    uuidArray(lines.map(({ posting }) => ledgerAccountId(posting.credit))),
    textArray(lines.map(({ posting }) => posting.currency)),
    bigintArray(lines.map(({ posting }) => posting.amountMinor)),
    dateArray(lines.map(({ entry }) => entry.businessDate)),
    bigintArray(lines.map(({ posting }) => posting.debitAfter?.seq ?? null)),
    bigintArray(lines.map(({ posting }) => posting.debitAfter?.balanceMinor ?? null)),
    bigintArray(lines.map(({ posting }) => posting.creditAfter?.seq ?? null)),
    bigintArray(lines.map(({ posting }) => posting.creditAfter?.balanceMinor ?? null)),
  ]);
}

/** Writes the accounts that entries changed, with one statement: `before` is as they were locked. */
export async function updateAccounts(
  tx: AnyTx,
  bookId: number,
  before: AccountStates,
  after: AccountStates,
  postedAtMs: number,
): Promise<void> {
  if (after.size === 0) return;
  const changed = [...after.values()];
  await write(tx, UPDATE_ACCOUNTS, changed.length, [
    bookId,
    toIsoInstant(postedAtMs),
    uuidArray(changed.map(({ id }) => id)),
    bigintArray(changed.map(({ balanceMinor }) => balanceMinor)),
    bigintArray(changed.map(({ seq }) => seq)),
    bigintArray(changed.map(({ id }) => stateBefore(before, id).seq)),
    dateArray(changed.map(({ lastBusinessDate }) => lastBusinessDate ?? null)),
  ]);
}

function stateBefore(before: AccountStates, id: AccountId): AccountState {
  const state = before.get(id);
  assert(state !== undefined, 'only locked accounts change');
  return state;
}

/** Runs a statement that must touch exactly `rows` rows: anything else is a lost update, and rolls back. */
async function write(tx: AnyTx, text: string, rows: number, values: readonly unknown[]): Promise<void> {
  const { affectedRows } = await run(tx, text, values);
  assert(affectedRows === rows, `expected ${rows} rows, wrote ${affectedRows}`);
}
