import type { Tx } from '#db/database.ts';
import type { Caller } from '#lib/caller.ts';
import type { LoanId } from '#lib/ids.ts';
import { loanError } from './errors.ts';

/** What every loan begins with. */
const APPLICATION = 1;

/** Throws 403 `own_application` for a loan officer who applied for the loan: somebody else decides about it. */
export async function assertNotApplicant(
  tx: Tx,
  bookId: number,
  { role, actor }: Caller,
  id: LoanId,
): Promise<void> {
  if (role !== 'loan-officer') return;
  const application = await tx
    .selectFrom('loan_events')
    .select('actor')
    .where('book_id', '=', bookId)
    .where('loan_id', '=', id)
    .where('event_number', '=', APPLICATION)
    .executeTakeFirstOrThrow();
  if (application.actor === actor) throw loanError('own_application');
}
