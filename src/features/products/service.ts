import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { hasRunFrom } from '#features/end-of-day/contract.ts';
import { isOfPayment } from '#features/fees/contract.ts';
import { interestError } from '#features/interest/contract.ts';
import { hasReferenceRate, loadReferenceRates } from '#features/reference-rates/contract.ts';
import { followCalendar, holdBusinessDate, markCharged } from '#ledger/business-date.ts';
import { openInternalAccounts, selectKeptCurrencies } from '#ledger/internal-accounts.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import type { InternalAccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { cleanName } from '#lib/text.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { assertLines, type ProductAccounting } from './accounting.ts';
import { type AnnualPercent, annualPercent } from './annual-percent.ts';
import { productError } from './errors.ts';
import { feesOf } from './fee-terms.ts';
import { interestOf } from './interest-terms.ts';
import { controlLineOf } from './kinds.ts';
import type { Product, ProductChanges, ProductDetail, ProductKey, ProductKind } from './product.ts';
import { readTerms } from './read-terms.ts';
import { insertProducts, listProducts, lockProduct, updateProduct } from './repository.ts';
import type { AppliesTo, ProductTerms } from './terms.ts';
import {
  findChartLines,
  findLastVersion,
  insertVersion,
  listVersions,
  type StoredVersion,
} from './terms-repository.ts';

const MAX_NAME_LENGTH = 100;

/** A new product; its first terms are in force from today on, if not given. */
export type CreateProduct = {
  readonly code: string;
  readonly currency: Currency;
  readonly kind: ProductKind;
  readonly name: string;
  readonly effectiveFrom?: IsoDate | undefined;
  readonly terms: ProductTerms;
  readonly accounting: ProductAccounting & { readonly customerAccounts?: string | undefined };
  readonly captureTolerancePercent?: number | undefined;
  readonly requiredDetails?: readonly ProductDetail[] | undefined;
};

/** New terms, whole: what is not in them is not agreed any more. */
export type AddVersion = {
  readonly currency: Currency;
  readonly effectiveFrom: IsoDate;
  readonly appliesTo: AppliesTo;
  readonly terms: ProductTerms;
};

/** A product, and what a balance yields by its terms. */
export type PricedProduct = { readonly product: Product; readonly annual: AnnualPercent };

