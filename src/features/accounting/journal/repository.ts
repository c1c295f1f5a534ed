import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { hasMetadata, labelColumns } from '#db/labels.ts';
import type { EntryKind, InternalAccount } from '#ledger/entry.ts';
import type { TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { EntryAttachment, EntryDetails, EntryLine, JournalEntry } from './journal-entry.ts';

export type JournalFilter = {
  readonly kind?: EntryKind | undefined;
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
  readonly reference?: string | undefined;
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  /** The last one that is looked at. */
  readonly through?: TransactionId | undefined;
  readonly after?: TransactionId | undefined;
  readonly limit: number;
};

type LineRow = Omit<EntryLine, 'amountMinor'> & { readonly amount: string };

type Row = {
  readonly id: TransactionId;
  readonly kind: EntryKind;
  readonly accountingDate: IsoDate;
  readonly businessDate: IsoDate;
  readonly actor: string;
  readonly postedAt: Date;
  readonly reverses: TransactionId | null;
  readonly reversedBy: TransactionId | null;
  readonly reason: string | null;
  readonly reference: string | null;
  readonly attachments: EntryAttachment[] | null;
  readonly externalId: string | null;
  readonly metadata: Record<string, string> | null;
  readonly lines: LineRow[];
};

/** Of an entry `e` with its details `m`, if it has some. Amounts as text: JSON would make numbers of them. */
const COLUMNS = sql`
  e.entry_id as id, e.kind, coalesce(m.accounting_date, e.business_date) as "accountingDate",
  e.business_date as "businessDate", e.actor, e.posted_at as "postedAt", e.reverses_entry_id as reverses, (
    select r.entry_id from journal_entries r
    where r.book_id = e.book_id and r.reverses_entry_id = e.entry_id order by r.entry_id limit 1
  ) as "reversedBy", m.reason, m.reference, m.attachments, m.external_id as "externalId", m.metadata, (
    select jsonb_agg(jsonb_build_object('glCode', gl_code, 'side', side, 'currency', currency,
      'amount', amount_minor::text) order by currency, side desc, gl_code)
    from (
      select a.gl_code, s.side, p.currency, sum(p.amount_minor) as amount_minor
      from postings p
      cross join lateral (values (p.debit_account_id, 'debit'), (p.credit_account_id, 'credit'))
        as s (ledger_account_id, side)
      join ledger_accounts a on a.book_id = p.book_id and a.ledger_account_id = s.ledger_account_id
      where p.book_id = e.book_id and p.entry_id = e.entry_id
      group by a.gl_code, s.side, p.currency
    ) as sides
  ) as lines`;

/** Any entry of the journal, whoever made it. */
export async function findJournalEntry(
  db: Db,
  bookId: number,
  id: TransactionId,
): Promise<JournalEntry | undefined> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from journal_entries e
    left join manual_entries m on m.book_id = e.book_id and m.entry_id = e.entry_id
    where e.book_id = ${bookId} and e.entry_id = ${id}`.execute(db);
  const [row] = rows;
  return row === undefined ? undefined : toEntry(row);
}

/** Entries that people booked by hand, newest first. */
export async function listManualEntries(
  db: Db,
  bookId: number,
  { kind, from, to, reference, externalId, metadata, through, after, limit }: JournalFilter,
): Promise<JournalEntry[]> {
  const where = [
    kind === undefined ? [] : [sql`e.kind = ${kind}`],
    from === undefined ? [] : [sql`m.accounting_date >= ${from}::date`],
    to === undefined ? [] : [sql`m.accounting_date <= ${to}::date`],
    reference === undefined ? [] : [sql`m.reference = ${reference.normalize('NFC')}`],
    externalId === undefined ? [] : [sql`m.external_id = ${externalId.normalize('NFC')}`],
    hasMetadata('m', { metadata }),
    through === undefined ? [] : [sql`m.entry_id >= ${through}::uuid`],
    after === undefined ? [] : [sql`m.entry_id < ${after}::uuid`],
  ].flat();
  const { rows } = await sql<Row>`
    select ${COLUMNS} from manual_entries m
    join journal_entries e on e.book_id = m.book_id and e.entry_id = m.entry_id
    where ${sql.join([sql`m.book_id = ${bookId}`, ...where], sql` and `)}
    order by m.entry_id desc limit ${limit}`.execute(db);
  return rows.map(toEntry);
}

export type ManualEntryRow = EntryDetails & {
  readonly entryId: TransactionId;
  readonly accountingDate: IsoDate;
  readonly businessDate: IsoDate;
  /** The year whose close it is, or was. */
  readonly closesYear?: number | undefined;
};

export async function insertManualEntry(tx: Tx, bookId: number, row: ManualEntryRow): Promise<void> {
  await tx
    .insertInto('manual_entries')
    .values({
      book_id: bookId,
      entry_id: row.entryId,
      accounting_date: row.accountingDate,
      business_date: row.businessDate,
      reason: row.reason,
      reference: row.reference ?? null,
      attachments: JSON.stringify(row.attachments),
      closes_year: row.closesYear ?? null,
      ...labelColumns(row),
    })
    .execute();
  await noteChanged(tx, bookId, 'manual_entries', [row.entryId]);
}

/** The bank's own ledger accounts of lines of the chart, by line and currency, also those opened just now. */
export async function findLineAccounts(
  tx: Tx,
  bookId: number,
  codes: readonly string[],
  currencies: readonly Currency[],
): Promise<InternalAccount[]> {
  const { rows } = await sql<InternalAccount>`
    select ledger_account_id as id, gl_code as "glCode", currency from ledger_accounts
    where book_id = ${bookId} and kind = 'internal'
      and gl_code = any(${codes}::text[]) and currency = any(${currencies}::text[])`.execute(tx);
  return rows;
}

function toEntry(row: Row): JournalEntry {
  const { reason, reference, attachments, externalId, metadata, lines, postedAt, ...entry } = row;
  return {
    ...entry,
    createdAtMs: postedAt.getTime(),
    reverses: entry.reverses ?? undefined,
    reversedBy: entry.reversedBy ?? undefined,
    lines: lines.map(({ amount, ...line }) => ({ ...line, amountMinor: BigInt(amount) })),
    details:
      reason === null
        ? undefined
        : {
            reason,
            reference: reference ?? undefined,
            attachments: attachments ?? [],
            externalId: externalId ?? undefined,
            metadata: metadata ?? undefined,
          },
  };
}
