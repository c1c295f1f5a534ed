import { uuidArray } from '#db/binary-array.ts';
import { integers, recordSet, texts } from '#db/bulk-rows.ts';
import { failUnless } from '#db/flight.ts';
import { run, type SqlSession } from '#db/session.ts';
import { LruMap } from '#lib/concurrency/lru-map.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type Fee, isOfPayment } from './fee.ts';
import { keyOf, loadSchedules, TERMS_IN_FORCE, type VersionKey, WANTED_ACCOUNTS } from './schedule.ts';

/** As many as the ledger remembers (ledger/account-cache.ts); 100 bytes each. */
const MAX_ACCOUNTS = 150_000;

/** What accounts and their products say, all as one statement saw it. */
const READ = `
  select a.account_id as "id", a.product_code as "product", a.currency, a.opened_on as "openedOn", terms.version,
    coalesce(last.version, 0) as "lastVersion"
  from ${WANTED_ACCOUNTS}
  left join lateral (${TERMS_IN_FORCE}) as terms on true
  left join lateral (
    select t.version from product_terms t
    where t.book_id = $1 and t.product_code = a.product_code and t.currency = a.currency
    order by t.version desc limit 1
  ) as last on true`;

const NAMED = recordSet<ProductAsRead>({
  product_code: texts(({ product }) => product),
  currency: texts(({ currency }) => currency),
  version: integers(({ lastVersion }) => lastVersion),
});

/** Versions are only ever added, with rising numbers. */
const CONFIRM = `
  select ${failUnless(`not exists (
    select from ${NAMED.from}
    cross join lateral (
      select from product_terms t
      where t.book_id = $1 and t.product_code = r.product_code and t.currency = r.currency and t.version > r.version
      limit 1
    ) as later)`)}`;

type Row = {
  readonly id: AccountId;
  readonly product: string;
  readonly currency: Currency;
  readonly openedOn: IsoDate;
  readonly version: number | null;
  readonly lastVersion: number;
};

/** A product, and the last version of its terms when they were read. */
export type ProductAsRead = Pick<Row, 'product' | 'currency' | 'lastVersion'>;

/** The fees of payments that terms have on a date, in the last version of the product that was there. */
export type TermsAsRead = ProductAsRead & { readonly date: IsoDate; readonly fees: readonly Fee[] };

/** What accounts of one product that were opened on one day have in common: neither ever changes. */
type Opening = { terms: TermsAsRead | undefined };

/**
 * The fees of payments by the terms of accounts, as this process last read them. Others add versions at any time, so
 * whatever is decided by them is confirmed in the transaction that it is for.
 */
export class RememberedTerms {
  readonly #bookId: number;
  readonly #accounts = new LruMap<Opening>(MAX_ACCOUNTS);
  /** By product and currency, and then by day: as many as there are products and days on which accounts were opened. */
  readonly #openings = new Map<string, Map<IsoDate, Opening>>();
  /** By version of terms, which never change: as many as were in force. */
  readonly #fees = new Map<string, readonly Fee[]>();

  constructor(bookId: number) {
    this.#bookId = bookId;
  }

  /** The terms of an account on a date; undefined where they are not remembered. */
  of(accountId: AccountId, date: IsoDate): TermsAsRead | undefined {
    const terms = this.#accounts.peek(accountId)?.terms;
    return terms?.date === date ? terms : undefined;
  }

  /** Reads the terms of accounts on a date, without a lock. Those that are not there are left out. */
  async read(session: SqlSession, accountIds: ReadonlySet<AccountId>, date: IsoDate): Promise<void> {
    const { rows } = await run<Row>(session, READ, [this.#bookId, uuidArray([...accountIds]), date]);
    await this.#readFees(
      session,
      rows.flatMap((row) => (row.version === null ? [] : [{ ...row, version: row.version }])),
    );
    for (const { id, version, openedOn, ...product } of rows) {
      const fees = version === null ? [] : this.#fees.get(keyOf({ ...product, version }));
      const opening = this.#openingOf(product, openedOn);
      opening.terms = fees && { ...product, date, fees };
      this.#accounts.set(id, opening);
    }
  }

  /** Forgets the terms of a product. */
  forget(product: ProductAsRead): void {
    for (const opening of this.#openings.get(productKey(product))?.values() ?? []) opening.terms = undefined;
  }

  async #readFees(session: SqlSession, versions: readonly VersionKey[]): Promise<void> {
    const unread = versions.filter((one) => !this.#fees.has(keyOf(one)));
    const schedules = await loadSchedules(session, this.#bookId, unread);
    for (const key of unread.map(keyOf)) {
      this.#fees.set(key, schedules.get(key)?.fees.filter(isOfPayment) ?? []);
    }
  }

  #openingOf(product: ProductAsRead, openedOn: IsoDate): Opening {
    return this.#openings
      .getOrInsertComputed(productKey(product), () => new Map())
      .getOrInsertComputed(openedOn, () => ({ terms: undefined }));
  }
}

/** What products had when something was judged by their terms. */
export class JudgedProducts {
  readonly #products = new Map<string, ProductAsRead>();

  /** Notes a product. What was read of it first is what counts where another account's terms were read later. */
  note(terms: TermsAsRead): void {
    const key = productKey(terms);
    const noted = this.#products.get(key);
    if (noted === undefined || terms.lastVersion < noted.lastVersion) this.#products.set(key, terms);
  }

  /** Puts a statement in a flight that fails if one of them has a later version. */
  confirm(flight: SqlSession, bookId: number): void {
    if (this.#products.size === 0) return;
    void run(flight, CONFIRM, [bookId, ...NAMED.values([...this.#products.values()])]);
  }

  forgetIn(remembered: RememberedTerms): void {
    for (const product of this.#products.values()) remembered.forget(product);
  }
}

function productKey({ product, currency }: ProductAsRead): string {
  return `${product} ${currency}`;
}
