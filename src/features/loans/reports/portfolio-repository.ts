import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import type { LoanProductId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { ArrearsBucket } from '../products/product-conditions.ts';

/** The active loans of a product in one bucket of days past due. Minor units. */
export type PortfolioRow = {
  readonly productId: LoanProductId;
  readonly productName: string;
  readonly currency: Currency;
  readonly bucket: ArrearsBucket;
  readonly loans: number;
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
  readonly penaltiesMinor: bigint;
  /** The overdue part of all of these. */
  readonly arrearsMinor: bigint;
  /** The provision on the books, and the one that the product requires. */
  readonly provisionMinor: bigint;
  readonly requiredMinor: bigint;
  /** Loans that earn no income, and the interest and penalty interest of theirs that is not in the books. */
  readonly nonAccrualLoans: number;
  readonly memorandumMinor: bigint;
  /** What secures the loans, and how much of their principal that covers, loan by loan. */
  readonly collateralMinor: bigint;
  readonly securedMinor: bigint;
  readonly guaranteedLoans: number;
  readonly coBorrowerLoans: number;
};

/** A product's conditions as the sums need them; defaults are those of ProductConditions. */
const products = (bookId: number): RawBuilder<unknown> => sql`(
  select p.loan_product_id, p.conditions -> 'provisioningPercent' as percents,
    coalesce(p.conditions ->> 'rounding', 'half_even') as rounding,
    coalesce(p.conditions ->> 'provisionsOf', 'principal') = 'principal_and_interest' as covers_interest,
    coalesce((p.conditions ->> 'arrearsAfterDays')::int, 0) as after_days,
    coalesce(p.conditions ->> 'arrearsOf', 'principal_and_interest') = 'all' as counts_fees,
    coalesce((p.conditions ->> 'arrearsTolerance')::numeric, 0) * 10::numeric ^ c.decimals as tolerance_minor
  from loan_products p join currencies c on c.currency = p.currency where p.book_id = ${bookId})`;

/**
 * Active loans at the end of a date, by product and bucket, as daysPastDue and provisionFor see each. A loan with an
 * action on a later date is counted as of that date. Amounts that fall due on the date itself are not overdue.
 */
const portfolio = (bookId: number, date: IsoDate): RawBuilder<unknown> => sql`(
  select loan_product_id, bucket, count(*)::int as loans, sum(principal_minor)::bigint as principal_minor,
    sum(interest_minor)::bigint as interest_minor, sum(fees_due_minor)::bigint as fees_minor,
    sum(penalties_due_minor)::bigint as penalties_minor, sum(overdue_minor)::bigint as arrears_minor,
    sum(provision_minor)::bigint as provision_minor,
    sum(case when rounding = 'half_even' and exact - floor(exact) = 0.5 and floor(exact) % 2 = 0 then floor(exact)
      else floor(exact + 0.5) end)::bigint as required_minor,
    count(*) filter (where non_accrual_since is not null)::int as non_accrual_loans,
    coalesce(sum(interest_minor + penalties_due_minor) filter (where non_accrual_since is not null), 0)::bigint
      as memorandum_minor,
    sum(collateral_minor)::bigint as collateral_minor,
    sum(least(collateral_minor, principal_minor))::bigint as secured_minor,
    count(*) filter (where has_guarantor)::int as guaranteed_loans,
    count(*) filter (where has_co_borrower)::int as co_borrower_loans
  from (
    select l.*, (l.principal_minor + case when l.covers_interest and l.non_accrual_since is null
      then l.interest_minor else 0 end) * coalesce((l.percents ->> l.bucket)::numeric, 0) / 100 as exact
    from (
      select d.*, case when days = 0 then 'current' when days <= 30 then 'days1To30' when days <= 60 then 'days31To60'
        when days <= 90 then 'days61To90' else 'over90' end as bucket
      from (
        select l.loan_product_id, l.principal_minor, l.interest_accrued_minor + l.interest_due_minor as interest_minor,
          l.fees_due_minor, l.penalties_due_minor, l.provision_minor, p.percents, p.rounding, p.covers_interest,
          l.non_accrual_since, s.collateral_minor, s.has_guarantor, s.has_co_borrower,
          u.overdue_minor + l.penalties_due_minor as overdue_minor,
          case when u.counted_minor > p.tolerance_minor and o.asof - u.since > p.after_days
            then o.asof - u.since else 0 end as days
        from loans l
        join ${products(bookId)} as p on p.loan_product_id = l.loan_product_id
        cross join lateral (select greatest(${date}::date, l.accrued_through) as asof) as o
        cross join lateral (
          select
            (select coalesce(sum(k.value_minor), 0) from loan_collateral k
              where k.book_id = l.book_id and k.loan_id = l.loan_id and k.released_on is null) as collateral_minor,
            exists (select from loan_parties y where y.book_id = l.book_id and y.loan_id = l.loan_id
              and y.role = 'guarantor') as has_guarantor,
            exists (select from loan_parties y where y.book_id = l.book_id and y.loan_id = l.loan_id
              and y.role = 'co_borrower') as has_co_borrower
        ) as s
        cross join lateral (
          select coalesce(sum((item ->> 'principalMinor')::bigint + (item ->> 'interestMinor')::bigint
            + (item ->> 'feesMinor')::bigint), 0) as overdue_minor,
            coalesce(sum(c.minor), 0) as counted_minor,
            min((item ->> 'dueOn')::date) filter (where c.minor > 0) as since
          from jsonb_array_elements(l.unpaid) as item
          cross join lateral (select (item ->> 'principalMinor')::bigint + (item ->> 'interestMinor')::bigint
            + case when p.counts_fees then (item ->> 'feesMinor')::bigint else 0 end as minor) as c
          where (item ->> 'dueOn')::date < o.asof
        ) as u
        where l.book_id = ${bookId} and l.status = 'active'
      ) as d
    ) as l
  ) as l
  group by loan_product_id, bucket)`;

const COLUMNS = sql`loan_product_id as "productId", p.name as "productName", p.currency, r.bucket, r.loans,
  r.principal_minor as "principalMinor", r.interest_minor as "interestMinor", r.fees_minor as "feesMinor",
  r.penalties_minor as "penaltiesMinor", r.arrears_minor as "arrearsMinor", r.provision_minor as "provisionMinor",
  r.required_minor as "requiredMinor", r.non_accrual_loans as "nonAccrualLoans",
  r.memorandum_minor as "memorandumMinor", r.collateral_minor as "collateralMinor",
  r.secured_minor as "securedMinor", r.guaranteed_loans as "guaranteedLoans",
  r.co_borrower_loans as "coBorrowerLoans"`;

/** The current portfolio, seen from a date. */
export async function selectPortfolio(db: Db, bookId: number, date: IsoDate): Promise<PortfolioRow[]> {
  const { rows } = await sql<PortfolioRow>`
    select ${COLUMNS} from ${portfolio(bookId, date)} as r
    join loan_products p using (loan_product_id) where p.book_id = ${bookId}
    order by p.currency, p.name, loan_product_id, r.bucket`.execute(db);
  return rows;
}

/** The portfolio as stored at the end of a closed date. */
export async function selectKeptPortfolio(db: Db, bookId: number, date: IsoDate): Promise<PortfolioRow[]> {
  const { rows } = await sql<PortfolioRow>`
    select ${COLUMNS} from end_of_day_loans r
    join loan_products p using (book_id, loan_product_id)
    where r.book_id = ${bookId} and r.business_date = ${date}
    order by p.currency, p.name, loan_product_id, r.bucket`.execute(db);
  return rows;
}

/** Stores the portfolio of a date. The book's row is locked, so that no loan changes. */
export async function keepPortfolio(tx: Tx, bookId: number, date: IsoDate): Promise<void> {
  await sql`
    insert into end_of_day_loans (book_id, business_date, loan_product_id, bucket, loans, principal_minor,
      interest_minor, fees_minor, penalties_minor, arrears_minor, provision_minor, required_minor, non_accrual_loans,
      memorandum_minor, collateral_minor, secured_minor, guaranteed_loans, co_borrower_loans)
    select ${bookId}, ${date}, loan_product_id, bucket, loans, principal_minor, interest_minor, fees_minor,
      penalties_minor, arrears_minor, provision_minor, required_minor, non_accrual_loans, memorandum_minor,
      collateral_minor, secured_minor, guaranteed_loans, co_borrower_loans
    from ${portfolio(bookId, date)} as r`.execute(tx);
}

/** The last date up to a given one that an end of day closed. */
export function findKeptDate(db: Db, bookId: number, date: IsoDate): Promise<IsoDate | undefined> {
  return findCompleted(db, bookId, 'close-date', date);
}

/** The last date up to a given one at whose end loans accrued. */
export function findAccruedDate(db: Db, bookId: number, date: IsoDate): Promise<IsoDate | undefined> {
  return findCompleted(db, bookId, 'loans', date);
}

async function findCompleted(
  db: Db,
  bookId: number,
  step: string,
  date: IsoDate,
): Promise<IsoDate | undefined> {
  const { rows } = await sql<{ date: IsoDate | null }>`
    select max(business_date) as date from end_of_day_steps
    where book_id = ${bookId} and business_date <= ${date} and name = ${step} and status = 'completed'`.execute(
    db,
  );
  return rows[0]?.date ?? undefined;
}
