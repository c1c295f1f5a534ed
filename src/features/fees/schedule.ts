import { integerArray, textArray, uuidArray } from '#db/binary-array.ts';
import { type AnyTx, run } from '#db/session.ts';
import { CHART } from '#ledger/chart.ts';
import type { InternalAccount } from '#ledger/entry.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId, CustomerId, InternalAccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Fee, FeeEvent } from './fee.ts';
import { readFees } from './read-fees.ts';
import type { FeeTermsInput } from './schemas.ts';

/** The fees of a product by a version of its terms, and where they are posted. */
export type Schedule = {
  readonly product: string;
  readonly currency: Currency;
  readonly version: number;
  readonly fees: readonly Fee[];
  /** How far beyond the limit charges may take an account, in minor units. */
  readonly toleratedMinor: bigint;
  readonly income: InternalAccount;
  readonly tax: InternalAccount;
};

/** An account, and the fees that its terms have on a date. */
export type PricedAccount = {
  readonly id: AccountId;
  readonly ownerId: CustomerId;
  readonly iban: string | null;
  readonly openedOn: IsoDate;
  readonly dateOfBirth: IsoDate | undefined;
  readonly schedule: Schedule | undefined;
};

/** SQL: the version of the terms of an account `a` that is in force on the date `$3`, if there is one. */
export const TERMS_IN_FORCE = `
    select t.version from product_terms t
    where t.book_id = $1 and t.product_code = a.product_code and t.currency = a.currency
      and t.effective_on <= $3::date and (t.applies_to = 'all_accounts' or t.effective_on <= a.opened_on)
    order by t.version desc limit 1`;

/**
 * SQL: the account `a` of each id in `$2`, by a look-up for each. A join may be planned, in an empty bank, to read all
 * accounts of the book; the order makes this the cheapest way (db/row-with.ts).
 */
export const WANTED_ACCOUNTS = `
  unnest($2::uuid[]) as wanted (account_id)
  cross join lateral (
    select * from accounts
    where book_id = $1 and account_id between wanted.account_id and wanted.account_id
    order by account_id limit 1
  ) as a`;

/** Accounts, and the version of their terms that is in force on a date. */
const ACCOUNTS = `
  select a.account_id as "id", a.customer_id as "ownerId", a.iban, a.opened_on as "openedOn",
    c.date_of_birth as "dateOfBirth", a.product_code as "product", a.currency, terms.version
  from ${WANTED_ACCOUNTS}
  cross join lateral (
    select date_of_birth from customers
    where book_id = $1 and customer_id between a.customer_id and a.customer_id
    order by customer_id limit 1
  ) as c
  left join lateral (${TERMS_IN_FORCE}) as terms on true`;

const lineOf = (name: string, usual: string): string => `
  (select l.ledger_account_id from ledger_accounts l
   where l.book_id = $1 and l.kind = 'internal' and l.currency = t.currency
     and l.gl_code = coalesce(p.accounting ->> '${name}', '${usual}'))`;

const SCHEDULES = `
  select t.product_code as "product", t.currency, t.version, t.terms -> 'fees' as "fees",
    t.terms -> 'overdraft' ->> 'unarrangedTolerance' as "tolerance",
    coalesce(p.accounting ->> 'feeIncome', '${CHART.feeIncome}') as "incomeCode",
    ${lineOf('feeIncome', CHART.feeIncome)} as "incomeId",
    coalesce(p.accounting ->> 'feeTaxPayable', '${CHART.feeTaxPayable}') as "taxCode",
    ${lineOf('feeTaxPayable', CHART.feeTaxPayable)} as "taxId"
  from unnest($2::text[], $3::text[], $4::int[]) as wanted (product_code, currency, version)
  cross join lateral (
    select * from product_terms
    where book_id = $1 and product_code = wanted.product_code and currency = wanted.currency
      and version = wanted.version
    limit 1
  ) as t
  join products p on p.book_id = $1 and p.product_code = t.product_code and p.currency = t.currency`;

