import { sql } from 'kysely';
import { recordSet, texts, uuids } from '#db/bulk-rows.ts';
import type { Context } from '#db/context.ts';
import { type AnyTx, run } from '#db/session.ts';
import { rolesThatPay } from '#features/accounts/contract.ts';
import { assert } from '#lib/assert.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, BeneficiaryId, CustomerId, TransactionId } from '#lib/ids.ts';

/** A payment to a beneficiary from an account, as it is requested. */
export type BeneficiaryPaymentRequest = {
  readonly accountId: AccountId;
  readonly beneficiaryId: BeneficiaryId;
};

/** Who is meant by a beneficiary, and whose it is. */
export type PayeeOfBeneficiary = BeneficiaryPaymentRequest & {
  readonly customerId: CustomerId;
  readonly iban: Iban;
  readonly name: string;
};

/**
 * The beneficiaries that may be paid from these accounts: those of a customer who holds the account and may pay from
 * it, and for a customer's user those of its own customer. The rest are left out, as if they were not there.
 */
export async function findPayableBeneficiaries(
  { db, bookId }: Pick<Context, 'db' | 'bookId'>,
  caller: Caller,
  requests: readonly BeneficiaryPaymentRequest[],
): Promise<readonly PayeeOfBeneficiary[]> {
  const own = ownCustomerOf(caller) ?? null;
  const { rows } = await sql<PayeeOfBeneficiary>`
    select distinct w.account_id as "accountId", b.beneficiary_id as "beneficiaryId",
      b.customer_id as "customerId", b.iban, b.name
    from unnest(${requests.map(({ accountId }) => accountId)}::uuid[],
      ${requests.map(({ beneficiaryId }) => beneficiaryId)}::uuid[]) as w (account_id, beneficiary_id)
    join beneficiaries b on b.book_id = ${bookId} and b.beneficiary_id = w.beneficiary_id
    join account_holders h on h.book_id = ${bookId} and h.account_id = w.account_id
      and h.customer_id = b.customer_id and h.role = any(${rolesThatPay()}::text[])
    where ${own}::uuid is null or b.customer_id = ${own}::uuid`.execute(db);
  return rows;
}

/** A transaction that paid a beneficiary. */
export type PaidBeneficiary = {
  readonly transactionId: TransactionId;
  readonly customerId: CustomerId;
  readonly iban: Iban;
};

const PAID = recordSet<PaidBeneficiary>({
  transaction_id: uuids(({ transactionId }) => transactionId),
  customer_id: uuids(({ customerId }) => customerId),
  iban: texts(({ iban }) => iban),
});

const INSERT = `
  insert into beneficiary_payments (book_id, transaction_id, customer_id, iban, currency, amount_minor,
    business_date, paid_at, was_new)
  select $1, r.transaction_id, r.customer_id, r.iban, p.currency, p.amount_minor, e.business_date, e.posted_at,
    exists (select from beneficiaries b where b.book_id = $1 and b.customer_id = r.customer_id and b.iban = r.iban
      and b.usable_from > e.posted_at)
  from ${PAID.from}
  join journal_entries e on e.book_id = $1 and e.entry_id = r.transaction_id
  join postings p on p.book_id = $1 and p.entry_id = r.transaction_id and p.line = 1`;

/**
 * Takes note of what was paid to beneficiaries by entries that are posted in this transaction: one statement, or
 * none.
 */
export async function storeBeneficiaryPayments(
  tx: AnyTx,
  bookId: number,
  payments: readonly PaidBeneficiary[],
): Promise<void> {
  if (payments.length === 0) return;
  const { affectedRows } = await run(tx, INSERT, [bookId, ...PAID.values(payments)]);
  assert(affectedRows === payments.length, 'every payment to a beneficiary is stored');
}
