import { sql } from 'kysely';
import { bigints, bulkInsert, byteStrings, dates, integers, jsons, texts, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { hasMetadata } from '#db/labels.ts';
import type { Idempotency } from '#ledger/entry.ts';
import { registerKey } from '#ledger/used-keys.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { fromExactJson, toExactJson } from '#lib/exact-json.ts';
import type { LoanId, TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { isAction, type LoanEvent, type LoanEventDetails, type LoanEventKind } from './event.ts';

export type NewEvent = LoanEvent & { readonly loanId: LoanId };

export type Booking = {
  readonly actor: string;
  readonly bookedOn: IsoDate;
  readonly createdAtMs: number;
  /** The key of the one action among a loan's events. */
  readonly idempotency?: Idempotency | undefined;
};

type StoredRow = NewEvent & { readonly idempotency: Idempotency | undefined };

const SAME = ['booked_on', 'actor', 'created_at'] as const;
const COLUMNS = {
  loan_id: uuids(({ loanId }: StoredRow) => loanId),
  event_number: integers(({ number }: StoredRow) => number),
  kind: texts(({ kind }: StoredRow) => kind),
  happened_on: dates(({ on }: StoredRow) => on),
  amount_minor: bigints(({ amountMinor }: StoredRow) => amountMinor),
  principal_minor: bigints(({ principalMinor }: StoredRow) => principalMinor),
  interest_minor: bigints(({ interestMinor }: StoredRow) => interestMinor),
  fees_minor: bigints(({ feesMinor }: StoredRow) => feesMinor),
  penalties_minor: bigints(({ penaltiesMinor }: StoredRow) => penaltiesMinor),
  owed_principal_minor: bigints(({ owedAfter }: StoredRow) => owedAfter.principalMinor),
  owed_interest_minor: bigints(({ owedAfter }: StoredRow) => owedAfter.interestMinor),
  owed_fees_minor: bigints(({ owedAfter }: StoredRow) => owedAfter.feesMinor),
  owed_penalties_minor: bigints(({ owedAfter }: StoredRow) => owedAfter.penaltiesMinor),
  version: integers(({ version }: StoredRow) => version),
  details: jsons(({ details }: StoredRow) => toExactJson(details)),
  entry_id: uuids(({ entryId }: StoredRow) => entryId),
  idempotency_key: texts(({ idempotency }: StoredRow) => idempotency?.key),
  request_hash: byteStrings(({ idempotency }: StoredRow) => idempotency?.requestHash),
};

const storePlain = bulkInsert('loan_events', { same: SAME }).of<StoredRow>(COLUMNS);

/** Few events have labels: those without are written without. */
const storeLabelled = bulkInsert('loan_events', { same: SAME }).of<StoredRow>({
  ...COLUMNS,
  external_id: texts(({ externalId }) => externalId),
  metadata: jsons(({ metadata }) => metadata && JSON.stringify(metadata)),
});

const isLabelled = ({ externalId, metadata }: NewEvent): boolean =>
  externalId !== undefined || metadata !== undefined;

/** Stores events of locked loans, with the key of the request. Throws 422 `idempotency_key_reused`. */
export async function insertEvents(
  tx: Tx,
  bookId: number,
  events: readonly NewEvent[],
  { actor, bookedOn, createdAtMs, idempotency }: Booking,
): Promise<void> {
  const same = { book_id: bookId, booked_on: bookedOn, actor, created_at: new Date(createdAtMs) };
  const rows = events.map((event) => ({ ...event, idempotency: isAction(event) ? idempotency : undefined }));
  const storeEvents = rows.some(isLabelled) ? storeLabelled : storePlain;
  await storeEvents(tx, same, rows);
  const keys = events.map(({ loanId, number }) => [loanId, number]);
  await noteChanged(tx, bookId, 'loan_events', keys);
  // What is sealed of a loan changes with its events.
  await noteChanged(tx, bookId, 'loans', [...new Set(events.map(({ loanId }) => loanId))]);
  // Where something was posted the journal has the key.
  if (idempotency === undefined || events.some(({ entryId }) => entryId !== undefined)) return;
  const use = { actor, ...idempotency, operation: 'actOnLoan' };
  await registerKey(tx, bookId, use, { nowMs: createdAtMs });
}

/** An event with its instant and the date it was booked on. */
export type StoredEvent = LoanEvent & { readonly bookedOn: IsoDate; readonly createdAt: Date };

/** Events as a caller may see them: the reason that staff gave is for staff. */
export function eventsSeenBy(caller: Caller, events: readonly StoredEvent[]): StoredEvent[] {
  if (ownCustomerOf(caller) === undefined) return [...events];
  return events.map(({ details, ...event }) => ({ ...event, details: { ...details, reason: undefined } }));
}

/** All events of a loan up to a given one, in order. */
export async function listEvents(db: Db, bookId: number, id: LoanId, upTo?: number): Promise<StoredEvent[]> {
  const isUpTo = upTo === undefined ? sql`true` : sql`event_number <= ${upTo}`;
  const { rows } = await selectEvents(
    sql`book_id = ${bookId} and loan_id = ${id} and ${isUpTo} order by event_number`,
  ).execute(db);
  return rows.map(toEvent);
}

export type EventFilter = {
  readonly before?: number | undefined;
  readonly kind?: LoanEventKind | undefined;
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  readonly limit: number;
};

/** Latest first. */
export async function listLatestEvents(
  db: Db,
  bookId: number,
  id: LoanId,
  { before, kind, externalId, metadata, limit }: EventFilter,
): Promise<StoredEvent[]> {
  const isBefore = before === undefined ? sql`true` : sql`event_number < ${before}`;
  const isKind = kind === undefined ? sql`true` : sql`kind = ${kind}`;
  const isNamed = externalId === undefined ? sql`true` : sql`external_id = ${externalId.normalize('NFC')}`;
  const hasTexts = sql.join([sql`true`, ...hasMetadata('loan_events', { metadata })], sql` and `);
  const { rows } = await selectEvents(
    sql`book_id = ${bookId} and loan_id = ${id} and ${isBefore} and ${isKind} and ${isNamed} and ${hasTexts}
      order by event_number desc limit ${limit}`,
  ).execute(db);
  return rows.map(toEvent);
}

/** The effect of the request with this key on a loan, and that request's hash. */
export async function findEventByKey(
  db: Db,
  bookId: number,
  actor: string,
  key: string,
): Promise<{ loanId: LoanId; number: number; requestHash: Buffer } | undefined> {
  const { rows } = await sql<{ loanId: LoanId; number: number; requestHash: Buffer }>`
    select loan_id as "loanId", event_number as number, request_hash as "requestHash" from loan_events
    where book_id = ${bookId} and actor = ${actor} and idempotency_key = ${key}`.execute(db);
  return rows[0];
}

type Row = Omit<LoanEvent, 'owedAfter' | 'details' | 'entryId' | keyof Labels> & {
  bookedOn: IsoDate;
  createdAt: Date;
  owedPrincipalMinor: bigint;
  owedInterestMinor: bigint;
  owedFeesMinor: bigint;
  owedPenaltiesMinor: bigint;
  details: string;
  entryId: TransactionId | null;
  externalId: string | null;
  metadata: Record<string, string> | null;
};

const selectEvents = (where: ReturnType<typeof sql>) => sql<Row>`
  select event_number as number, kind, happened_on as "on", booked_on as "bookedOn", amount_minor as "amountMinor",
    principal_minor as "principalMinor", interest_minor as "interestMinor", fees_minor as "feesMinor",
    penalties_minor as "penaltiesMinor", owed_principal_minor as "owedPrincipalMinor",
    owed_interest_minor as "owedInterestMinor", owed_fees_minor as "owedFeesMinor",
    owed_penalties_minor as "owedPenaltiesMinor", version, details::text as details, entry_id as "entryId",
    external_id as "externalId", metadata, created_at as "createdAt"
  from loan_events where ${where}`;

function toEvent(row: Row): StoredEvent {
  const { owedPrincipalMinor, owedInterestMinor, owedFeesMinor, owedPenaltiesMinor, ...event } = row;
  return {
    ...event,
    owedAfter: {
      principalMinor: owedPrincipalMinor,
      interestMinor: owedInterestMinor,
      feesMinor: owedFeesMinor,
      penaltiesMinor: owedPenaltiesMinor,
    },
    details: fromExactJson<LoanEventDetails>(row.details),
    entryId: row.entryId ?? undefined,
    externalId: row.externalId ?? undefined,
    metadata: row.metadata ?? undefined,
  };
}