/** The products a bank offers. */
export class ProductService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Defines a product in a currency. Throws 400 as readTerms does, 409 `product_exists`, 422 `currency_not_kept`,
   * `effective_date_over`, `product_kind_differs`, `reference_rate_missing` and `gl_account_unsuitable`.
   */
  async create(caller: Caller, request: CreateProduct): Promise<Product> {
    const { db, bookId, clock } = this.#context;
    const { code, currency, kind, accounting } = request;
    const name = cleanName(request.name, 'name', MAX_NAME_LENGTH);
    const terms = readTerms(request.terms, currency, kind);
    const today = await followCalendar(db, bookId, clock);
    const { effectiveFrom = today } = request;
    if (effectiveFrom < today) throw productError('effective_date_over', { first: today });
    const { customerAccounts = controlLineOf(kind), ...lines } = accounting;
    await this.#inTransaction(async (tx) => {
      if (!(await selectKeptCurrencies(tx, bookId)).has(currency)) throw productError('currency_not_kept');
      const other = (await listProducts(tx, bookId)).find(({ state }) => state.code === code);
      if (other !== undefined && other.state.kind !== kind) {
        throw productError('product_kind_differs', { kind: other.state.kind });
      }
      await this.#takeLines(tx, currency, customerAccounts, lines);
      const { captureTolerancePercent = 0, requiredDetails } = request;
      const state = {
        code,
        currency,
        kind,
        name,
        glCode: customerAccounts,
        accounting: lines,
        requiredDetails,
        captureTolerancePercent,
        overdraftAllowed: false,
        offeredFrom: effectiveFrom,
        status: 'active',
      } as const;
      await this.#assertReference(tx, terms, effectiveFrom);
      await insertProducts(tx, bookId, [state]);
      const version = { version: 1, effectiveFrom, appliesTo: 'all_accounts', terms } as const;
      await insertVersion(tx, bookId, this.#stored(caller, { code, currency }, version));
      await this.#markCharged(tx, terms);
      const resource = { resourceType: 'product', resourceId: code } as const;
      const after = { product: code, kind, name, currency, effectiveFrom, ...terms };
      await recordAudit(tx, this.#context, { caller, operation: 'createProduct', ...resource, after });
    });
    return afterCommit(async () => {
      const made = (await this.get(code)).find(({ state }) => state.currency === currency);
      if (made === undefined) throw notFound();
      return made;
    });
  }

  /**
   * Adds terms to a product in a currency. Throws 400 as readTerms does, 404 `not_found`, 422 `unknown_product`,
   * `effective_date_over`, `reference_rate_missing` and `version_out_of_order`. Locks the product.
   */
  async addVersion(caller: Caller, code: string, request: AddVersion): Promise<StoredVersion> {
    const { db, bookId, clock } = this.#context;
    const { currency, effectiveFrom, appliesTo } = request;
    const [{ state }] = await this.get(code);
    const terms = readTerms(request.terms, currency, state.kind);
    const today = await followCalendar(db, bookId, clock);
    return this.#inTransaction(async (tx) => {
      if (!(await lockProduct(tx, bookId, code, currency))) {
        await this.get(code);
        throw productError('unknown_product');
      }
      // The end of a date does not begin between this look and the commit.
      await holdBusinessDate(tx, bookId);
      if (effectiveFrom < today || (await hasRunFrom(tx, bookId, effectiveFrom))) {
        const first = (await hasRunFrom(tx, bookId, today)) ? addDays(today, 1) : today;
        throw productError('effective_date_over', { first });
      }
      const last = await findLastVersion(tx, bookId, { code, currency });
      if (last !== undefined && effectiveFrom <= last.effectiveFrom) {
        throw productError('version_out_of_order', { last: last.effectiveFrom });
      }
      await this.#assertReference(tx, terms, effectiveFrom);
      const number = (last?.version ?? 0) + 1;
      const version = this.#stored(
        caller,
        { code, currency },
        { version: number, effectiveFrom, appliesTo, terms },
      );
      await insertVersion(tx, bookId, version);
      await this.#markCharged(tx, terms);
      const resource = { resourceType: 'product', resourceId: code } as const;
      const after = { product: code, currency, version: number, effectiveFrom, appliesTo, ...terms };
      await recordAudit(tx, this.#context, { caller, operation: 'addProductVersion', ...resource, after });
      return version;
    });
  }

  /**
   * Changes a product in one of its currencies, or in all of them, and returns it in each. Accounts that are open keep
   * what they were opened with. Throws 400 `validation_failed` for no
   * change, 404 `not_found`, and 422 `unknown_product` for a currency that it does not have.
   */
  async change(caller: Caller, key: ProductKey, requested: ProductChanges): Promise<Product[]> {
    const { db, bookId } = this.#context;
    const { code, currency } = key;
    if (Object.keys(requested).length === 0) {
      throw validationFailed({ path: 'body', message: 'must change something of the product' });
    }
    const { name } = requested;
    const changes =
      name === undefined ? requested : { ...requested, name: cleanName(name, 'name', MAX_NAME_LENGTH) };
    await inTransaction(db, async (tx) => {
      if ((await updateProduct(tx, bookId, key, changes)) === 0) {
        throw currency === undefined ? notFound() : productError('unknown_product');
      }
      const resource = { resourceType: 'product', resourceId: code } as const;
      const after = { ...changes, ...(currency === undefined ? {} : { currency }) };
      await recordAudit(tx, this.#context, { caller, operation: 'changeProduct', ...resource, after });
    });
    return afterCommit(() => this.#inEachCurrency(code));
  }

  /** A product in each of its currencies. Throws 404 `not_found`. */
  async get(code: string): Promise<readonly [Product, ...Product[]]> {
    const [first, ...others] = await this.#inEachCurrency(code);
    if (first === undefined) throw notFound();
    return [first, ...others];
  }

  /** All products, by currency and code. */
  list(): Promise<Product[]> {
    return listProducts(this.#context.db, this.#context.bookId);
  }

  /** All versions of a product, by currency and number. Throws 404 `not_found`. */
  async listVersions(key: ProductKey): Promise<StoredVersion[]> {
    await this.get(key.code);
    return listVersions(this.#context.db, this.#context.bookId, key);
  }

  /** Products with the annual rates of their terms, by the reference rates that are known today. */
  async withRates(products: readonly Product[]): Promise<PricedProduct[]> {
    const { db, bookId, clock } = this.#context;
    const today = await followCalendar(db, bookId, clock);
    const references = await loadReferenceRates(db, bookId);
    return products.map((product) => ({ product, annual: annualPercent(product, references, today) }));
  }

  async #inEachCurrency(code: string): Promise<Product[]> {
    return (await this.list()).filter(({ state }) => state.code === code);
  }

  /** Judges the lines of the chart, and opens the bank's own accounts that are missing. */
  async #takeLines(
    tx: Tx,
    currency: Currency,
    customerAccounts: string,
    named: ProductAccounting,
  ): Promise<void> {
    const { bookId, ids } = this.#context;
    const own = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const wanted = Object.fromEntries([['customerAccounts', customerAccounts], ...own]);
    const lines = await findChartLines(tx, bookId, currency, Object.values(wanted));
    assertLines(wanted, lines);
    const missing = lines.filter(({ glCode, isInternal }) => !isInternal && glCode !== customerAccounts);
    const accounts = missing.map(({ glCode }) => ({ id: ids.next() as InternalAccountId, glCode, currency }));
    await openInternalAccounts(tx, bookId, accounts);
  }

  /** Throws 422 `reference_rate_missing` for terms that refer to a rate without a value on their first day. */
  async #assertReference(tx: Tx, terms: ProductTerms, on: IsoDate): Promise<void> {
    const reference = interestOf(terms)?.reference?.code;
    if (reference === undefined) return;
    if (await hasReferenceRate(tx, this.#context.bookId, reference, on)) return;
    throw interestError('reference_rate_missing', { reference, on });
  }

  /** From now on payments are asked what they cost. Versions that take effect later are few, and asked about too. */
  async #markCharged(tx: Tx, terms: ProductTerms): Promise<void> {
    if (feesOf(terms)?.some(isOfPayment) === true) await markCharged(tx, this.#context.bookId);
  }

  #stored(
    { actor }: Caller,
    key: Required<ProductKey> & { readonly currency: Currency },
    version: Omit<StoredVersion, 'code' | 'currency' | 'createdBy' | 'createdAt'>,
  ): StoredVersion {
    return { ...key, ...version, createdBy: actor, createdAt: new Date(this.#context.clock.nowMs()) };
  }

  async #inTransaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    try {
      return await inTransaction(this.#context.db, work);
    } catch (error) {
      throw violatedUnique(error) === 'products_pkey' ? productError('product_exists') : error;
    }
  }
}
