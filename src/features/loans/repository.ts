import { sql } from 'kysely';
import {
  bigints,
  booleans,
  bulkInsert,
  bulkUpdate,
  dates,
  integers,
  jsons,
  texts,
  uuids,
} from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { labelColumns } from '#db/labels.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { customerDeath } from '#features/customers/contract.ts';
import {
  createdBefore,
  createdPlace,
  isByCreation,
  type ListedRange,
  listedWithin,
} from '#ledger/created.ts';
import { fromExactJson, toExactJson } from '#lib/exact-json.ts';
import type { AccountId, CustomerId, LoanId, LoanProductId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { daysPastDueOn, isOverdueBy, type LoanOrder, orderKey } from './list-order.ts';
import type { LoanPeriod } from './period.ts';
import { payableOn } from './schedule/periods.ts';
import type { LoanTerms } from './schedule/terms.ts';
import {
  dueParts,
  type LoanParts,
  type LoanState,
  type LoanStatus,
  type RequestedTerms,
  type UnpaidItem,
} from './state.ts';

/** A loan with the instants of its row. */
export type StoredLoan = LoanState & { readonly createdAt: Date; readonly updatedAt: Date };

/** A loan of a list, with the number by which the list is ordered, or when it was created where that orders it. */
export type ListedLoan = StoredLoan & { readonly orderKey: number; readonly createdPlace?: string };

export type LoanFilter = ListedRange<LoanId> & {
  /** Only this customer's loans: set when the caller is a customer. */
  readonly seenBy?: CustomerId | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly accountId?: AccountId | undefined;
  readonly productId?: LoanProductId | undefined;
  readonly status?: LoanStatus | undefined;
  readonly externalId?: string | undefined;
  readonly officer?: string | undefined;
  readonly minDaysPastDue?: number | undefined;
  readonly maxDaysPastDue?: number | undefined;
  readonly currency?: Currency | undefined;
  /** Of what is overdue, above zero. */
  readonly minArrearsMinor?: bigint | undefined;
  /** Of the next instalment. */
  readonly dueFrom?: IsoDate | undefined;
  readonly dueTo?: IsoDate | undefined;
  /** Newest first if not given. */
  readonly order?: LoanOrder | undefined;
  /** Of days past due. */
  readonly asOf?: IsoDate | undefined;
  readonly after?: LoanId | undefined;
  /** The key in the order of the loan that it comes after. */
  readonly afterKey?: number | undefined;
  /** When the loan was created that it comes after, where the list is ordered by that. */
  readonly afterCreated?: string | undefined;
  readonly limit: number;
};

/** A hundred years. */
const MAX_DAYS = 36_525;

/** A loan takes some ten of the 65,535 parameters of a statement. */
const INSERT_CHUNK = 1_000;

/** Stores new loans in part; updateLoans stores the rest of their state. */
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
      ...labelColumns(state),
      status: 'applied' as const,
      wish: JSON.stringify(state.requestedTerms),
      direct_debit: state.directDebit,
      officer: state.officer ?? null,
      requested_minor: state.requestedMinor,
      applied_on: state.appliedOn,
      last_event_number: state.lastEventNumber,
      version: state.version,
      created_at: now,
      updated_at: now,
    }));
    await tx.insertInto('loans').values(chunk).execute();
  }
  const ids = loans.map(({ id }) => id);
  await noteChanged(tx, bookId, 'loans', ids);
}

/** Stores the labels of a locked loan: nothing else changes them, and most changes of a loan come without. */
export async function updateLabels(tx: Tx, bookId: number, state: LoanState): Promise<void> {
  await tx
    .updateTable('loans')
    .set(labelColumns(state))
    .where('book_id', '=', bookId)
    .where('loan_id', '=', state.id)
    .execute();
}

