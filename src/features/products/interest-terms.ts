import type { InterestTermsInput } from '#features/interest/contract.ts';
import type { ProductTerms } from './terms.ts';

/** What terms say about interest: it went through the schema when they were given. */
export function interestOf({ interest }: ProductTerms): InterestTermsInput | undefined {
  return interest as InterestTermsInput | undefined;
}
