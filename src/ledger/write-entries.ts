import {
  bigints,
  bulkInsert,
  bulkUpdate,
  byteStrings,
  dates,
  integers,
  texts,
  uuids,
} from '#db/bulk-rows.ts';
import type { AnyTx } from '#db/session.ts';
import { addUnsealedRows } from '#db/unsealed-rows.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { type EntryDraft, ledgerAccountId, type PostedEntry, type Posting } from './entry.ts';
import type { AccountState, AccountStates } from './evaluate.ts';

export type AcceptedEntry = {
  readonly draft: EntryDraft;
  readonly entry: PostedEntry;
  /** Of a reversal that is not the first of its entry: 2 and up. */
  readonly reversalNumber: number | undefined;
};

const insertEntries = bulkInsert('journal_entries', { same: ['posted_at'] }).of<AcceptedEntry>({
  entry_id: uuids(({ entry }) => entry.entryId),
  kind: texts(({ entry }) => entry.kind),
  business_date: dates(({ entry }) => entry.businessDate),
  value_date: dates(({ entry }) => entry.valueDate),
  actor: texts(({ draft }) => draft.actor),
  idempotency_key: texts(({ draft }) => draft.idempotency?.key),
  request_hash: byteStrings(({ draft }) => draft.idempotency?.requestHash),
  reverses_entry_id: uuids(({ draft }) => draft.reversesEntryId),
  reversal_number: integers(({ reversalNumber }) => reversalNumber),
});

type Line = { readonly entry: PostedEntry; readonly posting: Posting; readonly number: number };

const insertPostings = bulkInsert('postings').of<Line>({
  entry_id: uuids(({ entry }) => entry.entryId),
  line: integers(({ number }) => number),
  debit_account_id: uuids(({ posting }) => ledgerAccountId(posting.debit)),
  credit_account_id: uuids(({ posting }) => ledgerAccountId(posting.credit)),
  currency: texts(({ posting }) => posting.currency),
  amount_minor: bigints(({ posting }) => posting.amountMinor),
  business_date: dates(({ entry }) => entry.businessDate),
  debit_seq: bigints(({ posting }) => posting.debitAfter?.seq),
  debit_balance_minor: bigints(({ posting }) => posting.debitAfter?.balanceMinor),
  credit_seq: bigints(({ posting }) => posting.creditAfter?.seq),
  credit_balance_minor: bigints(({ posting }) => posting.creditAfter?.balanceMinor),
});

type Change = { readonly before: AccountState; readonly after: AccountState };

/** An account that moved since it was locked is not found: a lost update is a bug, and rolls back. */
const updateChanged = bulkUpdate('ledger_accounts', { same: ['last_posted_at'] }).of<Change>({
  key: {
    ledger_account_id: uuids(({ before }) => before.id),
    seq: bigints(({ before }) => before.seq),
  },
  set: {
    balance_minor: bigints(({ after }) => after.balanceMinor),
    seq: bigints(({ after }) => after.seq),
    last_business_date: dates(({ after }) => after.lastBusinessDate),
  },
});

/**
 * Writes accepted entries, their postings, and their place among rows to be sealed: three statements for up to 2,000
 * entries.
 */
export async function writeEntries(
  tx: AnyTx,
  bookId: number,
  accepted: readonly AcceptedEntry[],
): Promise<void> {
  const first = accepted[0];
  if (first === undefined) return;
  const postedAt = toIsoInstant(first.entry.postedAtMs);
  const lines = accepted.flatMap(({ entry }) =>
    entry.postings.map((posting, index) => ({ entry, posting, number: index + 1 })),
  );
  const ids = accepted.map(({ entry }) => entry.entryId);
  await Promise.all([
    insertEntries(tx, { book_id: bookId, posted_at: postedAt }, accepted),
    insertPostings(tx, { book_id: bookId }, lines),
    addUnsealedRows(tx, bookId, 'entry', ids),
  ]);
}

/** Writes the accounts that entries changed, with one statement: `before` holds them as they were locked. */
export async function updateAccounts(
  tx: AnyTx,
  bookId: number,
  before: AccountStates,
  after: AccountStates,
  postedAtMs: number,
): Promise<void> {
  if (after.size === 0) return;
  const changes = [...after.values()].map((state) => ({
    before: stateBefore(before, state.id),
    after: state,
  }));
  await updateChanged(tx, { book_id: bookId, last_posted_at: toIsoInstant(postedAtMs) }, changes);
}

function stateBefore(before: AccountStates, id: AccountId): AccountState {
  const state = before.get(id);
  assert(state !== undefined, 'only locked accounts change');
  return state;
}
