import { assert } from '#lib/assert.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { LoanEvent } from './event.ts';
import { Loan } from './loan.ts';
import type { NewLoan } from './new-loan.ts';
import type { LoanProduct } from './products/loan-product.ts';
import { type LoanState, totalOf } from './state.ts';

/** A loan of another system: its terms, and how far it was repaid. */
export type LoanToMigrate = Omit<NewLoan, 'requestedTerms' | 'directDebit'> & {
  readonly instalments: number;
  readonly disbursedOn: IsoDate;
  /** The number of instalments paid from the first on, each on its due date. */
  readonly paidInstalments: number;
  /** The state is as of the end of this date. */
  readonly through: IsoDate;
};

/** A loan as it stands here, and the events that led to it. */
export type MigratedLoan = { readonly state: LoanState; readonly events: readonly LoanEvent[] };

/**
 * Replays the life of a loan of another system on a product of ours. Its events posted nothing here, and say so. It
 * earned no interest and no fees, so only principal is migrated. Throws as the product does.
 */
export function migrateLoan(request: LoanToMigrate, product: LoanProduct): MigratedLoan {
  const { instalments, disbursedOn, paidInstalments, through, ...rest } = request;
  const requestedTerms = { instalments, disbursedOn };
  const loan = Loan.apply({ ...rest, requestedTerms, directDebit: false }, product, disbursedOn);
  loan.approve(undefined, disbursedOn);
  loan.disburse(disbursedOn, 'account');
  for (let paid = 0; paid < paidInstalments; paid += 1) {
    const dueOn = loan.state.period?.dueOn;
    if (dueOn === undefined || dueOn > through) break;
    loan.accrueTo(dueOn);
    loan.repay({ amountMinor: totalOf(loan.due), source: 'cash', strategy: 'shorten_term' }, dueOn);
  }
  loan.accrueTo(through);
  assert(loan.earned.interestMinor + loan.earned.feesMinor === 0n, 'only principal is migrated');
  const events = loan.events.map((event) => ({ ...event, details: { ...event.details, isBroughtIn: true } }));
  return { state: loan.state, events };
}
