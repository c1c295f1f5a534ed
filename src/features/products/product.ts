import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount, parseAmountOrZero } from '#lib/money/money.ts';
import { addDays, ageInYears, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { POSTING_LINE_NAMES, type ProductAccounting, postingLineOf } from './accounting.ts';
import { productError } from './errors.ts';
import type { HolderType, TermsVersion } from './terms.ts';

/** Details of a customer that a product may ask for; the form of a customer asks for none of them. */
export const PRODUCT_DETAILS = ['email', 'phone', 'address'] as const;
export type ProductDetail = (typeof PRODUCT_DETAILS)[number];

export const PRODUCT_KINDS = ['current', 'savings', 'term_deposit', 'recurring_deposit'] as const;
export type ProductKind = (typeof PRODUCT_KINDS)[number];

export const PRODUCT_STATUSES = ['active', 'retired'] as const;

export type ProductState = {
  readonly code: string;
  readonly currency: Currency;
  readonly kind: ProductKind;
  readonly name: string;
  /** The line of the chart that accounts of this product belong to. */
  readonly glCode: string;
  /** The other lines that it posts to, where they are not the usual ones. */
  readonly accounting?: ProductAccounting;
  /** Where no version says it. */
  readonly overdraftAllowed: boolean;
  /** The first day on which accounts are opened on it; any day if absent. */
  readonly offeredFrom?: IsoDate | undefined;
  /** By how many per cent of a hold a capture may exceed it: tips, fuel. */
  readonly captureTolerancePercent: number;
  readonly status: (typeof PRODUCT_STATUSES)[number];
  /** What its customers must have told the bank. */
  readonly requiredDetails?: readonly ProductDetail[] | undefined;
};

export type ProductChanges = Partial<
  Pick<ProductState, 'name' | 'status' | 'captureTolerancePercent' | 'requiredDetails'>
>;

/** A product in one of its currencies, or in all of them. */
export type ProductKey = { readonly code: string; readonly currency?: Currency | undefined };

/** What is asked of a customer who opens an account. */
export type Applicant = {
  readonly identity: { readonly type: HolderType; readonly dateOfBirth?: IsoDate };
};

/** The terms that accounts of one kind and currency share, as they are in force for an account. */
export class Product {
  readonly state: ProductState;
  /** The version in force; undefined for a product that has none yet. */
  readonly version: TermsVersion | undefined;
  readonly #today: IsoDate;

  constructor(state: ProductState, today: IsoDate, version?: TermsVersion) {
    this.state = state;
    this.version = version;
    this.#today = today;
  }

  /** The lines of the chart that it posts to. */
  get lines(): string[] {
    const { glCode, accounting = {} } = this.state;
    return [glCode, ...POSTING_LINE_NAMES.map((line) => postingLineOf(accounting, line))];
  }

  get allowsOverdraft(): boolean {
    if (this.version === undefined) return this.state.overdraftAllowed;
    return this.version.terms.overdraft?.allowed ?? false;
  }

  /** How far beyond its limit charges may take an account, in minor units. */
  get toleratedMinor(): bigint {
    return this.#minor(this.version?.terms.overdraft?.unarrangedTolerance);
  }

  /** What payments leave on an account, and the least that is first paid in, in minor units. */
  get balances(): { readonly minimumMinor: bigint; readonly openingDepositMinor: bigint } {
    const { minimum, openingDeposit } = this.version?.terms.balance ?? {};
    return { minimumMinor: this.#minor(minimum), openingDepositMinor: this.#minor(openingDeposit) };
  }

  #minor(amount: string | undefined): bigint {
    return amount === undefined ? 0n : parseAmountOrZero(amount, this.state.currency);
  }

  /** Throws 422 `product_needs_contract` for a product of deposits. */
  assertOpensAccounts(): void {
    const { kind, code: product } = this.state;
    if (kind === 'term_deposit' || kind === 'recurring_deposit') {
      throw productError('product_needs_contract', { product });
    }
  }

  /** Throws 422 `product_retired` when no new accounts are opened on it, and `product_not_offered_yet` before its first day. */
  assertOffered(): void {
    const { status, offeredFrom } = this.state;
    if (status === 'retired') throw productError('product_retired');
    if (offeredFrom !== undefined && this.#today < offeredFrom) {
      throw productError('product_not_offered_yet', { from: offeredFrom });
    }
  }

  /** Throws 422 `customer_not_eligible` for a customer of another type or age than the product is for. */
  assertEligible({ identity }: Applicant): void {
    const { customerTypes, minimumAge = 0, maximumAge } = this.version?.terms.eligibility ?? {};
    const { code: product } = this.state;
    if (customerTypes?.includes(identity.type) === false) {
      throw productError('customer_not_eligible', {
        product,
        whom: `a customer of the type ${customerTypes.join(' or ')}`,
      });
    }
    if (identity.dateOfBirth === undefined) return;
    const age = ageInYears(identity.dateOfBirth, this.#today);
    if (age < minimumAge)
      throw productError('customer_not_eligible', { product, whom: `persons from ${minimumAge} years on` });
    if (maximumAge !== undefined && age > maximumAge) {
      throw productError('customer_not_eligible', { product, whom: `persons up to ${maximumAge} years` });
    }
  }

  /** Throws 422 `too_many_holders` for more customers than may hold an account together. */
  assertHolders(count: number): void {
    const { maximumHolders: most } = this.version?.terms.eligibility ?? {};
    if (most !== undefined && count > most) {
      throw productError('too_many_holders', { product: this.state.code, most });
    }
  }

  /** Throws 409 `account_not_closable_yet` before the age that an account must have, and before its notice is over. */
  assertClosable({
    openedOn,
    noticeOn,
  }: {
    readonly openedOn: IsoDate;
    readonly noticeOn: IsoDate | undefined;
  }): void {
    const { minimumAgeDays = 0, noticeDays = 0 } = this.version?.terms.closing ?? {};
    if (noticeDays > 0 && noticeOn === undefined) {
      throw productError('closing_notice_missing', { product: this.state.code, days: noticeDays });
    }
    const first = laterOf(addDays(openedOn, minimumAgeDays), addDays(noticeOn ?? openedOn, noticeDays));
    if (this.#today < first) throw productError('account_not_closable_yet', { from: first });
  }

  /** Throws 422 `customer_details_missing` for a customer without a detail that the product asks for. */
  assertDetails(customer: Readonly<Partial<Record<ProductDetail, unknown>>>): void {
    const { requiredDetails = [], code } = this.state;
    const missing = requiredDetails.filter((detail) => customer[detail] === undefined);
    if (missing.length === 0) return;
    const fields = missing.map((path) => ({ path, message: `is required for the product ${code}` }));
    throw productError('customer_details_missing', { product: code, missing: missing.join(', '), fields });
  }

  /** Throws 422 `overdraft_not_allowed` or `overdraft_above_maximum` for a limit that the product does not grant. Minor units. */
  assertOverdraft(limitMinor: bigint): void {
    if (limitMinor <= 0n) return;
    const { code: product, currency } = this.state;
    if (!this.allowsOverdraft) throw productError('overdraft_not_allowed', { product });
    const maximum = this.version?.terms.overdraft?.maximumLimit;
    if (maximum === undefined) return;
    const maximumMinor = parseAmountOrZero(maximum, currency);
    if (limitMinor > maximumMinor) {
      const most = `${formatAmount(maximumMinor, currency)} ${currency}`;
      throw productError('overdraft_above_maximum', { product, most });
    }
  }
}
