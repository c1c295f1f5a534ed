import { checkAll } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import type { Eligibility, OverdraftTerms, ProductTerms } from './terms.ts';

/** The terms of a request, held against each other and their currency. Throws 400 with all that is wrong. */
export function readTerms({ overdraft, eligibility }: ProductTerms, currency: Currency): ProductTerms {
  checkAll({
    overdraft: () => checkOverdraft(overdraft, currency),
    eligibility: () => checkEligibility(eligibility),
  });
  return { overdraft, eligibility };
}

function checkOverdraft(overdraft: OverdraftTerms | undefined, currency: Currency): void {
  if (overdraft?.maximumLimit === undefined) return;
  const path = 'overdraft.maximumLimit';
  parseAmountOrZero(overdraft.maximumLimit, currency, path);
  if (!overdraft.allowed) {
    throw validationFailed({ path, message: 'goes with an overdraft that is allowed' });
  }
}

function checkEligibility({ customerTypes, minimumAge, maximumAge }: Eligibility = {}): void {
  if (minimumAge !== undefined && maximumAge !== undefined && minimumAge > maximumAge) {
    throw validationFailed({ path: 'eligibility.maximumAge', message: 'must not be below minimumAge' });
  }
  const isForPersons = customerTypes?.includes('person') ?? true;
  if (!isForPersons && (minimumAge !== undefined || maximumAge !== undefined)) {
    throw validationFailed({ path: 'eligibility', message: 'has an age for persons alone' });
  }
}
