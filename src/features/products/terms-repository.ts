import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import { CHART } from '#ledger/chart.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { ChartLine } from './accounting.ts';
import type { ProductKey } from './product.ts';
import type { ProductTerms, TermsVersion } from './terms.ts';

/** A version of a product in a currency, and who made it when. */
export type StoredVersion = TermsVersion & {
  readonly code: string;
  readonly currency: Currency;
  readonly createdBy: string;
  readonly createdAt: Date;
};

/** By currency, then version: the versions of a product, in one of its currencies or in all. */
export async function listVersions(
  db: Db,
  bookId: number,
  { code, currency }: ProductKey,
): Promise<StoredVersion[]> {
  let query = db
    .selectFrom('product_terms as t')
    .select((eb) => [
      't.product_code as code',
      't.effective_on as effectiveFrom',
      ...columns('t', ['currency', 'version', 'applies_to', 'created_by', 'created_at']),
      eb.ref('t.terms').$castTo<ProductTerms>().as('terms'),
    ])
    .where('t.book_id', '=', bookId)
    .where('t.product_code', '=', code);
  if (currency !== undefined) query = query.where('t.currency', '=', currency);
  return query.orderBy('t.currency').orderBy('t.version').execute();
}

/** The date of the last version of a product in a currency, and its number. */
export async function findLastVersion(
  db: Db,
  bookId: number,
  { code, currency }: Required<ProductKey>,
): Promise<Pick<TermsVersion, 'version' | 'effectiveFrom'> | undefined> {
  return db
    .selectFrom('product_terms')
    .select(['version', 'effective_on as effectiveFrom'])
    .where('book_id', '=', bookId)
    .where('product_code', '=', code)
    .where('currency', '=', currency as Currency)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function insertVersion(tx: Tx, bookId: number, version: StoredVersion): Promise<void> {
  await tx
    .insertInto('product_terms')
    .values({
      book_id: bookId,
      product_code: version.code,
      currency: version.currency,
      version: version.version,
      effective_on: version.effectiveFrom,
      applies_to: version.appliesTo,
      terms: JSON.stringify(version.terms),
      created_by: version.createdBy,
      created_at: version.createdAt,
    })
    .execute();
  const key = [version.code, version.currency, version.version];
  await noteChanged(tx, bookId, 'product_terms', [key]);
}

/** Lines of the chart by their codes, as they are in a currency. */
export async function findChartLines(
  db: Db,
  bookId: number,
  currency: Currency,
  glCodes: readonly string[],
): Promise<ChartLine[]> {
  const usual = [
    CHART.currentAccounts,
    CHART.savingsAccounts,
    CHART.depositInterestPayable,
    CHART.overdraftInterestReceivable,
  ];
  const { rows } = await sql<ChartLine>`
    select g.gl_code as "glCode", g.class, not g.is_group and not g.retired as "isOpen",
      exists (
        select from ledger_accounts l where l.book_id = g.book_id and l.gl_code = g.gl_code
          and l.currency = ${currency} and l.kind = 'internal') as "isInternal",
      exists (
        select from products p where p.book_id = g.book_id and p.gl_code = g.gl_code) as "isOfCustomers",
      coalesce(g.is_control, g.gl_code = any(${usual}::text[])) as "isControl"
    from gl_accounts g where g.book_id = ${bookId} and g.gl_code = any(${glCodes}::text[])`.execute(db);
  return rows;
}
