import { readFees } from '#features/fees/contract.ts';
import { type InterestTermsInput, readDepositTerms, readInterestTerms } from '#features/interest/contract.ts';
import { checkAll } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import { requireJudged } from '#lib/unjudged.ts';
import { feesOf } from './fee-terms.ts';
import { depositInput, interestOf } from './interest-terms.ts';
import { isDepositKind } from './kinds.ts';
import type { ProductKind } from './product.ts';
import type { BalanceTerms, Eligibility, OverdraftTerms, ProductTerms } from './terms.ts';

/** The terms of a request, held against each other, their currency and their kind if it is known. Throws 400 with all that is wrong. */
export function readTerms(
  terms: ProductTerms,
  currency: Currency,
  kind: ProductKind | undefined,
): ProductTerms {
  const { overdraft, eligibility, balance, dormancy, closing, interest, deposit, fees } = terms;
  checkAll({
    overdraft: () => checkOverdraft(overdraft, currency),
    eligibility: () => checkEligibility(eligibility),
    balance: () => checkBalance(balance, overdraft, currency),
    interest: () => checkInterest(interestOf(terms), currency),
    deposit: () => checkDeposit(terms, currency, kind),
    fees: () => readFees(feesOf(terms) ?? [], currency),
  });
  return {
    overdraft,
    eligibility,
    balance,
    dormancy,
    closing,
    interest,
    deposit,
    ...(fees === undefined ? {} : { fees }),
  };
}

/** What a contract says, or what no deposit needs. */
const NOT_OF_DEPOSITS = ['overdraft', 'balance', 'dormancy', 'closing', 'fees'] as const;

/** A product of deposits says how they are made, and no other does. */
function checkDeposit(terms: ProductTerms, currency: Currency, kind: ProductKind | undefined): void {
  const input = depositInput(terms);
  if (input === undefined && kind !== undefined && isDepositKind(kind)) {
    throw validationFailed({
      path: 'deposit',
      message: `is required for the kind ${kind}`,
      code: 'required',
    });
  }
  if (input === undefined) return;
  if (kind !== undefined && !isDepositKind(kind)) {
    throw validationFailed({ path: 'deposit', message: `does not go with the kind ${kind}` });
  }
  if (kind === 'term_deposit' && input.deposit.instalments !== undefined) {
    throw validationFailed({ path: 'deposit.instalments', message: `does not go with the kind ${kind}` });
  }
  const ofAccounts = NOT_OF_DEPOSITS.filter((path) => terms[path] !== undefined);
  if (ofAccounts.length > 0) {
    throw validationFailed(...ofAccounts.map((path) => ({ path, message: 'does not go with a deposit' })));
  }
  readDepositTerms(input, currency);
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