const storeLoans = bulkUpdate('loans', { same: ['updated_at'] }).of<LoanState & { readonly due: LoanParts }>({
  key: { loan_id: uuids(({ id }) => id) },
  set: {
    status: texts(({ status }) => status),
    direct_debit: booleans(({ directDebit }) => directDebit),
    officer: texts(({ officer }) => officer),
    approved_minor: bigints(({ approvedMinor }) => approvedMinor),
    undisbursed_minor: bigints(({ undisbursedMinor }) => undisbursedMinor),
    disbursed_on: dates(({ disbursedOn }) => disbursedOn),
    ended_on: dates(({ endedOn }) => endedOn),
    schedule_version: integers(({ scheduleVersion }) => scheduleVersion),
    period: jsons(({ period }) => period && toExactJson(period)),
    next_due_on: dates(({ period }) => period && payableOn(period)),
    principal_minor: bigints(({ principalMinor }) => principalMinor),
    principal_due_minor: bigints(({ due }) => due.principalMinor),
    interest_accrued_minor: bigints(({ interestAccruedMinor }) => interestAccruedMinor),
    interest_due_minor: bigints(({ due }) => due.interestMinor),
    fees_due_minor: bigints(({ due }) => due.feesMinor),
    penalties_due_minor: bigints(({ due }) => due.penaltiesMinor),
    unpaid: jsons(({ unpaid }) => (unpaid.length === 0 ? '[]' : toExactJson(unpaid))),
    overdue_since: dates(({ unpaid }) => unpaid[0]?.dueOn),
    penalty_from: dates(({ penaltyRun }) => penaltyRun?.from),
    penalty_accrued_minor: bigints(({ penaltyRun }) => penaltyRun?.accruedMinor ?? 0n),
    paid_ahead_minor: bigints(({ paidAheadMinor }) => paidAheadMinor),
    accrued_through: dates(({ accruedThrough }) => accruedThrough),
    non_accrual_since: dates(({ nonAccrualSince }) => nonAccrualSince),
    provision_minor: bigints(({ provisionMinor }) => provisionMinor),
    lost_minor: bigints(({ lostMinor }) => lostMinor),
    recovered_minor: bigints(({ recoveredMinor }) => recoveredMinor),
    last_event_number: integers(({ lastEventNumber }) => lastEventNumber),
    version: integers(({ version }) => version),
  },
});

/** Stores the state of locked loans with one statement. */
export function updateLoans(
  tx: Tx,
  bookId: number,
  loans: readonly LoanState[],
  updatedAtMs: number,
): Promise<void> {
  const rows = loans.map((loan) => ({ ...loan, due: dueParts(loan) }));
  return storeLoans(tx, { book_id: bookId, updated_at: new Date(updatedAtMs) }, rows);
}

export type NewTerms = {
  readonly loanId: LoanId;
  readonly scheduleVersion: number;
  readonly validFrom: IsoDate;
  readonly reason: 'disbursed' | 'repaid' | 'rescheduled' | 'corrected';
  readonly terms: LoanTerms;
};

const insertNewTerms = bulkInsert('loan_terms').of<NewTerms>({
  loan_id: uuids(({ loanId }) => loanId),
  schedule_version: integers(({ scheduleVersion }) => scheduleVersion),
  valid_from: dates(({ validFrom }) => validFrom),
  reason: texts(({ reason }) => reason),
  terms: jsons(({ terms }) => toExactJson(terms)),
});

/** Stores the terms of new versions of schedules. The loans are locked. */
export async function insertTerms(tx: Tx, bookId: number, versions: readonly NewTerms[]): Promise<void> {
  await insertNewTerms(tx, { book_id: bookId }, versions);
  const keys = versions.map(({ loanId, scheduleVersion }) => [loanId, scheduleVersion]);
  await noteChanged(tx, bookId, 'loan_terms', keys);
}

export type StoredTerms = Omit<NewTerms, 'loanId'>;

/** Every version of a loan's schedule, oldest first. */
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
 * Locks a loan for the rest of the transaction: after its customer, before the book and all ledger accounts. Reads it
 * once locked: the terms that others gave it until then are in another table.
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

/** Locks the next active loans after an id, in ascending id. */
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

/** In the order of the filter. */
export async function listLoans(db: Db, bookId: number, filter: LoanFilter): Promise<ListedLoan[]> {
  const { after, limit, order = 'newest', asOf, afterKey = 0 } = filter;
  let query = narrowed(db, bookId, filter);
  if (order === 'newest' && isByCreation(filter)) {
    const { afterCreated: createdAt } = filter;
    if (after !== undefined && createdAt !== undefined) {
      query = query.where(createdBefore('l', 'loan_id', { id: after, createdAt }));
    }
    const rows = await query
      .select(createdPlace('l').as('createdPlace'))
      .orderBy('l.created_at', 'desc')
      .orderBy('l.loan_id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ createdPlace: place, ...row }) => ({
      ...toStored(row),
      orderKey: 0,
      createdPlace: place,
    }));
  }
  if (order === 'newest' || asOf === undefined) {
    if (after !== undefined) query = query.where('l.loan_id', '<', after);
    const rows = await query.orderBy('l.loan_id', 'desc').limit(limit).execute();
    return rows.map((row) => ({ ...toStored(row), orderKey: 0 }));
  }
  const key = orderKey(order, asOf);
  if (after !== undefined) {
    query = query.where(
      sql<boolean>`(${key} > ${afterKey} or (${key} = ${afterKey} and l.loan_id < ${after}::uuid))`,
    );
  }
  const rows = await query
    .select(key.as('orderKey'))
    .orderBy(key)
    .orderBy('l.loan_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ orderKey: place, ...row }) => ({ ...toStored(row), orderKey: place }));
}

