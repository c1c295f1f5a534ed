import { sql } from 'kysely';
import { bigintArray, bytesArray, dateArray, integerArray, textArray, uuidArray } from '#db/binary-array.ts';
import type { Db, Tx } from '#db/database.ts';
import { run } from '#db/session.ts';
import type { Idempotency } from '#ledger/entry.ts';
import { assert } from '#lib/assert.ts';
import { fromExactJson, toExactJson } from '#lib/exact-json.ts';
import type { LoanId, TransactionId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { isAction, type LoanEvent, type LoanEventDetails, type LoanEventKind } from './event.ts';

const INSERT_EVENTS = `
  insert into loan_events (book_id, loan_id, event_number, kind, happened_on, booked_on, amount_minor,
    principal_minor, interest_minor, fees_minor, penalties_minor, owed_principal_minor, owed_interest_minor,
    owed_fees_minor, owed_penalties_minor, version, details, entry_id, actor, idempotency_key, request_hash,
    created_at)
  select $1, e.loan_id, e.event_number, e.kind, e.happened_on, $2, e.amount_minor, e.principal_minor,
    e.interest_minor, e.fees_minor, e.penalties_minor, e.owed_principal_minor, e.owed_interest_minor,
    e.owed_fees_minor, e.owed_penalties_minor, e.version, e.details::jsonb, e.entry_id, $3, e.idempotency_key,
    e.request_hash, $4
  from unnest($5::uuid[], $6::int[], $7::text[], $8::date[], $9::bigint[], $10::bigint[], $11::bigint[],
      $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::int[],
      $19::text[], $20::uuid[], $21::text[], $22::bytea[])
    as e (loan_id, event_number, kind, happened_on, amount_minor, principal_minor, interest_minor, fees_minor,
      penalties_minor, owed_principal_minor, owed_interest_minor, owed_fees_minor, owed_penalties_minor, version,
      details, entry_id, idempotency_key, request_hash)`;

export type NewEvent = LoanEvent & { readonly loanId: LoanId };

export type Booking = {
  readonly actor: string;
  readonly bookedOn: IsoDate;
  readonly createdAtMs: number;
  /** Of the action among the events of one loan. */
  readonly idempotency?: Idempotency | undefined;
};

/** Stores events of loans that are locked, with one statement. */
export async function insertEvents(
  tx: Tx,
  bookId: number,
  events: readonly NewEvent[],
  { actor, bookedOn, createdAtMs, idempotency }: Booking,
): Promise<void> {
  if (events.length === 0) return;
  const key = (event: NewEvent) => (isAction(event) ? idempotency : undefined);
  const { affectedRows } = await run(tx, INSERT_EVENTS, [
    bookId,
    bookedOn,
    actor,
    new Date(createdAtMs),
    uuidArray(events.map(({ loanId }) => loanId)),
    integerArray(events.map(({ number }) => number)),
    textArray(events.map(({ kind }) => kind)),
    dateArray(events.map(({ on }) => on)),
    bigintArray(events.map(({ amountMinor }) => amountMinor)),
    bigintArray(events.map(({ principalMinor }) => principalMinor)),
    bigintArray(events.map(({ interestMinor }) => interestMinor)),
    bigintArray(events.map(({ feesMinor }) => feesMinor)),
    bigintArray(events.map(({ penaltiesMinor }) => penaltiesMinor)),
    bigintArray(events.map(({ owedAfter }) => owedAfter.principalMinor)),
    bigintArray(events.map(({ owedAfter }) => owedAfter.interestMinor)),
    bigintArray(events.map(({ owedAfter }) => owedAfter.feesMinor)),
    bigintArray(events.map(({ owedAfter }) => owedAfter.penaltiesMinor)),
    integerArray(events.map(({ version }) => version)),
    textArray(events.map(({ details }) => toExactJson(details))),
    uuidArray(events.map(({ entryId }) => entryId ?? null)),
    textArray(events.map((event) => key(event)?.key ?? null)),
    bytesArray(events.map((event) => key(event)?.requestHash ?? null)),
  ]);
  assert(affectedRows === events.length, 'every event is stored');
}

/** An event with its instant and the date it was booked on. */
export type StoredEvent = LoanEvent & { readonly bookedOn: IsoDate; readonly createdAt: Date };

/** All events of a loan up to one, in their order. */
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
  readonly limit: number;
};

/** Latest first. */
export async function listLatestEvents(
  db: Db,
  bookId: number,
  id: LoanId,
  { before, kind, limit }: EventFilter,
): Promise<StoredEvent[]> {
  const isBefore = before === undefined ? sql`true` : sql`event_number < ${before}`;
  const isKind = kind === undefined ? sql`true` : sql`kind = ${kind}`;
  const { rows } = await selectEvents(
    sql`book_id = ${bookId} and loan_id = ${id} and ${isBefore} and ${isKind}
      order by event_number desc limit ${limit}`,
  ).execute(db);
  return rows.map(toEvent);
}

/** What a request with this key did to a loan, and the hash of that request. */
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

type Row = Omit<LoanEvent, 'owedAfter' | 'details' | 'entryId'> & {
  bookedOn: IsoDate;
  createdAt: Date;
  owedPrincipalMinor: bigint;
  owedInterestMinor: bigint;
  owedFeesMinor: bigint;
  owedPenaltiesMinor: bigint;
  details: string;
  entryId: TransactionId | null;
};

const selectEvents = (where: ReturnType<typeof sql>) => sql<Row>`
  select event_number as number, kind, happened_on as "on", booked_on as "bookedOn", amount_minor as "amountMinor",
    principal_minor as "principalMinor", interest_minor as "interestMinor", fees_minor as "feesMinor",
    penalties_minor as "penaltiesMinor", owed_principal_minor as "owedPrincipalMinor",
    owed_interest_minor as "owedInterestMinor", owed_fees_minor as "owedFeesMinor",
    owed_penalties_minor as "owedPenaltiesMinor", version, details::text as details, entry_id as "entryId",
    created_at as "createdAt"
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
  };
}
