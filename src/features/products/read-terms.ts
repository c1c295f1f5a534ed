import { type InterestTermsInput, readInterestTerms } from '#features/interest/contract.ts';
import { checkAll } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import { requireJudged } from '#lib/unjudged.ts';
import { interestOf } from './interest-terms.ts';
import type { BalanceTerms, Eligibility, OverdraftTerms, ProductTerms } from './terms.ts';

/** The terms of a request, held against each other and their currency. Throws 400 with all that is wrong. */
export function readTerms(terms: ProductTerms, currency: Currency): ProductTerms {
  const { overdraft, eligibility, balance, dormancy, closing } = terms;
  const interest = interestOf(terms);
  checkAll({
    overdraft: () => checkOverdraft(overdraft, currency),
    eligibility: () => checkEligibility(eligibility),
    balance: () => checkBalance(balance, overdraft, currency),
    interest: () => checkInterest(interest, currency),
  });
  return { overdraft, eligibility, balance, dormancy, closing, interest };
}

function checkInterest(interest: InterestTermsInput | undefined, currency: Currency): void {
  if (interest === undefined) return;
  const { posting } = readInterestTerms(interest, currency, 'interest.');
  if (posting === 'maturity') {
    throw validationFailed({ path: 'interest.posting', message: 'at maturity is for deposits with a term' });
  }
}

function checkOverdraft(overdraft: OverdraftTerms | undefined, currency: Currency): void {
  if (overdraft === undefined) return;
  const { allowed, maximumLimit, unarrangedTolerance } = overdraft;
  checkAll({
    maximumLimit: () => {
      const path = 'overdraft.maximumLimit';
      checkAmount(maximumLimit, currency, path);
      if (maximumLimit !== undefined && !allowed) {
        throw validationFailed({ path, message: 'goes with an overdraft that is allowed' });
      }
    },
    tolerance: () => checkAmount(unarrangedTolerance, currency, 'overdraft.unarrangedTolerance'),
  });
}

function checkBalance(
  { openingDeposit, minimum }: BalanceTerms = {},
  overdraft: OverdraftTerms | undefined,
  currency: Currency,
): void {
  checkAll({
    openingDeposit: () => checkAmount(openingDeposit, currency, 'balance.openingDeposit'),
    minimum: () => {
      const path = 'balance.minimum';
      checkAmount(minimum, currency, path);
      requireJudged(overdraft?.allowed);
      if (minimum !== undefined && overdraft?.allowed === true) {
        throw validationFailed({ path, message: 'does not go with an overdraft' });
      }
    },
  });
}

function checkAmount(amount: string | undefined, currency: Currency, path: string): void {
  if (amount !== undefined) parseAmountOrZero(amount, currency, path);
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
