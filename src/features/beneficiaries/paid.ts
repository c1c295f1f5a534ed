import { sql } from 'kysely';
import { recordSet, texts, uuids } from '#db/bulk-rows.ts';
import type { Context } from '#db/context.ts';
import { type AnyTx, run } from '#db/session.ts';
import { rolesThatOwn, rolesThatPay } from '#features/accounts/contract.ts';
import { assert } from '#lib/assert.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import type { AccountId, BeneficiaryId, CustomerId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { PayeeAccount } from '#lib/payee-account.ts';
import { ACCOUNT_COLUMNS, type AccountRow, accountOfRow, KEY, KEY_OF_ACCOUNT } from './account-columns.ts';

/** A payment to a beneficiary from an account, as it is requested. */
export type BeneficiaryPaymentRequest = {
  readonly accountId: AccountId;
  readonly beneficiaryId: BeneficiaryId;
};

/** Who is meant by a beneficiary, and whose it is. */
export type PayeeOfBeneficiary = BeneficiaryPaymentRequest & {
  readonly customerId: CustomerId;
  readonly account: PayeeAccount;
  readonly name: string;
};

type Row = Omit<PayeeOfBeneficiary, 'account'> & AccountRow;

function toPayee({ iban, bankCodeScheme, bankCode, accountNumber, ...row }: Row): PayeeOfBeneficiary {
  return { ...row, account: accountOfRow({ iban, bankCodeScheme, bankCode, accountNumber }) };
}

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
  const { rows } = await sql<Row>`
    select distinct w.account_id as "accountId", b.beneficiary_id as "beneficiaryId",
      b.customer_id as "customerId", b.name, ${ACCOUNT_COLUMNS}
    from unnest(${requests.map(({ accountId }) => accountId)}::uuid[],
      ${requests.map(({ beneficiaryId }) => beneficiaryId)}::uuid[]) as w (account_id, beneficiary_id)
    join beneficiaries b on b.book_id = ${bookId} and b.beneficiary_id = w.beneficiary_id
    join account_holders h on h.book_id = ${bookId} and h.account_id = w.account_id
      and h.customer_id = b.customer_id and h.role = any(${rolesThatPay()}::text[])
    where ${own}::uuid is null or b.customer_id = ${own}::uuid`.execute(db);
  return rows.map(toPayee);
}

/** A payment from an account to somebody who is named by a number, or by an account of this bank. */
export type PayeeByNumber = {
  readonly accountId: AccountId;
  /** As `payeeKey` has it. */
  readonly key?: string;
  readonly toAccountId?: AccountId;
  readonly currency: Currency;
};

/**
 * Finds the beneficiaries that payers have saved with the account of a payee who is not named as a beneficiary. They come
 * in the order of the requests, undefined for a payee whom they have not saved. Of several holders' the newest counts, so that
 * a payee who cools off is judged as such however it is named. Where no customer's user pays, those count whose account
 * it is: an authorised holder's own payees are not theirs.
 */
export async function findSavedPayees(
  { db, bookId }: Pick<Context, 'db' | 'bookId'>,
  caller: Caller,
  payees: readonly PayeeByNumber[],
): Promise<readonly (PayeeOfBeneficiary | undefined)[]> {
  if (payees.length === 0) return [];
  const own = ownCustomerOf(caller) ?? null;
  const roles = own === null ? rolesThatOwn() : rolesThatPay();
  const { rows } = await sql<Row & { place: number }>`
    select distinct on (w.place) w.place::int as place, w.account_id as "accountId",
      b.beneficiary_id as "beneficiaryId", b.customer_id as "customerId", b.name,
      ${ACCOUNT_COLUMNS}
    from unnest(${payees.map(({ accountId }) => accountId)}::uuid[],
      ${payees.map(({ key }) => key ?? null)}::text[],
      ${payees.map(({ toAccountId }) => toAccountId ?? null)}::uuid[],
      ${payees.map(({ currency }) => currency)}::text[])
      with ordinality as w (account_id, key, to_account_id, currency, place)
    join books k on k.book_id = ${bookId}
    left join accounts p on p.book_id = ${bookId} and p.account_id = w.to_account_id
    join account_holders h on h.book_id = ${bookId} and h.account_id = w.account_id
      and h.role = any(${roles}::text[])
    join beneficiaries b on b.book_id = ${bookId} and b.customer_id = h.customer_id
      and ${sql.raw(KEY)} = coalesce(w.key, ${sql.raw(KEY_OF_ACCOUNT)}) and coalesce(b.currency, w.currency) = w.currency
    where ${own}::uuid is null or b.customer_id = ${own}::uuid
    order by w.place, b.usable_from desc, b.beneficiary_id`.execute(db);
  const found = new Map(rows.map(({ place, ...payee }) => [place, toPayee(payee)]));
  return payees.map((_, index) => found.get(index + 1));
}

/** A transaction that paid a beneficiary. */
export type PaidBeneficiary = {
  readonly transactionId: TransactionId;
  readonly customerId: CustomerId;
  /** As `payeeKey` has it. */
  readonly payee: string;
};

const PAID = recordSet<PaidBeneficiary>({
  transaction_id: uuids(({ transactionId }) => transactionId),
  customer_id: uuids(({ customerId }) => customerId),
  iban: texts(({ payee }) => payee),
});

const INSERT = `
  insert into beneficiary_payments (book_id, transaction_id, customer_id, iban, currency, amount_minor,
    business_date, paid_at, was_new)
  select $1, r.transaction_id, r.customer_id, r.iban, p.currency, p.amount_minor, e.business_date, e.posted_at,
    exists (select from beneficiaries b where b.book_id = $1 and b.customer_id = r.customer_id and ${KEY} = r.iban
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
