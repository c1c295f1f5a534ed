import { checkAll } from '#lib/check-all.ts';
import { changedLabels, type Labels } from '#lib/labels.ts';
import { cleanText, optional } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { LoanProduct } from './products/loan-product.ts';
import type { LoanChanges, LoanState } from './state.ts';

/** An application for a loan. */
export type NewLoan = Pick<
  LoanState,
  'id' | 'customerId' | 'accountId' | 'externalId' | 'requestedTerms' | 'directDebit' | 'requestedMinor'
> &
  Pick<Labels, 'metadata'> & { readonly officer?: string | undefined };

/** The state of a loan before any event, including its application. */
export function newLoanState(request: NewLoan, product: LoanProduct, today: IsoDate): LoanState {
  const {
    id,
    customerId,
    accountId,
    externalId,
    requestedTerms,
    directDebit,
    requestedMinor,
    officer,
    metadata,
  } = request;
  return {
    id,
    customerId,
    accountId,
    externalId,
    metadata,
    requestedTerms,
    directDebit,
    officer,
    requestedMinor,
    productId: product.state.id,
    currency: product.state.currency,
    status: 'applied',
    approvedMinor: undefined,
    undisbursedMinor: 0n,
    appliedOn: today,
    disbursedOn: undefined,
    endedOn: undefined,
    terms: undefined,
    scheduleVersion: 0,
    period: undefined,
    principalMinor: 0n,
    interestAccruedMinor: 0n,
    unpaid: [],
    penaltiesDueMinor: 0n,
    penaltyRun: undefined,
    paidAheadMinor: 0n,
    accruedThrough: undefined,
    nonAccrualSince: undefined,
    provisionMinor: 0n,
    lostMinor: 0n,
    recoveredMinor: 0n,
    lastEventNumber: 0,
    version: 0,
  };
}

/** The name of the bank's officer. Throws 400 `validation_failed`. */
export function cleanOfficer(text: string): string {
  return cleanText(text, 'officer', 100);
}

/** What a change makes of direct debit, officer and labels. Throws 400 `validation_failed` with all that is wrong. */
export function changedDetails(
  before: LoanState,
  { directDebit = before.directDebit, officer, ...given }: LoanChanges,
): Pick<LoanState, 'directDebit' | 'officer' | 'externalId' | 'metadata'> {
  const { labels, named } = checkAll({
    named: () => (officer === undefined ? before.officer : optional(officer ?? undefined, cleanOfficer)),
    labels: () => changedLabels(before, given),
  });
  return { directDebit, officer: named, externalId: labels.externalId, metadata: labels.metadata };
}
