import { type RawBuilder, sql } from 'kysely';
import { bigints, booleans, bulkInsert, dates, integers, jsons, uuids } from '#db/bulk-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Agreement } from './account-rates.ts';
import { exemptionsOf, type TaxExemption } from './exemptions/exemption.ts';
import type { Position } from './position.ts';
import type { LimitFrom, PlannedPosting } from './replay.ts';
import { type StateText, stateText } from './state-text.ts';

/** A position as it is stored: its state needs the rates of the account. */
export type StoredPosition = Omit<Position, 'state' | 'id' | 'limits'> & {
  readonly periodFrom: IsoDate;
  readonly state: StateText;
  readonly limits: readonly LimitFrom[];
};

/** An account that may bear interest, as it is at the end of a date. */
export type InterestAccount = {
  readonly id: AccountId;
  readonly product: string;
  readonly currency: Currency;
  readonly openedOn: IsoDate;
  readonly limitMinor: bigint;
  /** After its last line by the end of the date. */
  readonly balanceMinor: bigint;
  readonly seq: bigint;
  /** Of its last line, which may be later than the date. */
  readonly lastBusinessDate: IsoDate;
  readonly exemptions: readonly TaxExemption[];
  /** The first day to count again from, whatever lines it has. */
  readonly recountFrom: IsoDate | undefined;
  /** Terms of its own, in place of those of its product. */
  readonly agreement: Agreement | undefined;
  readonly position: StoredPosition | undefined;
};

/** A product in a currency, as one text. */
export const productKey = (code: string, currency: Currency): string => `${code} ${currency}`;

/** The accounts of a chunk that may bear interest, and the last of all accounts in it. */
export type Chunk = { readonly ids: readonly AccountId[]; readonly last: AccountId };

/**
 * Locks the rows of open accounts of some products among the next accounts after one, by ascending id. Undefined where no
 * account is left.
 */
export async function lockChunk(
  tx: Tx,
  bookId: number,
  products: readonly string[],
  { after, limit }: { readonly after: AccountId | undefined; readonly limit: number },
): Promise<Chunk | undefined> {
  const isAfter = after === undefined ? sql`true` : sql`account_id > ${after}::uuid`;
  const { rows } = await sql<{ id: AccountId; isDue: boolean }>`
    select account_id as id, closed_on is null and product_code || ' ' || currency = any(${products}::text[]) as "isDue"
    from accounts where book_id = ${bookId} and ${isAfter} order by account_id limit ${limit}`.execute(tx);
  const last = rows.at(-1)?.id;
  if (last === undefined) return undefined;
  const due = rows.filter(({ isDue }) => isDue).map(({ id }) => id);
  const { rows: locked } = await sql<{ id: AccountId }>`
    select account_id as id from accounts
    where book_id = ${bookId} and account_id = any(${due}::uuid[]) and closed_on is null
    order by account_id for no key update`.execute(tx);
  return { ids: locked.map(({ id }) => id), last };
}

/** How many accounts of some products are open. */
export async function countAccounts(db: Db, bookId: number, products: readonly string[]): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from accounts
    where book_id = ${bookId} and closed_on is null
      and product_code || ' ' || currency = any(${products}::text[])`.execute(db);
  return Number(rows[0]?.count ?? 0n);
}

type AccountRow = Omit<InterestAccount, 'position' | 'agreement' | 'exemptions' | 'recountFrom'> & {
  readonly agreement: Agreement | null;
  readonly exemptions: readonly TaxExemption[] | null;
  readonly recountFrom: IsoDate | null;
  readonly accruedThrough: IsoDate | null;
  readonly periodFrom: IsoDate;
  readonly positionSeq: bigint;
  readonly state: StateText;
  readonly limits: readonly [from: IsoDate, limit: string][];
  readonly creditMinor: bigint;
  readonly debitMinor: bigint;
};

/** The terms that were agreed with an account, in a look-up: null for none. */
export function agreementOf(bookId: number, account: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select jsonb_build_object('through', g.through_on, 'terms', g.terms, 'isSettled', g.settled_on is not null) from interest_agreements g
    where g.book_id = ${bookId} and g.account_id = ${account} limit 1) as agreement`;
}

