import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { EntryKind } from '#ledger/entry.ts';
import type { InternalAccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** What an entry debited and credited on a line of the chart, in minor units. */
export type LineOfEntry = {
  readonly entryId: TransactionId;
  readonly kind: EntryKind;
  readonly actor: string;
  /** On which it counts in the books. */
  readonly date: IsoDate;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
  /** The other lines of the chart that the entry posts to in the currency, by code. */
  readonly contra: readonly string[];
  /** Of an entry by hand. */
  readonly reason: string | null;
};

/** After which entry of the books a page begins. */
export type LinePlace = { readonly date: IsoDate; readonly entryId: TransactionId };

export type LineFilter = {
  readonly glCode: string;
  readonly currency: Currency;
  readonly from: IsoDate | undefined;
  readonly to: IsoDate | undefined;
  readonly after: LinePlace | undefined;
  readonly limit: number;
};

type Row = Omit<LineOfEntry, 'debitMinor' | 'creditMinor'> & {
  readonly debit: string;
  readonly credit: string;
};

/** Which of its postings a line of the chart is read from. */
type Source = 'own account' | 'few accounts' | 'many accounts';

/** Sorted at once in some 20 ms; with more, the journal is read in its order. */
const FEW_ACCOUNTS = 500;
const FEW_LINES = 20_000;

/** The currencies in which a line of the chart has accounts, in order. */
export async function selectLineCurrencies(db: Db, bookId: number, glCode: string): Promise<Currency[]> {
  const { rows } = await sql<{ currency: Currency }>`
    select currency from ledger_accounts
    where book_id = ${bookId} and gl_code = ${glCode} and kind = 'internal'
    union
    select currency from ledger_accounts
    where book_id = ${bookId} and gl_code = ${glCode} and kind = 'customer'
    order by currency`.execute(db);
  return rows.map(({ currency }) => currency);
}

/** The entries that posted to a line of the chart, in the order of the books: by date, then by id. */
export async function listLines(db: Db, bookId: number, filter: LineFilter): Promise<LineOfEntry[]> {
  const { currency, limit } = filter;
  const sums = sumsOf(await findSource(db, bookId, filter), bookId, filter);
  const { rows } = await sql<Row>`
    with page as materialized (
      select counts_on, entry_id, coalesce(sum(debit_minor), 0) as debit_minor,
        coalesce(sum(credit_minor), 0) as credit_minor
      from (${sums}) s group by counts_on, entry_id order by counts_on, entry_id limit ${limit}
    )
    select p.entry_id as "entryId", e.kind, e.actor, p.counts_on as date, p.debit_minor::text as debit,
      p.credit_minor::text as credit, m.reason, coalesce((
        select array_agg(distinct a.gl_code order by a.gl_code)
        from postings o
        join ledger_accounts a on a.book_id = o.book_id
          and a.ledger_account_id in (o.debit_account_id, o.credit_account_id)
        where o.book_id = ${bookId} and o.entry_id = p.entry_id and o.currency = ${currency}
          and a.gl_code <> ${filter.glCode}), '{}') as contra
    from page p
    join journal_entries e on e.book_id = ${bookId} and e.entry_id = p.entry_id
    left join manual_entries m on m.book_id = ${bookId} and m.entry_id = p.entry_id
    order by p.counts_on, p.entry_id`.execute(db);
  return rows.map(({ debit, credit, ...line }) => ({
    ...line,
    debitMinor: BigInt(debit),
    creditMinor: BigInt(credit),
  }));
}

type Found = { readonly source: Source; readonly ownId: InternalAccountId | null };

/** A line has an account of the bank, or accounts of customers: never both (a law of the books). */
async function findSource(db: Db, bookId: number, { glCode, currency }: LineFilter): Promise<Found> {
  const { rows } = await sql<{ ownId: InternalAccountId | null; isFew: boolean }>`
    select (
      select ledger_account_id from ledger_accounts
      where book_id = ${bookId} and gl_code = ${glCode} and currency = ${currency} and kind = 'internal'
    ) as "ownId", (
      select count(*) <= ${FEW_ACCOUNTS} and coalesce(sum(seq), 0) <= ${FEW_LINES} from (
        select seq from ledger_accounts
        where book_id = ${bookId} and gl_code = ${glCode} and currency = ${currency} and kind = 'customer'
        limit ${FEW_ACCOUNTS + 1}
      ) as counted
    ) as "isFew"`.execute(db);
  const { ownId = null, isFew = true } = rows[0] ?? {};
  if (ownId !== null) return { source: 'own account', ownId };
  return { source: isFew ? 'few accounts' : 'many accounts', ownId };
}

function sumsOf({ source, ownId }: Found, bookId: number, filter: LineFilter): RawBuilder<unknown> {
  switch (source) {
    case 'own account':
      return ofOwnAccount(bookId, sql`${ownId}::uuid`, filter);
    case 'few accounts':
      return ofFewAccounts(bookId, filter);
    case 'many accounts':
      return ofManyAccounts(bookId, filter);
  }
}

/** Conditions on a date and an entry, by the names of their columns. */
function isWithin(date: string, entry: string, { from, to, after }: LineFilter): RawBuilder<unknown> {
  const [on, id] = [sql.ref(date), sql.ref(entry)];
  const parts = [
    from === undefined ? [] : [sql`${on} >= ${from}::date`],
    to === undefined ? [] : [sql`${on} <= ${to}::date`],
    after === undefined ? [] : [sql`(${on}, ${id}) > (${after.date}::date, ${after.entryId}::uuid)`],
  ].flat();
  return parts.length === 0 ? sql`true` : sql.join(parts, sql` and `);
}

/**
 * Both sides by their own index, each as far as the page reaches, and the entries by hand that count earlier than they
 * were booked.
 */
function ofOwnAccount(bookId: number, id: RawBuilder<unknown>, filter: LineFilter): RawBuilder<unknown> {
  const side = (name: 'debit' | 'credit') => sql`(
    select p.business_date as counts_on, p.entry_id, ${sideSums(name)}
    from postings p
    where p.book_id = ${bookId} and ${sql.ref(`p.${name}_account_id`)} = ${id}
      and ${sql.ref(`p.${name}_seq`)} is null and ${isWithin('p.business_date', 'p.entry_id', filter)}
      and not exists (
        select from manual_entries m
        where m.book_id = p.book_id and m.entry_id = p.entry_id and m.accounting_date < m.business_date)
    group by p.business_date, p.entry_id order by p.business_date, p.entry_id limit ${filter.limit})`;
  return sql`
    ${side('debit')} union all ${side('credit')} union all
    select m.accounting_date, m.entry_id, sum(p.amount_minor) filter (where p.debit_account_id = ${id}),
      sum(p.amount_minor) filter (where p.credit_account_id = ${id})
    from manual_entries m
    join postings p on p.book_id = m.book_id and p.entry_id = m.entry_id
      and ${id} in (p.debit_account_id, p.credit_account_id)
    where m.book_id = ${bookId} and m.accounting_date < m.business_date
      and ${isWithin('m.accounting_date', 'm.entry_id', filter)}
    group by m.accounting_date, m.entry_id`;
}

function sideSums(name: 'debit' | 'credit'): RawBuilder<unknown> {
  return name === 'debit'
    ? sql`sum(p.amount_minor) as debit_minor, null::numeric as credit_minor`
    : sql`null::numeric, sum(p.amount_minor)`;
}

/** All lines of the accounts, to be sorted. */
function ofFewAccounts(bookId: number, filter: LineFilter): RawBuilder<unknown> {
  const { glCode, currency } = filter;
  const side = (name: 'debit' | 'credit') => sql`
    select p.business_date as counts_on, p.entry_id, ${sideSums(name)}
    from ledger_accounts a
    join postings p on p.book_id = a.book_id and ${sql.ref(`p.${name}_account_id`)} = a.ledger_account_id
      and ${sql.ref(`p.${name}_seq`)} is not null
    where a.book_id = ${bookId} and a.gl_code = ${glCode} and a.currency = ${currency}
      and a.kind = 'customer' and ${isWithin('p.business_date', 'p.entry_id', filter)}
    group by p.business_date, p.entry_id`;
  return sql`${side('debit')} union all ${side('credit')}`;
}

/** The journal in its order, until the page is full: most of its entries are about such a line. */
function ofManyAccounts(bookId: number, filter: LineFilter): RawBuilder<unknown> {
  const { glCode, currency, limit } = filter;
  return sql`
    select e.business_date as counts_on, e.entry_id, s.debit_minor, s.credit_minor
    from journal_entries e
    cross join lateral (
      select sum(p.amount_minor) filter (where d.gl_code = ${glCode}) as debit_minor,
        sum(p.amount_minor) filter (where c.gl_code = ${glCode}) as credit_minor
      from postings p
      join ledger_accounts d on d.book_id = p.book_id and d.ledger_account_id = p.debit_account_id
      join ledger_accounts c on c.book_id = p.book_id and c.ledger_account_id = p.credit_account_id
      where p.book_id = e.book_id and p.entry_id = e.entry_id and p.currency = ${currency}
        and ${glCode} in (d.gl_code, c.gl_code)
      having count(*) > 0
    ) as s
    where e.book_id = ${bookId} and ${isWithin('e.business_date', 'e.entry_id', filter)}
    order by e.business_date, e.entry_id limit ${limit}`;
}
