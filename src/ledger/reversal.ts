import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { AccountId, InternalAccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { movesMoney } from './charges.ts';
import type { EntryKind, LedgerSide, PostingDraft } from './entry.ts';

type Row = {
  kind: EntryKind;
  currency: Currency;
  amountMinor: bigint;
  debitId: string;
  debitKind: string;
  debitGlCode: string;
  creditId: string;
  creditKind: string;
  creditGlCode: string;
};

/** The reversal of an entry: its lines from last to first with the sides exchanged. */
export type Reversal = { readonly kind: EntryKind; readonly postings: readonly PostingDraft[] };

/**
 * The lines that reverse an entry, without what it cost, or undefined if there is no such entry. Entries never change: no
 * lock.
 */
export async function findReversal(
  db: Db,
  bookId: number,
  entryId: TransactionId,
): Promise<Reversal | undefined> {
  const { rows } = await sql<Row>`
    select e.kind, p.currency, p.amount_minor as "amountMinor",
      p.debit_account_id as "debitId", d.kind as "debitKind", d.gl_code as "debitGlCode",
      p.credit_account_id as "creditId", c.kind as "creditKind", c.gl_code as "creditGlCode"
    from journal_entries e
    join postings p on p.book_id = e.book_id and p.entry_id = e.entry_id
    join ledger_accounts d on d.book_id = p.book_id and d.ledger_account_id = p.debit_account_id
    join ledger_accounts c on c.book_id = p.book_id and c.ledger_account_id = p.credit_account_id
    where e.book_id = ${bookId} and e.entry_id = ${entryId} and ${sql.raw(movesMoney('p', 'e.kind'))}
    order by p.line desc`.execute(db);
  const kind = rows[0]?.kind;
  if (kind === undefined) return undefined;
  const postings = rows.map((row) => ({
    debit: side(row.creditKind, row.creditId, row.creditGlCode, row.currency),
    credit: side(row.debitKind, row.debitId, row.debitGlCode, row.currency),
    amountMinor: row.amountMinor,
    currency: row.currency,
  }));
  return { kind, postings };
}

/**
 * The lines that take an amount of an entry back, in minor units, of which a part may have been taken back before. Only of
 * an entry of one line: undefined for others, whose lines belong together.
 */
export function partOf({ postings }: Reversal, amountMinor: bigint): readonly PostingDraft[] | undefined {
  const [only, ...others] = postings;
  if (only === undefined || others.length > 0) return undefined;
  return [{ ...only, amountMinor }];
}

/**
 * What is left of an entry to be reversed, in minor units over all its lines but what it cost. Takes no lock: it may
 * become less.
 */
export async function findLeftMinor(db: Db, bookId: number, entryId: TransactionId): Promise<bigint> {
  const { rows } = await sql<{ leftMinor: string }>`
    select sum(case when p.entry_id = ${entryId} then p.amount_minor else -p.amount_minor end)::text as "leftMinor"
    from postings p
    join journal_entries e on e.book_id = p.book_id and e.entry_id = ${entryId}
    where p.book_id = ${bookId} and ${sql.raw(movesMoney('p', 'e.kind'))} and p.entry_id in (
      select ${entryId}::uuid
      union all
      select entry_id from journal_entries where book_id = ${bookId} and reverses_entry_id = ${entryId})`.execute(
    db,
  );
  return BigInt(rows[0]?.leftMinor ?? 0n);
}

function side(kind: string, id: string, glCode: string, currency: Currency): LedgerSide {
  return kind === 'internal' ? { id: id as InternalAccountId, glCode, currency } : (id as AccountId);
}