const WITH_FEES = `
  select distinct t.product_code || ' ' || t.currency as "key"
  from product_terms t
  cross join lateral jsonb_array_elements(coalesce(t.terms -> 'fees', '[]')) as fee
  where t.book_id = $1 and fee ->> 'event' = any($2::text[]) order by 1`;

type AccountRow = Omit<PricedAccount, 'schedule' | 'dateOfBirth'> & {
  readonly dateOfBirth: IsoDate | null;
  readonly product: string;
  readonly currency: Currency;
  readonly version: number | null;
};

type ScheduleRow = {
  readonly product: string;
  readonly currency: Currency;
  readonly version: number;
  readonly fees: readonly FeeTermsInput[] | null;
  readonly tolerance: string | null;
  readonly incomeCode: string;
  readonly incomeId: InternalAccountId | null;
  readonly taxCode: string;
  readonly taxId: InternalAccountId | null;
};

/** A version of a product's terms. */
export type VersionKey = {
  readonly product: string;
  readonly currency: Currency;
  readonly version: number;
};

/** Accounts with their fees on a date; those that are gone are left out. */
export async function loadPricedAccounts(
  tx: AnyTx,
  bookId: number,
  ids: Iterable<AccountId>,
  date: IsoDate,
): Promise<ReadonlyMap<AccountId, PricedAccount>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const { rows } = await run<AccountRow>(tx, ACCOUNTS, [bookId, uuidArray(wanted), date]);
  const versions = rows.flatMap((row) => (row.version === null ? [] : [{ ...row, version: row.version }]));
  const schedules = await loadSchedules(tx, bookId, versions);
  return new Map(
    rows.map(({ product, currency, version, dateOfBirth, ...account }) => {
      const schedule = version === null ? undefined : schedules.get(keyOf({ product, currency, version }));
      return [account.id, { ...account, dateOfBirth: dateOfBirth ?? undefined, schedule }];
    }),
  );
}

/** The fees of versions of terms, by `keyOf`; those without fees are left out. */
export async function loadSchedules(
  tx: AnyTx,
  bookId: number,
  versions: readonly VersionKey[],
): Promise<ReadonlyMap<string, Schedule>> {
  const distinct = [...new Map(versions.map((one) => [keyOf(one), one])).values()];
  if (distinct.length === 0) return new Map();
  const { rows } = await run<ScheduleRow>(tx, SCHEDULES, [
    bookId,
    textArray(distinct.map(({ product }) => product)),
    textArray(distinct.map(({ currency }) => currency)),
    integerArray(distinct.map(({ version }) => version)),
  ]);
  return new Map(
    rows.flatMap((row): [string, Schedule][] => {
      const schedule = scheduleOf(row);
      return schedule === undefined ? [] : [[keyOf(row), schedule]];
    }),
  );
}

export const keyOf = ({ product, currency, version }: VersionKey): string =>
  `${product} ${currency} ${version}`;

function scheduleOf({ fees, tolerance, ...row }: ScheduleRow): Schedule | undefined {
  if (fees === null || fees.length === 0) return undefined;
  const { currency, product, version } = row;
  return {
    product,
    currency,
    version,
    fees: readFees(fees, currency),
    toleratedMinor: tolerance === null ? 0n : parseAmountOrZero(tolerance, currency),
    income: internalAccount(row.incomeId, row.incomeCode, currency),
    tax: internalAccount(row.taxId, row.taxCode, currency),
  };
}

function internalAccount(id: InternalAccountId | null, glCode: string, currency: Currency): InternalAccount {
  assert(id !== null, `the book keeps line ${glCode} in ${currency}`);
  return { id, glCode, currency };
}

/** Products, each with its currency, some version of whose terms has fees of some events. */
export async function listProductsWithFees(
  tx: AnyTx,
  bookId: number,
  events: readonly FeeEvent[],
): Promise<string[]> {
  const { rows } = await run<{ key: string }>(tx, WITH_FEES, [bookId, textArray(events)]);
  return rows.map(({ key }) => key);
}
