import type { IsoDate } from '#lib/time/dates.ts';
import type { LoanEvent } from './event.ts';
import { type LivingLoan, relive } from './life.ts';
import type { Loan } from './loan.ts';

/**
 * The loan as replayed from its events; its row must say the same. Undone acts leave no trace. Provisions are not
 * events: only the row holds them.
 */
export function replay(loan: LivingLoan, events: readonly LoanEvent[], through?: IsoDate): Loan {
  return relive(loan, events, through).loan;
}
