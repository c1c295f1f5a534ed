import { sql } from 'kysely';
import { bigints, booleans, bulkInsert, bulkUpdate, dates, integers, texts, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { hasMetadata } from '#db/labels.ts';
import { LOOKED_AT } from '#db/look-back.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { type Holder, heldAccounts } from '#features/accounts/contract.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Deposit } from './deposit.ts';
import { insertEvents } from './event-repository.ts';
import type { DepositState, DepositStatus } from './state.ts';

/** A deposit with what its rows say beside it. */
export type StoredDeposit = DepositState & {
  /** The owner of its account. */
  readonly customerId: CustomerId;
  readonly labels: Labels;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** The place of a deposit in the list by maturity. */
export type DepositPlace = { readonly maturesOn: IsoDate; readonly id: AccountId };

export type DepositFilter = {
  /** Only of accounts that this customer holds: set when the caller is a customer. */
  readonly seenBy?: CustomerId | undefined;
  /** Of accounts that this customer holds, in any role. */
  readonly customerId?: CustomerId | undefined;
  /** Its own account, or one that it is paid out to or collects from. */
  readonly accountId?: AccountId | undefined;
  readonly product?: string | undefined;
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  readonly status?: DepositStatus | undefined;
  /** Running ones that mature before this date. */
  readonly maturesBefore?: IsoDate | undefined;
  /** Running ones whose customers are to be told by this date. */
  readonly noticeDueBy?: IsoDate | undefined;
  readonly after?: DepositPlace | undefined;
  /** The last one that is looked at. */
  readonly through?: DepositPlace | undefined;
  readonly limit: number;
};

function selectDeposits(db: Db, bookId: number) {
  return db
    .selectFrom('deposits as d')
    .innerJoin('accounts as a', (join) =>
      join.onRef('a.book_id', '=', 'd.book_id').onRef('a.account_id', '=', 'd.account_id'),
    )
    .select([
      'd.account_id as id',
      'd.product_code as product',
      'a.customer_id as customerId',
      'a.external_id as externalId',
      'a.metadata',
      ...columns('d', [
        'currency',
        'terms_version',
        'principal_minor',
        'rate_ppm',
        'term_unit',
        'term_count',
      ]),
      ...columns('d', ['opened_on', 'matures_on', 'notice_due_on', 'pays_interest_out', 'payout_account_id']),
      ...columns('d', [
        'on_maturity',
        'renewal_product',
        'renewal_unit',
        'renewal_count',
        'status',
        'waits_for',
      ]),
      ...columns('d', [
        'collected_from_id',
        'instalment_minor',
        'instalment_frequency',
        'instalment_count',
        'instalments_settled',
        'instalments_missed',
        'next_instalment_on',
      ]),
      ...columns('d', ['ended_on', 'renews_id', 'renewed_as_id', 'last_event_number', 'version']),
      ...columns('d', ['created_by', 'created_at', 'updated_at']),
    ])
    .where('d.book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectDeposits>['executeTakeFirstOrThrow']>>;

function toDeposit(row: Row): StoredDeposit {
  const {
    termUnit,
    termCount,
    payoutAccountId,
    onMaturity,
    renewalProduct,
    renewalUnit,
    renewalCount,
    instalmentMinor,
    instalmentFrequency,
    instalmentCount,
    instalmentsSettled,
    instalmentsMissed,
    nextInstalmentOn,
    externalId,
    metadata,
    ...rest
  } = withoutNulls(row);
  return {
    ...rest,
    labels: { externalId, metadata },
    plan:
      instalmentMinor === undefined || instalmentFrequency === undefined
        ? undefined
        : {
            amountMinor: instalmentMinor,
            frequency: instalmentFrequency,
            count: instalmentCount ?? 0,
            settled: instalmentsSettled ?? 0,
            missed: instalmentsMissed ?? 0,
            nextDueOn: nextInstalmentOn,
          },
    term: { unit: termUnit, count: termCount },
    instruction: {
      onMaturity,
      payoutAccountId,
      renewalProduct,
      renewalTerm:
        renewalUnit === undefined || renewalCount === undefined
          ? undefined
          : { unit: renewalUnit, count: renewalCount },
    },
  };
}

export async function findDeposit(db: Db, bookId: number, id: AccountId): Promise<StoredDeposit | undefined> {
  const row = await selectDeposits(db, bookId).where('d.account_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toDeposit(row);
}

/** By maturity, the next one first. */
export async function listDeposits(db: Db, bookId: number, filter: DepositFilter): Promise<StoredDeposit[]> {
  const { seenBy, customerId, accountId, product, externalId, status } = filter;
  const { maturesBefore, noticeDueBy, through, after, limit } = filter;
  let query = selectDeposits(db, bookId);
  for (const holder of [seenBy, customerId]) {
    if (holder === undefined) continue;
    query = query.where(sql<boolean>`d.account_id in ${heldAccounts(bookId, holder)}`);
  }
  if (accountId !== undefined) {
    query = query.where((eb) =>
      eb.or([
        eb('d.account_id', '=', accountId),
        eb('d.payout_account_id', '=', accountId),
        eb('d.collected_from_id', '=', accountId),
      ]),
    );
  }
  if (externalId !== undefined) query = query.where('a.external_id', '=', externalId.normalize('NFC'));
  if (product !== undefined) query = query.where('d.product_code', '=', product);
  if (status !== undefined) query = query.where('d.status', '=', status);
  if (maturesBefore !== undefined) {
    query = query.where('d.status', '=', 'active').where(sql<boolean>`d.matures_on < ${maturesBefore}::date`);
  }
  if (noticeDueBy !== undefined) {
    query = query
      .where('d.status', '=', 'active')
      .where(sql<boolean>`d.notice_due_on <= ${noticeDueBy}::date`);
  }
  for (const condition of hasMetadata('a', filter)) query = query.where(condition);
  if (through !== undefined) {
    query = query.where(
      sql<boolean>`(d.matures_on, d.account_id) <= (${through.maturesOn}::date, ${through.id}::uuid)`,
    );
  }
  if (after !== undefined) {
    query = query.where(
      sql<boolean>`(d.matures_on, d.account_id) > (${after.maturesOn}::date, ${after.id}::uuid)`,
    );
  }
  const rows = await query.orderBy('d.matures_on').orderBy('d.account_id').limit(limit).execute();
  return rows.map(toDeposit);
}

/** The last deposit that a page looks at, by maturity (see lookBackFrom); undefined where the list ends before. */
export async function lookOnDeposits(
  db: Db,
  bookId: number,
  after: DepositPlace | undefined,
  count = LOOKED_AT,
): Promise<DepositPlace | undefined> {
  const isAfter =
    after === undefined
      ? sql`true`
      : sql`(matures_on, account_id) > (${after.maturesOn}::date, ${after.id}::uuid)`;
  const { rows } = await sql<DepositPlace>`
    select matures_on as "maturesOn", account_id as id from deposits where book_id = ${bookId} and ${isAfter}
    order by matures_on, account_id offset ${count - 1} limit 1`.execute(db);
  return rows[0];
}

/** All deposits after one, by id: `verify` goes through them. */
export async function listAllDeposits(
  db: Db,
  bookId: number,
  { after, limit }: { readonly after: AccountId | undefined; readonly limit: number },
): Promise<StoredDeposit[]> {
  let query = selectDeposits(db, bookId);
  if (after !== undefined) query = query.where('d.account_id', '>', after);
  return (await query.orderBy('d.account_id').limit(limit).execute()).map(toDeposit);
}

/** Locks deposits and the rows of their accounts, by ascending id, and reads them. */
export async function lockDeposits(
  tx: Tx,
  bookId: number,
  ids: readonly AccountId[],
): Promise<StoredDeposit[]> {
  if (ids.length === 0) return [];
  await sql`
    select from deposits where book_id = ${bookId} and account_id = any(${[...ids]}::uuid[])
    order by account_id for no key update`.execute(tx);
  await sql`
    select from accounts where book_id = ${bookId} and account_id = any(${[...ids]}::uuid[])
    order by account_id for no key update`.execute(tx);
  const rows = await selectDeposits(tx, bookId)
    .where(sql<boolean>`d.account_id = any(${[...ids]}::uuid[])`)
    .orderBy('d.account_id')
    .execute();
  return rows.map(toDeposit);
}

const insertRows = bulkInsert('deposits', { same: ['created_at', 'updated_at'] }).of<DepositState>({
  account_id: uuids(({ id }) => id),
  product_code: texts(({ product }) => product),
  currency: texts(({ currency }) => currency),
  terms_version: integers(({ termsVersion }) => termsVersion),
  principal_minor: bigints(({ principalMinor }) => principalMinor),
  rate_ppm: bigints(({ ratePpm }) => ratePpm),
  term_unit: texts(({ term }) => term.unit),
  term_count: integers(({ term }) => term.count),
  opened_on: dates(({ openedOn }) => openedOn),
  matures_on: dates(({ maturesOn }) => maturesOn),
  notice_due_on: dates(({ noticeDueOn }) => noticeDueOn),
  pays_interest_out: booleans(({ paysInterestOut }) => paysInterestOut),
  renews_id: uuids(({ renewsId }) => renewsId),
  created_by: texts(({ createdBy }) => createdBy),
  payout_account_id: uuids(({ instruction }) => instruction.payoutAccountId),
  on_maturity: texts(({ instruction }) => instruction.onMaturity),
  renewal_product: texts(({ instruction }) => instruction.renewalProduct),
  renewal_unit: texts(({ instruction }) => instruction.renewalTerm?.unit),
  renewal_count: integers(({ instruction }) => instruction.renewalTerm?.count),
  collected_from_id: uuids(({ collectedFromId }) => collectedFromId),
  instalment_minor: bigints(({ plan }) => plan?.amountMinor),
  instalment_frequency: texts(({ plan }) => plan?.frequency),
  instalment_count: integers(({ plan }) => plan?.count),
  instalments_settled: integers(({ plan }) => plan?.settled),
  instalments_missed: integers(({ plan }) => plan?.missed),
  next_instalment_on: dates(({ plan }) => plan?.nextDueOn),
  status: texts(({ status }) => status),
  last_event_number: integers(({ lastEventNumber }) => lastEventNumber),
  version: integers(({ version }) => version),
});

const updateRows = bulkUpdate('deposits', { same: ['updated_at'] }).of<DepositState>({
  key: { account_id: uuids(({ id }) => id) },
  set: {
    payout_account_id: uuids(({ instruction }) => instruction.payoutAccountId),
    on_maturity: texts(({ instruction }) => instruction.onMaturity),
    renewal_product: texts(({ instruction }) => instruction.renewalProduct),
    renewal_unit: texts(({ instruction }) => instruction.renewalTerm?.unit),
    renewal_count: integers(({ instruction }) => instruction.renewalTerm?.count),
    principal_minor: bigints(({ principalMinor }) => principalMinor),
    matures_on: dates(({ maturesOn }) => maturesOn),
    notice_due_on: dates(({ noticeDueOn }) => noticeDueOn),
    collected_from_id: uuids(({ collectedFromId }) => collectedFromId),
    instalment_count: integers(({ plan }) => plan?.count),
    instalments_settled: integers(({ plan }) => plan?.settled),
    instalments_missed: integers(({ plan }) => plan?.missed),
    next_instalment_on: dates(({ plan }) => plan?.nextDueOn),
    status: texts(({ status }) => status),
    waits_for: texts(({ waitsFor }) => waitsFor),
    ended_on: dates(({ endedOn }) => endedOn),
    renewed_as_id: uuids(({ renewedAsId }) => renewedAsId),
    last_event_number: integers(({ lastEventNumber }) => lastEventNumber),
    version: integers(({ version }) => version),
  },
});

/** Who did something to deposits, and when. */
export type Doing = { readonly actor: string; readonly nowMs: number };

/** Stores new deposits with their events. Their accounts are there. */
export async function insertDeposits(
  tx: Tx,
  bookId: number,
  deposits: readonly Deposit[],
  doing: Doing,
): Promise<void> {
  if (deposits.length === 0) return;
  const now = new Date(doing.nowMs);
  const states = deposits.map(({ state }) => state);
  await insertRows(tx, { book_id: bookId, created_at: now, updated_at: now }, states);
  await storeEvents(tx, bookId, deposits, doing);
}

/** Stores what happened to locked deposits. */
export async function updateDeposits(
  tx: Tx,
  bookId: number,
  deposits: readonly Deposit[],
  doing: Doing,
): Promise<void> {
  const changed = deposits.filter(({ events }) => events.length > 0);
  if (changed.length === 0) return;
  const states = changed.map(({ state }) => state);
  await updateRows(tx, { book_id: bookId, updated_at: new Date(doing.nowMs) }, states);
  await storeEvents(tx, bookId, changed, doing);
}

async function storeEvents(
  tx: Tx,
  bookId: number,
  deposits: readonly Deposit[],
  doing: Doing,
): Promise<void> {
  const ids = deposits.map(({ state }) => state.id);
  await noteChanged(tx, bookId, 'deposits', ids);
  const events = deposits.flatMap(({ state, events: all }) =>
    all.map((event) => ({ ...event, id: state.id })),
  );
  await insertEvents(tx, bookId, events, doing);
}

/** Whether a deposit that is not over is paid out to an account, or collects instalments from it. */
export async function servesDeposit(db: Db, bookId: number, id: AccountId): Promise<boolean> {
  const { rows } = await sql`
    (select from deposits where book_id = ${bookId} and payout_account_id = ${id} and status in ('active', 'matured')
      limit 1)
    union all
    (select from deposits where book_id = ${bookId} and collected_from_id = ${id} and status = 'active' limit 1)`.execute(
    db,
  );
  return rows.length > 0;
}

/** Whether a deposit of somebody else, running or over, names an account that would go with the customer. */
export async function servesDepositOfOthers(
  db: Db,
  bookId: number,
  customerId: CustomerId,
): Promise<boolean> {
  const { rows } = await sql`
    select from accounts a
    join deposits d on d.book_id = a.book_id
      and (d.payout_account_id = a.account_id or d.collected_from_id = a.account_id)
    join accounts own on own.book_id = d.book_id and own.account_id = d.account_id
    where a.book_id = ${bookId} and a.customer_id = ${customerId} and own.customer_id <> a.customer_id
    limit 1`.execute(db);
  return rows.length > 0;
}

/** Who holds accounts beside their owners, by account. */
export async function findOtherHolders(
  db: Db,
  bookId: number,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, Holder[]>> {
  const rows = await db
    .selectFrom('account_holders')
    .select(['account_id as id', 'customer_id as customerId', 'role'])
    .where('book_id', '=', bookId)
    .where(sql<boolean>`account_id = any(${[...ids]}::uuid[])`)
    .where('role', '<>', 'owner')
    .orderBy('created_at')
    .orderBy('customer_id')
    .execute();
  return Map.groupBy(rows, ({ id }) => id);
}
