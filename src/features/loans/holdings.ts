import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Db } from '#db/database.ts';
import type { Holdings } from '#features/customers/contract.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import { loanError } from './errors.ts';

/** Whether loans keep a customer from closing: a borrower with debt stays. */
export function loanHoldings({ bookId }: Pick<Context, 'bookId'>): Holdings {
  return {
    countOpenAccounts: () => Promise.resolve(0),
    findReasonToKeep: async (tx, customerId) => {
      const { rows } = await sql`
        select from loans where book_id = ${bookId} and customer_id = ${customerId}
          and status in ('active', 'charged_off') limit 1`.execute(tx);
      if (rows.length > 0) return loanError('customer_has_active_loans');
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

/** Whether a loan is to be disbursed to an account, or repaid from it. */
export async function hasRunningLoan(db: Db, bookId: number, id: AccountId): Promise<boolean> {
  const { rows } = await sql`
    select from loans where book_id = ${bookId} and account_id = ${id} and status in ('approved', 'active')
    limit 1`.execute(db);
  return rows.length > 0;
}
