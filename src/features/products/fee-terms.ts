import type { FeeTermsInput } from '#features/fees/contract.ts';
import type { ProductTerms } from './terms.ts';

/** What terms say about fees: it went through the schema when they were given. */
export function feesOf({ fees }: ProductTerms): readonly FeeTermsInput[] | undefined {
  return fees as readonly FeeTermsInput[] | undefined;
}