/**
 * Accounts with a line by the end of a date, as they were after the last of them, by ascending id. The limits make it a
 * look-up for each, also in a bank without statistics.
 */
export async function findInterestAccounts(
  db: Db,
  bookId: number,
  ids: readonly AccountId[],
  date: IsoDate,
): Promise<InterestAccount[]> {
  const { rows } = await sql<AccountRow>`
    select a.account_id as id, a.product_code as product, a.currency, a.opened_on as "openedOn",
      -coalesce(l.floor_minor, 0) as "limitMinor", last.balance_minor as "balanceMinor", last.seq,
      l.last_business_date as "lastBusinessDate", p.recount_from as "recountFrom", exempt.exemptions,
      p.accrued_through as "accruedThrough", p.period_from as "periodFrom", p.seq as "positionSeq", p.state, p.limits,
      p.credit_minor as "creditMinor", p.debit_minor as "debitMinor", ${agreementOf(bookId, sql`a.account_id`)}
    from unnest(${ids}::uuid[]) as wanted (id)
    cross join lateral (
      select * from accounts a where a.book_id = ${bookId} and a.account_id = wanted.id limit 1) as a
    cross join lateral (
      select * from ledger_accounts l where l.book_id = ${bookId} and l.ledger_account_id = wanted.id limit 1) as l
    cross join lateral (
      select l.balance_minor, l.seq where l.last_business_date <= ${date}::date
      union all
      select line.balance_minor, line.seq from (
        (select p.debit_balance_minor as balance_minor, p.debit_seq as seq from postings p
         where p.book_id = ${bookId} and p.debit_account_id = l.ledger_account_id and p.debit_seq is not null
           and p.business_date <= ${date}::date order by p.debit_seq desc limit 1)
        union all
        (select p.credit_balance_minor, p.credit_seq from postings p
         where p.book_id = ${bookId} and p.credit_account_id = l.ledger_account_id and p.credit_seq is not null
           and p.business_date <= ${date}::date order by p.credit_seq desc limit 1)
        order by seq desc limit 1
      ) as line where l.last_business_date > ${date}::date
    ) as last
    left join lateral (
      select * from interest_positions p where p.book_id = ${bookId} and p.account_id = wanted.id limit 1) as p on true
    left join lateral (
      select x.exemptions from tax_exemptions x
      where x.book_id = ${bookId} and x.customer_id = a.customer_id order by x.revision desc limit 1) as exempt on true
    order by wanted.id`.execute(db);
  return rows.map(toAccount);
}

function toAccount(row: AccountRow): InterestAccount {
  const { accruedThrough, periodFrom, positionSeq, state, limits, creditMinor, debitMinor, ...rest } = row;
  const account = {
    ...rest,
    agreement: rest.agreement ?? undefined,
    exemptions: exemptionsOf(rest.exemptions ?? [], rest.id),
    recountFrom: rest.recountFrom ?? undefined,
  };
  if (accruedThrough === null) return { ...account, position: undefined };
  const position = {
    accruedThrough,
    periodFrom,
    seq: positionSeq,
    state,
    limits: limits.map(([from, limit]) => ({ from, limitMinor: BigInt(limit) })),
    creditMinor,
    debitMinor,
  };
  return { ...account, position };
}

const upsertPositions = bulkInsert('interest_positions', {
  onConflict: `(book_id, account_id) do update set period_from = excluded.period_from,
    accrued_through = excluded.accrued_through, seq = excluded.seq, state = excluded.state, limits = excluded.limits,
    credit_minor = excluded.credit_minor, debit_minor = excluded.debit_minor, recount_from = null`,
}).of<Position>({
  account_id: uuids(({ id }) => id),
  period_from: dates(({ state }) => state.periodFrom),
  accrued_through: dates(({ accruedThrough }) => accruedThrough),
  seq: bigints(({ seq }) => seq),
  state: jsons(({ state }) => JSON.stringify(stateText(state))),
  limits: jsons(({ limits }) =>
    JSON.stringify(limits.map(({ from, limitMinor }) => [from, String(limitMinor)])),
  ),
  credit_minor: bigints(({ creditMinor }) => creditMinor),
  debit_minor: bigints(({ debitMinor }) => debitMinor),
});

