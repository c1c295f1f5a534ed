import { sql } from 'kysely';
import { bigintArray, dateArray, integerArray, textArray, uuidArray } from '#db/binary-array.ts';
import type { Db, Tx } from '#db/database.ts';
import { run } from '#db/session.ts';
import { assert } from '#lib/assert.ts';
import { fromExactJson, toExactJson } from '#lib/exact-json.ts';
import type { AccountId, CustomerId, LoanId, LoanProductId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { LoanPeriod } from './period.ts';
import type { LoanTerms } from './schedule/terms.ts';
import { dueParts, type LoanState, type LoanStatus, type RequestedTerms, type UnpaidItem } from './state.ts';

/** A loan with the instants of its row. */
export type StoredLoan = LoanState & { readonly createdAt: Date; readonly updatedAt: Date };

export type LoanFilter = {
  /** Only of this customer: who asks is one. */
  readonly seenBy?: CustomerId | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly accountId?: AccountId | undefined;
  readonly productId?: LoanProductId | undefined;
  readonly status?: LoanStatus | undefined;
  readonly externalId?: string | undefined;
  readonly after?: LoanId | undefined;
  readonly limit: number;
};

/** A loan has some ten parameters of at most 65,535 in a statement. */
const INSERT_CHUNK = 1_000;

/** Stores new loans, as far as they have come; updateLoans stores the rest of them. */
export async function insertLoans(
  tx: Tx,
  bookId: number,
  loans: readonly LoanState[],
  createdAtMs: number,
): Promise<void> {
  const now = new Date(createdAtMs);
  for (let start = 0; start < loans.length; start += INSERT_CHUNK) {
    const chunk = loans.slice(start, start + INSERT_CHUNK).map((state) => ({
      book_id: bookId,
      loan_id: state.id,
      customer_id: state.customerId,
      account_id: state.accountId,
      loan_product_id: state.productId,
      currency: state.currency,
      external_id: state.externalId ?? null,
      status: 'applied',
      wish: JSON.stringify(state.requestedTerms),
      direct_debit: state.directDebit,
      requested_minor: state.requestedMinor,
      applied_on: state.appliedOn,
      last_event_number: state.lastEventNumber,
      version: state.version,
      created_at: now,
      updated_at: now,
    }));
    await tx.insertInto('loans').values(chunk).execute();
  }
}

const UPDATE_LOANS = `
  update loans l set status = s.status, direct_debit = s.direct_debit, approved_minor = s.approved_minor,
    disbursed_on = s.disbursed_on, ended_on = s.ended_on, schedule_version = s.schedule_version,
    period = s.period::jsonb, next_due_on = s.next_due_on, principal_minor = s.principal_minor,
    principal_due_minor = s.principal_due_minor, interest_accrued_minor = s.interest_accrued_minor,
    interest_due_minor = s.interest_due_minor, fees_due_minor = s.fees_due_minor,
    penalties_due_minor = s.penalties_due_minor, unpaid = s.unpaid::jsonb, overdue_since = s.overdue_since,
    penalty_from = s.penalty_from, penalty_accrued_minor = s.penalty_accrued_minor,
    accrued_through = s.accrued_through, provision_minor = s.provision_minor, lost_minor = s.lost_minor,
    recovered_minor = s.recovered_minor, last_event_number = s.last_event_number, version = s.version,
    updated_at = $2
  from unnest($3::uuid[], $4::text[], $5::int[], $6::bigint[], $7::date[], $8::date[], $9::int[], $10::text[],
      $11::date[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[],
      $18::text[], $19::date[], $20::date[], $21::bigint[], $22::date[], $23::bigint[], $24::bigint[],
      $25::bigint[], $26::int[], $27::int[])
    as r (loan_id, status, is_debited, approved_minor, disbursed_on, ended_on, schedule_version, period, next_due_on,
      principal_minor, principal_due_minor, interest_accrued_minor, interest_due_minor, fees_due_minor,
      penalties_due_minor, unpaid, overdue_since, penalty_from, penalty_accrued_minor, accrued_through,
      provision_minor, lost_minor, recovered_minor, last_event_number, version)
  cross join lateral (select r.*, r.is_debited = 1 as direct_debit) as s
  where l.book_id = $1 and l.loan_id = s.loan_id`;

/** Stores where loans that are locked have come to, with one statement. */
export async function updateLoans(
  tx: Tx,
  bookId: number,
  loans: readonly LoanState[],
  updatedAtMs: number,
): Promise<void> {
  if (loans.length === 0) return;
  const due = loans.map(dueParts);
  const { affectedRows } = await run(tx, UPDATE_LOANS, [
    bookId,
    new Date(updatedAtMs),
    uuidArray(loans.map(({ id }) => id)),
    textArray(loans.map(({ status }) => status)),
    integerArray(loans.map(({ directDebit }) => (directDebit ? 1 : 0))),
    bigintArray(loans.map(({ approvedMinor }) => approvedMinor ?? null)),
    dateArray(loans.map(({ disbursedOn }) => disbursedOn ?? null)),
    dateArray(loans.map(({ endedOn }) => endedOn ?? null)),
    integerArray(loans.map(({ scheduleVersion }) => scheduleVersion)),
    textArray(loans.map(({ period }) => (period === undefined ? null : toExactJson(period)))),
    dateArray(loans.map(({ period }) => period?.dueOn ?? null)),
    bigintArray(loans.map(({ principalMinor }) => principalMinor)),
    bigintArray(due.map(({ principalMinor }) => principalMinor)),
    bigintArray(loans.map(({ interestAccruedMinor }) => interestAccruedMinor)),
    bigintArray(due.map(({ interestMinor }) => interestMinor)),
    bigintArray(due.map(({ feesMinor }) => feesMinor)),
    bigintArray(due.map(({ penaltiesMinor }) => penaltiesMinor)),
    textArray(loans.map(({ unpaid }) => (unpaid.length === 0 ? '[]' : toExactJson(unpaid)))),
    dateArray(loans.map(({ unpaid }) => unpaid[0]?.dueOn ?? null)),
    dateArray(loans.map(({ penaltyRun }) => penaltyRun?.from ?? null)),
    bigintArray(loans.map(({ penaltyRun }) => penaltyRun?.accruedMinor ?? 0n)),
    dateArray(loans.map(({ accruedThrough }) => accruedThrough ?? null)),
    bigintArray(loans.map(({ provisionMinor }) => provisionMinor)),
    bigintArray(loans.map(({ lostMinor }) => lostMinor)),
    bigintArray(loans.map(({ recoveredMinor }) => recoveredMinor)),
    integerArray(loans.map(({ lastEventNumber }) => lastEventNumber)),
    integerArray(loans.map(({ version }) => version)),
  ]);
  assert(affectedRows === loans.length, 'locked loans are there to be changed');
}

const INSERT_TERMS = `
  insert into loan_terms (book_id, loan_id, schedule_version, valid_from, reason, terms)
  select $1, t.loan_id, t.schedule_version, t.valid_from, t.reason, t.terms::jsonb
  from unnest($2::uuid[], $3::int[], $4::date[], $5::text[], $6::text[])
    as t (loan_id, schedule_version, valid_from, reason, terms)`;

export type NewTerms = {
  readonly loanId: LoanId;
  readonly scheduleVersion: number;
  readonly validFrom: IsoDate;
  readonly reason: 'disbursed' | 'repaid' | 'rescheduled';
  readonly terms: LoanTerms;
};

/** Stores the terms of new versions of schedules. The loans are locked. */
export async function insertTerms(tx: Tx, bookId: number, versions: readonly NewTerms[]): Promise<void> {
  if (versions.length === 0) return;
  await run(tx, INSERT_TERMS, [
    bookId,
    uuidArray(versions.map(({ loanId }) => loanId)),
    integerArray(versions.map(({ scheduleVersion }) => scheduleVersion)),
    dateArray(versions.map(({ validFrom }) => validFrom)),
    textArray(versions.map(({ reason }) => reason)),
    textArray(versions.map(({ terms }) => toExactJson(terms))),
  ]);
}

export type StoredTerms = Omit<NewTerms, 'loanId'>;

/** Every version of a loan's schedule, the first one first. */
export async function listTerms(db: Db, bookId: number, id: LoanId): Promise<StoredTerms[]> {
  const { rows } = await sql<Omit<StoredTerms, 'terms'> & { terms: string }>`
    select schedule_version as "scheduleVersion", valid_from as "validFrom", reason, terms::text as terms
    from loan_terms where book_id = ${bookId} and loan_id = ${id} order by schedule_version`.execute(db);
  return rows.map((row) => ({ ...row, terms: fromExactJson<LoanTerms>(row.terms) }));
}

export async function findLoan(db: Db, bookId: number, id: LoanId): Promise<StoredLoan | undefined> {
  const row = await selectRows(db, bookId).where('l.loan_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toStored(row);
}

/**
 * Locks a loan for the rest of the transaction: after its customer, before the book and all ledger accounts. Read once
 * it is locked: the terms that others gave it meanwhile are in another table.
 */
export async function lockLoan(tx: Tx, bookId: number, id: LoanId): Promise<StoredLoan | undefined> {
  const row = await tx
    .selectFrom('loans')
    .select('loan_id')
    .where('book_id', '=', bookId)
    .where('loan_id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : findLoan(tx, bookId, id);
}

/** Locks the next active loans in ascending id, after one. */
export async function lockActiveLoans(
  tx: Tx,
  bookId: number,
  after: LoanId | undefined,
  limit: number,
): Promise<StoredLoan[]> {
  let query = tx
    .selectFrom('loans')
    .select('loan_id')
    .where('book_id', '=', bookId)
    .where('status', '=', 'active');
  if (after !== undefined) query = query.where('loan_id', '>', after);
  const locked = await query.orderBy('loan_id').limit(limit).forNoKeyUpdate().execute();
  if (locked.length === 0) return [];
  const rows = await selectRows(tx, bookId)
    .where(sql<boolean>`l.loan_id = any(${locked.map(({ loan_id }) => loan_id)}::uuid[])`)
    .orderBy('l.loan_id')
    .execute();
  return rows.map(toStored);
}

export async function countActiveLoans(db: Db, bookId: number): Promise<number> {
  const { count } = await db
    .selectFrom('loans')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('book_id', '=', bookId)
    .where('status', '=', 'active')
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Newest first. */
export async function listLoans(db: Db, bookId: number, filter: LoanFilter): Promise<StoredLoan[]> {
  const { seenBy, customerId, accountId, productId, status, externalId, after, limit } = filter;
  let query = selectRows(db, bookId);
  if (seenBy !== undefined) query = query.where('l.customer_id', '=', seenBy);
  if (customerId !== undefined) query = query.where('l.customer_id', '=', customerId);
  if (accountId !== undefined) query = query.where('l.account_id', '=', accountId);
  if (productId !== undefined) query = query.where('l.loan_product_id', '=', productId);
  if (status !== undefined) query = query.where('l.status', '=', status);
  if (externalId !== undefined) query = query.where('l.external_id', '=', externalId.normalize('NFC'));
  if (after !== undefined) query = query.where('l.loan_id', '<', after);
  const rows = await query.orderBy('l.loan_id', 'desc').limit(limit).execute();
  return rows.map(toStored);
}

/** Amounts in JSON are texts: read as text, so that they become what they are. */
function selectRows(db: Db, bookId: number) {
  return db
    .selectFrom('loans as l')
    .leftJoin('loan_terms as t', (join) =>
      join
        .onRef('t.book_id', '=', 'l.book_id')
        .onRef('t.loan_id', '=', 'l.loan_id')
        .onRef('t.schedule_version', '=', 'l.schedule_version'),
    )
    .select((eb) => [
      eb.ref('l.loan_id').$castTo<LoanId>().as('id'),
      eb.ref('l.customer_id').$castTo<CustomerId>().as('customerId'),
      eb.ref('l.account_id').$castTo<AccountId>().as('accountId'),
      eb.ref('l.loan_product_id').$castTo<LoanProductId>().as('productId'),
      eb.ref('l.currency').$castTo<Currency>().as('currency'),
      eb.ref('l.status').$castTo<LoanStatus>().as('status'),
      eb.ref('l.wish').$castTo<RequestedTerms>().as('requestedTerms'),
      eb.ref('l.applied_on').$castTo<IsoDate>().as('appliedOn'),
      eb.ref('l.disbursed_on').$castTo<IsoDate | null>().as('disbursedOn'),
      eb.ref('l.ended_on').$castTo<IsoDate | null>().as('endedOn'),
      eb.ref('l.penalty_from').$castTo<IsoDate | null>().as('penaltyFrom'),
      eb.ref('l.accrued_through').$castTo<IsoDate | null>().as('accruedThrough'),
      'l.external_id as externalId',
      'l.direct_debit as directDebit',
      'l.requested_minor as requestedMinor',
      'l.approved_minor as approvedMinor',
      'l.schedule_version as scheduleVersion',
      'l.principal_minor as principalMinor',
      'l.interest_accrued_minor as interestAccruedMinor',
      'l.penalties_due_minor as penaltiesDueMinor',
      'l.penalty_accrued_minor as penaltyAccruedMinor',
      'l.provision_minor as provisionMinor',
      'l.lost_minor as lostMinor',
      'l.recovered_minor as recoveredMinor',
      'l.last_event_number as lastEventNumber',
      'l.version',
      'l.created_at as createdAt',
      'l.updated_at as updatedAt',
      sql<string | null>`l.period::text`.as('period'),
      sql<string>`l.unpaid::text`.as('unpaid'),
      sql<string | null>`t.terms::text`.as('terms'),
    ])
    .where('l.book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

function toStored({ penaltyFrom, penaltyAccruedMinor, period, unpaid, terms, ...row }: Row): StoredLoan {
  return {
    ...row,
    externalId: row.externalId ?? undefined,
    approvedMinor: row.approvedMinor ?? undefined,
    disbursedOn: row.disbursedOn ?? undefined,
    endedOn: row.endedOn ?? undefined,
    accruedThrough: row.accruedThrough ?? undefined,
    period: period === null ? undefined : fromExactJson<LoanPeriod>(period),
    unpaid: unpaid === '[]' ? [] : fromExactJson<UnpaidItem[]>(unpaid),
    terms: terms === null ? undefined : fromExactJson<LoanTerms>(terms),
    penaltyRun: penaltyFrom === null ? undefined : { from: penaltyFrom, accruedMinor: penaltyAccruedMinor },
  };
}
