import { formatAmount } from '#lib/money/money.ts';
import type { DisbursementDates } from './event.ts';
import type { LoanProduct } from './products/loan-product.ts';
import type { LoanTerms } from './schedule/terms.ts';
import type { LoanState } from './state.ts';

/** The terms of what a loan was asked for, with an amount and dates of their own. Throws as LoanProduct.termsOf does. */
export function termsOfRequest(
  { requestedTerms, currency }: LoanState,
  product: LoanProduct,
  amountMinor: bigint,
  {
    moved,
    disbursedOn = requestedTerms.disbursedOn,
    ...dates
  }: DisbursementDates & { disbursedOn?: string | undefined },
): LoanTerms {
  const amount = formatAmount(amountMinor, currency);
  const terms = product.termsOf({ ...requestedTerms, ...dates, amount, currency, disbursedOn });
  return moved === undefined ? terms : { ...terms, moved };
}
