import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { type AccountParty, accountParty } from '#features/accounts/contract.ts';
import type { SubmissionId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { BankCodeScheme } from '#lib/payee-account.ts';

/** A payment as the other bank is asked to make it: what its transaction says, and who pays. */
export type PaymentOrder = {
  readonly id: TransactionId;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  /** Who pays, as it is called now; null once the payer is gone. */
  readonly debtor: AccountParty | null;
  readonly creditorName: string | null;
  readonly creditorAccount: string | null;
  readonly creditorBank: string | null;
  /** What the bank’s code is, where the account has no IBAN. */
  readonly bankCodeScheme: BankCodeScheme | null;
  readonly reference: string | null;
  readonly description: string | null;
};

/**
 * The payments of a submission in a currency, in ascending id, as their transactions say and as their payers are called
 * now. What came back since is not among them.
 */
export async function listOrders(
  db: Db,
  bookId: number,
  id: SubmissionId,
  currency: Currency,
): Promise<PaymentOrder[]> {
  const { rows } = await sql<PaymentOrder>`
    select o.transaction_id as "id", o.currency, o.amount_minor as "amountMinor",
      ${accountParty(sql`t`)} as debtor,
      t.counterparty_name as "creditorName", t.counterparty_account as "creditorAccount",
      t.counterparty_bank as "creditorBank", o.bank_code_scheme as "bankCodeScheme", t.reference, t.description
    from outgoing_payments o
    left join transactions t on t.book_id = o.book_id and t.transaction_id = o.transaction_id
    where o.book_id = ${bookId} and o.submission_id = ${id}
      and o.currency = ${currency} and o.status <> 'returned'
    order by o.transaction_id`.execute(db);
  return rows;
}