/** Stores positions of accounts whose rows are locked. */
export function storePositions(tx: Tx, bookId: number, positions: readonly Position[]): Promise<void> {
  return upsertPositions(tx, { book_id: bookId }, positions);
}

/** What was posted, with the entries that did it. */
export type StoredPosting = Omit<PlannedPosting, 'valueDate'> & {
  readonly id: AccountId;
  /** 1, 2, 3 … of the account. */
  readonly number: number;
  readonly creditEntryId: TransactionId | undefined;
  readonly debitEntryId: TransactionId | undefined;
  readonly taxEntryId: TransactionId | undefined;
};

const insertRows = bulkInsert('interest_postings').of<StoredPosting>({
  account_id: uuids(({ id }) => id),
  posting_number: integers(({ number }) => number),
  period_from: dates(({ from }) => from),
  period_to: dates(({ to }) => to),
  is_correction: booleans(({ isCorrection }) => isCorrection),
  credit_minor: bigints(({ creditMinor }) => creditMinor),
  arranged_minor: bigints(({ arrangedMinor }) => arrangedMinor),
  unarranged_minor: bigints(({ unarrangedMinor }) => unarrangedMinor),
  tax: jsons(({ tax }) => JSON.stringify(tax.map(({ name, amountMinor }) => [name, String(amountMinor)]))),
  credit_entry_id: uuids(({ creditEntryId }) => creditEntryId),
  debit_entry_id: uuids(({ debitEntryId }) => debitEntryId),
  tax_entry_id: uuids(({ taxEntryId }) => taxEntryId),
});

export function insertPostings(tx: Tx, bookId: number, postings: readonly StoredPosting[]): Promise<void> {
  return insertRows(tx, { book_id: bookId }, postings);
}

/** The number of the last posting of each account that has one. */
export async function findLastNumbers(
  db: Db,
  bookId: number,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, number>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: AccountId; number: number }>`
    select wanted.id, last.number from unnest(${ids}::uuid[]) as wanted (id)
    cross join lateral (
      select p.posting_number as number from interest_postings p
      where p.book_id = ${bookId} and p.account_id = wanted.id order by p.posting_number desc limit 1) as last`.execute(
    db,
  );
  return new Map(rows.map(({ id, number }) => [id, number]));
}

type PostingRow = Omit<StoredPosting, 'tax' | 'creditEntryId' | 'debitEntryId' | 'taxEntryId'> & {
  readonly tax: readonly [name: string, amount: string][];
  readonly creditEntryId: TransactionId | null;
  readonly debitEntryId: TransactionId | null;
  readonly taxEntryId: TransactionId | null;
};

/** A posting a day for ten years, each corrected ten times: more than an account has. */
const MAX_POSTINGS = 40_000;

/** What was posted of periods that end on a date or later, by account and number. */
export async function listPostings(
  db: Db,
  bookId: number,
  ids: readonly AccountId[],
  endingFrom: IsoDate,
): Promise<StoredPosting[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<PostingRow>`
    select account_id as id, posting_number as number, period_from as "from", period_to as "to",
      is_correction as "isCorrection", credit_minor as "creditMinor", arranged_minor as "arrangedMinor",
      unarranged_minor as "unarrangedMinor", tax, credit_entry_id as "creditEntryId",
      debit_entry_id as "debitEntryId", tax_entry_id as "taxEntryId"
    from unnest(${ids}::uuid[]) as wanted (id)
    cross join lateral (
      select * from interest_postings p where p.book_id = ${bookId} and p.account_id = wanted.id
        and p.period_to >= ${endingFrom}::date limit ${MAX_POSTINGS}) as p
    order by account_id, posting_number`.execute(db);
  return rows.map(({ tax, creditEntryId, debitEntryId, taxEntryId, ...row }) => ({
    ...row,
    tax: tax.map(([name, amount]) => ({ name, amountMinor: BigInt(amount) })),
    creditEntryId: creditEntryId ?? undefined,
    debitEntryId: debitEntryId ?? undefined,
    taxEntryId: taxEntryId ?? undefined,
  }));
}
