import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Db, Tx } from '#db/database.ts';
import { findHolderRoles } from '#features/accounts/contract.ts';
import type { Holdings } from '#features/customers/contract.ts';
import type { FlorinError } from '#lib/errors.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import { loanError } from './errors.ts';
import type { LoanState } from './state.ts';

/** Whether loans keep a customer from closing or leaving: a borrower with debt stays, and stays reachable. */
export function loanHoldings({ bookId }: Pick<Context, 'bookId'>): Holdings {
  const reasonOf = async (tx: Tx, customerId: CustomerId): Promise<FlorinError | undefined> => {
    const { rows } = await sql`
      select from loans l where l.book_id = ${bookId} and l.status in ('active', 'charged_off')
        and (l.customer_id = ${customerId} or exists (
          select from loan_parties p
          where p.book_id = ${bookId} and p.loan_id = l.loan_id and p.customer_id = ${customerId}))
      limit 1`.execute(tx);
    return rows.length === 0 ? undefined : loanError('customer_has_active_loans');
  };
  return {
    countOpenAccounts: () => Promise.resolve(0),
    findReasonToStay: reasonOf,
    findReasonToKeep: async (tx, customerId) => {
      const reason = await reasonOf(tx, customerId);
      if (reason !== undefined) return reason;
      return (await servesLoanOfOthers(tx, bookId, customerId))
        ? loanError('account_serves_loan_of_others')
        : undefined;
    },
    release: () => Promise.resolve(),
  };
}

/** Whether a loan of somebody else, running or over, names an account that would go with the customer. */
async function servesLoanOfOthers(db: Db, bookId: number, customerId: CustomerId): Promise<boolean> {
  const { rows } = await sql`
    select from accounts a
    join loans l on l.book_id = a.book_id and l.account_id = a.account_id and l.customer_id <> a.customer_id
    where a.book_id = ${bookId} and a.customer_id = ${customerId} limit 1`.execute(db);
  return rows.length > 0;
}

/** Whether a loan, of one borrower if named, is to be disbursed to an account, or repaid from it. */
export async function hasRunningLoan(
  db: Db,
  bookId: number,
  id: AccountId,
  borrower?: CustomerId,
): Promise<boolean> {
  const isBorrower = borrower === undefined ? sql`true` : sql`customer_id = ${borrower}`;
  const { rows } = await sql`
    select from loans where book_id = ${bookId} and account_id = ${id} and status in ('approved', 'active')
      and ${isBorrower}
    limit 1`.execute(db);
  return rows.length > 0;
}

/** Whether each loan's account is held by its borrower, as its owner or joint holder; in the same order. */
export async function areHeldByBorrowers(
  tx: Tx,
  bookId: number,
  loans: readonly Pick<LoanState, 'accountId' | 'customerId'>[],
): Promise<boolean[]> {
  const roles = await findHolderRoles(tx, bookId, loans);
  return roles.map((role) => role === 'owner' || role === 'joint');
}