/** The loans that a filter leaves, in no order. */
function narrowed(db: Db, bookId: number, filter: LoanFilter) {
  const { seenBy, customerId, accountId, productId, status, externalId, asOf } = filter;
  const { officer, minDaysPastDue, maxDaysPastDue, dueFrom, dueTo, currency, minArrearsMinor } = filter;
  let query = selectRows(db, bookId);
  if (seenBy !== undefined) query = query.where('l.customer_id', '=', seenBy);
  if (customerId !== undefined) query = query.where('l.customer_id', '=', customerId);
  if (accountId !== undefined) query = query.where('l.account_id', '=', accountId);
  if (productId !== undefined) query = query.where('l.loan_product_id', '=', productId);
  if (status !== undefined) query = query.where('l.status', '=', status);
  if (externalId !== undefined) query = query.where('l.external_id', '=', externalId.normalize('NFC'));
  if (officer !== undefined) query = query.where('l.officer', '=', officer.normalize('NFC'));
  if (dueFrom !== undefined) query = query.where(sql<boolean>`l.next_due_on >= ${dueFrom}::date`);
  if (dueTo !== undefined) query = query.where(sql<boolean>`l.next_due_on <= ${dueTo}::date`);
  if (asOf !== undefined && (minDaysPastDue ?? maxDaysPastDue) !== undefined) {
    const [least, most] = [minDaysPastDue ?? 0, maxDaysPastDue ?? MAX_DAYS];
    query = query
      .where('l.status', '=', 'active')
      .where(sql<boolean>`${daysPastDueOn(asOf)} between ${least} and ${most}`);
  }
  if (currency !== undefined) query = query.where('l.currency', '=', currency);
  if (asOf !== undefined && minArrearsMinor !== undefined) {
    query = query.where(isOverdueBy(asOf, minArrearsMinor));
  }
  for (const condition of listedWithin(bookId, ['l', 'loan_id'], filter)) query = query.where(condition);
  return query;
}

/** Amounts in JSON are strings: read the JSON as text and convert them. */
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
      'l.loan_id as id',
      'l.loan_product_id as productId',
      eb.ref('l.wish').$castTo<RequestedTerms>().as('requestedTerms'),
      ...columns('l', [
        'customer_id',
        'account_id',
        'currency',
        'status',
        'applied_on',
        'disbursed_on',
        'ended_on',
      ]),
      ...columns('l', [
        'penalty_from',
        'accrued_through',
        'external_id',
        'metadata',
        'direct_debit',
        'requested_minor',
        'officer',
        'paid_ahead_minor',
        'non_accrual_since',
        'undisbursed_minor',
      ]),
      ...columns('l', ['approved_minor', 'schedule_version', 'principal_minor', 'interest_accrued_minor']),
      ...columns('l', ['penalties_due_minor', 'penalty_accrued_minor', 'provision_minor', 'lost_minor']),
      ...columns('l', ['recovered_minor', 'last_event_number', 'version', 'created_at', 'updated_at']),
      customerDeath(sql`l`).as('borrowerDeceasedOn'),
      sql<string | null>`l.period::text`.as('period'),
      sql<string>`l.unpaid::text`.as('unpaid'),
      sql<string | null>`t.terms::text`.as('terms'),
    ])
    .where('l.book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

function toStored({ penaltyFrom, penaltyAccruedMinor, period, unpaid, terms, ...row }: Row): StoredLoan {
  return {
    ...withoutNulls(row),
    period: period === null ? undefined : fromExactJson<LoanPeriod>(period),
    unpaid: unpaid === '[]' ? [] : fromExactJson<UnpaidItem[]>(unpaid),
    terms: terms === null ? undefined : fromExactJson<LoanTerms>(terms),
    penaltyRun: penaltyFrom === null ? undefined : { from: penaltyFrom, accruedMinor: penaltyAccruedMinor },
  };
}
