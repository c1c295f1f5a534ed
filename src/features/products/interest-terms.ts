import {
  type DepositTerms,
  type DepositTermsInput,
  type InterestTermsInput,
  readDepositTerms,
} from '#features/interest/contract.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { ProductTerms } from './terms.ts';

/** What terms say about the interest of balances: it went through the schema when they were given. Undefined for deposits. */
export function interestOf({ interest, deposit }: ProductTerms): InterestTermsInput | undefined {
  return deposit === undefined ? (interest as InterestTermsInput | undefined) : undefined;
}

/** What terms say about deposits that are made on a product, as it was given; undefined for other products. */
export function depositInput({
  interest,
  deposit,
}: ProductTerms):
  | { readonly deposit: DepositTermsInput; readonly interest: InterestTermsInput | undefined }
  | undefined {
  if (deposit === undefined) return undefined;
  return { deposit: deposit as DepositTermsInput, interest: interest as InterestTermsInput | undefined };
}

/** The same, read. */
export function depositOf(terms: ProductTerms, currency: Currency): DepositTerms | undefined {
  const input = depositInput(terms);
  return input === undefined ? undefined : readDepositTerms(input, currency);
}
