import type { Context } from '#db/context.ts';
import type { Db } from '#db/database.ts';
import { isInvalidInput } from '#lib/errors.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { movedByCalendar } from './calendar-dates.ts';
import { Loan } from './loan.ts';
import type { LoanProduct } from './products/loan-product.ts';
import type { LoanTerms } from './schedule/terms.ts';
import type { LoanState } from './state.ts';

type Shown = {
  readonly loan: LoanState;
  readonly product: LoanProduct;
  /** The terms on which it would be paid out now, while that can still happen. */
  readonly planned?: LoanTerms | undefined;
};

/** The terms that a loan goes by, or would go by. */
export function termsInForce({ loan, product, planned }: Shown): LoanTerms {
  return loan.terms ?? planned ?? new Loan(loan, product).plannedTerms();
}

/**
 * The terms of a loan that was not paid out yet, as its disbursement would make them: on the requested date, or on the
 * business date once that has come, and with due dates that the calendar moves. Undefined for any other loan.
 */
export async function plannedTermsOf(
  db: Db,
  context: Pick<Context, 'bookId'>,
  { loan, product }: Shown,
  asOf: IsoDate,
): Promise<LoanTerms | undefined> {
  if (loan.terms !== undefined || (loan.status !== 'applied' && loan.status !== 'approved')) return undefined;
  const terms = datedTerms(new Loan(loan, product), asOf);
  const moved = await movedByCalendar(db, context, product, terms);
  return moved === undefined ? terms : { ...terms, moved };
}

/** A first due date that was asked for and has passed leaves the terms as they were asked for. */
function datedTerms(loan: Loan, asOf: IsoDate): LoanTerms {
  if (loan.state.requestedTerms.disbursedOn >= asOf) return loan.plannedTerms();
  try {
    return loan.plannedTerms(asOf);
  } catch (error) {
    if (!isInvalidInput(error)) throw error;
    return loan.plannedTerms();
  }
}
