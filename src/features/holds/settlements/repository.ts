import { type RawBuilder, sql } from 'kysely';
import { bigints, bulkInsert, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { hasMetadata, labelColumns } from '#db/labels.ts';
import type { Idempotency, InternalAccount } from '#ledger/entry.ts';
import type { CaptureSettlementId, TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { CaptureItem, CaptureSettlement, UnsettledSum } from './settlement.ts';

/** Of which captures: booked up to a date, or by their transactions; all if not given. */
export type UnsettledFilter = {
  readonly through?: IsoDate | undefined;
  readonly ids?: readonly TransactionId[] | undefined;
  readonly after?: TransactionId | undefined;
};

type SettledItem = Pick<CaptureItem, 'transactionId' | 'amountMinor'>;

const insertItems = bulkInsert('settled_captures', { same: ['settlement_id'] }).of<SettledItem>({
  entry_id: uuids(({ transactionId }) => transactionId),
  amount_minor: bigints(({ amountMinor }) => amountMinor),
});

/**
 * What is posted on the line of captures and not settled, by transaction. Business dates never go back, so that what was
 * settled long ago is not read: `open_from` of the last settlement says from when on.
 */
const unsettled = (bookId: number, { id, currency }: InternalAccount): RawBuilder<unknown> => sql`(
  select p.entry_id, p.amount_minor, p.business_date
  from (
    select entry_id, amount_minor, business_date from postings
    where book_id = ${bookId} and credit_account_id = ${id} and credit_seq is null
      and business_date >= ${openFrom(bookId, currency)}
    union all
    select entry_id, -amount_minor, business_date from postings
    where book_id = ${bookId} and debit_account_id = ${id} and debit_seq is null
      and business_date >= ${openFrom(bookId, currency)}
  ) p
  where not exists (select from settled_captures s where s.book_id = ${bookId} and s.entry_id = p.entry_id)
    and not exists (
      select from capture_settlements c where c.book_id = ${bookId} and c.entry_id = p.entry_id))`;

const openFrom = (bookId: number, currency: Currency) => sql`coalesce((
  select open_from from capture_settlements where book_id = ${bookId} and currency = ${currency}
  order by settlement_id desc limit 1), '-infinity')`;

/** What says whose an item of `u` was, as long as the customer is there. */
const joinItem = sql`
  join journal_entries e on e.book_id = u.book_id and e.entry_id = u.entry_id
  left join hold_captures c on c.book_id = u.book_id and c.transaction_id = coalesce(e.reverses_entry_id, u.entry_id)
  left join holds h on h.book_id = c.book_id and h.hold_id = c.hold_id`;

const ITEM_COLUMNS = sql`u.entry_id as "transactionId", u.amount_minor as "amountMinor",
  e.business_date as "businessDate", e.reverses_entry_id as "reverses", h.hold_id as "holdId",
  h.account_id as "accountId", h.reference`;

type ItemRow = {
  [Name in keyof Omit<CaptureItem, 'currency'>]: Exclude<CaptureItem[Name], undefined> | null;
} & {
  readonly transactionId: TransactionId;
  readonly amountMinor: bigint;
  readonly businessDate: IsoDate;
};

/** The oldest first. */
export async function listUnsettled(
  db: Db,
  bookId: number,
  line: InternalAccount,
  { through, ids, after, limit }: UnsettledFilter & { readonly limit: number },
): Promise<CaptureItem[]> {
  const { rows } = await sql<ItemRow>`
    select ${ITEM_COLUMNS}
    from (select ${bookId}::int as book_id, * from ${unsettled(bookId, line)} as open) u
    ${joinItem}
    where ${through === undefined ? sql`true` : sql`u.business_date <= ${through}::date`}
      and ${ids === undefined ? sql`true` : sql`u.entry_id = any(${ids}::uuid[])`}
      and ${after === undefined ? sql`true` : sql`u.entry_id > ${after}::uuid`}
    order by u.entry_id limit ${limit}`.execute(db);
  return rows.map((row) => toItem(row, line.currency));
}

export async function sumUnsettled(db: Db, bookId: number, line: InternalAccount): Promise<UnsettledSum> {
  const { rows } = await sql<{ amount: string; count: number; since: IsoDate | null }>`
    select coalesce(sum(amount_minor), 0)::text as amount, count(*)::int as count, min(business_date) as since
    from ${unsettled(bookId, line)} as open`.execute(db);
  const { amount = '0', count = 0, since = null } = rows[0] ?? {};
  return { currency: line.currency, amountMinor: BigInt(amount), count, since: since ?? undefined };
}

/** One settlement of a line after the other: nothing else waits for this lock, and no posting. */
export async function lockLine(tx: Tx, bookId: number, { id }: InternalAccount): Promise<void> {
  await sql`
    select from ledger_accounts where book_id = ${bookId} and ledger_account_id = ${id}
    for no key update`.execute(tx);
}

/** Stores a settlement, and what is open after it. */
export async function insertSettlement(
  tx: Tx,
  bookId: number,
  settlement: CaptureSettlement,
  {
    line,
    items,
    idempotency,
  }: {
    readonly line: InternalAccount;
    readonly items: readonly SettledItem[];
    readonly idempotency: Idempotency;
  },
): Promise<void> {
  const ids = items.map(({ transactionId }) => transactionId);
  const { rows } = await sql<{ since: IsoDate | null }>`
    select min(business_date) as since from ${unsettled(bookId, line)} as open
    where not entry_id = any(${[...ids, ...(settlement.entryId === undefined ? [] : [settlement.entryId])]}::uuid[])`.execute(
    tx,
  );
  await tx
    .insertInto('capture_settlements')
    .values({
      book_id: bookId,
      settlement_id: settlement.id,
      currency: settlement.currency,
      amount_minor: settlement.amountMinor,
      item_count: settlement.itemCount,
      reference: settlement.reference ?? null,
      entry_id: settlement.entryId ?? null,
      settled_on: settlement.settledOn,
      open_from: rows[0]?.since ?? settlement.settledOn,
      actor: settlement.settledBy,
      idempotency_key: idempotency.key,
      request_hash: idempotency.requestHash,
      created_at: new Date(settlement.createdAtMs),
      ...labelColumns(settlement),
    })
    .execute();
  await insertItems(tx, { book_id: bookId, settlement_id: settlement.id }, items);
  await noteChanged(tx, bookId, 'capture_settlements', [settlement.id]);
  await noteChanged(tx, bookId, 'settled_captures', ids);
}

export async function findSettlement(
  db: Db,
  bookId: number,
  id: CaptureSettlementId,
): Promise<CaptureSettlement | undefined> {
  const row = await selectSettlements(db, bookId).where('settlement_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toSettlement(row);
}

/** The settlement that a caller made under a key, and the hash of that request. */
export async function findSettlementByKey(
  db: Db,
  bookId: number,
  actor: string,
  key: string,
): Promise<{ readonly settlement: CaptureSettlement; readonly requestHash: Buffer } | undefined> {
  const row = await selectSettlements(db, bookId)
    .select('request_hash as requestHash')
    .where('actor', '=', actor)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
  return row === undefined ? undefined : { settlement: toSettlement(row), requestHash: row.requestHash };
}

export type SettlementFilter = {
  readonly currency?: Currency | undefined;
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  /** The last one that is looked at. */
  readonly through?: CaptureSettlementId | undefined;
  readonly after?: CaptureSettlementId | undefined;
  readonly limit: number;
};

/** Newest first. */
export async function listSettlements(
  db: Db,
  bookId: number,
  filter: SettlementFilter,
): Promise<CaptureSettlement[]> {
  let query = selectSettlements(db, bookId);
  if (filter.currency !== undefined) query = query.where('currency', '=', filter.currency);
  if (filter.externalId !== undefined)
    query = query.where('external_id', '=', filter.externalId.normalize('NFC'));
  for (const condition of hasMetadata('capture_settlements', filter)) query = query.where(condition);
  if (filter.through !== undefined) query = query.where('settlement_id', '>=', filter.through);
  if (filter.after !== undefined) query = query.where('settlement_id', '<', filter.after);
  const rows = await query.orderBy('settlement_id', 'desc').limit(filter.limit).execute();
  return rows.map(toSettlement);
}

/** What was settled, in the order of the captures. */
export async function listSettled(
  db: Db,
  bookId: number,
  { id, currency }: CaptureSettlement,
): Promise<CaptureItem[]> {
  const { rows } = await sql<ItemRow>`
    select ${ITEM_COLUMNS} from settled_captures u
    ${joinItem}
    where u.book_id = ${bookId} and u.settlement_id = ${id} order by u.entry_id`.execute(db);
  return rows.map((row) => toItem(row, currency));
}

function selectSettlements(db: Db, bookId: number) {
  return db
    .selectFrom('capture_settlements')
    .select([
      'settlement_id as id',
      'currency',
      'amount_minor as amountMinor',
      'item_count as itemCount',
      'reference',
      'entry_id as entryId',
      'settled_on as settledOn',
      'actor as settledBy',
      'created_at as createdAt',
      'external_id as externalId',
      'metadata',
    ])
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectSettlements>['executeTakeFirstOrThrow']>>;

function toSettlement({
  createdAt,
  reference,
  entryId,
  externalId,
  metadata,
  ...row
}: Row): CaptureSettlement {
  return {
    id: row.id,
    currency: row.currency,
    amountMinor: row.amountMinor,
    itemCount: row.itemCount,
    settledOn: row.settledOn,
    settledBy: row.settledBy,
    reference: reference ?? undefined,
    entryId: entryId ?? undefined,
    externalId: externalId ?? undefined,
    metadata: metadata ?? undefined,
    createdAtMs: createdAt.getTime(),
  };
}

function toItem(row: ItemRow, currency: Currency): CaptureItem {
  const { reverses, holdId, accountId, reference, ...rest } = row;
  return {
    ...rest,
    currency,
    reverses: reverses ?? undefined,
    holdId: holdId ?? undefined,
    accountId: accountId ?? undefined,
    reference: reference ?? undefined,
  };
}
