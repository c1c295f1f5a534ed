import { textArray } from '#db/binary-array.ts';
import { recordSet, texts, uuids } from '#db/bulk-rows.ts';
import { failUnless } from '#db/flight.ts';
import { run, type SqlSession } from '#db/session.ts';
import { rolesThatOwn } from '#features/accounts/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { KEY, KEY_OF_ACCOUNT } from './account-columns.ts';

/** A payment between accounts of this bank: its payer may have saved the payee. */
export type UncheckedPayment = {
  readonly accountId: AccountId;
  readonly toAccountId: AccountId;
  readonly currency: Currency;
};

/** More than any account has. */
const MAX_HOLDERS = 1_000;

const PAYMENTS = recordSet<UncheckedPayment>(
  {
    account_id: uuids(({ accountId }) => accountId),
    to_account_id: uuids(({ toAccountId }) => toAccountId),
    currency: texts(({ currency }) => currency),
  },
  3,
);

/** As the guard of payments finds them (payment-guard.ts). Most payers have saved nobody: the second look-up ends it. */
const CONFIRM_UNSAVED = `
  select ${failUnless(`not exists (
    select from ${PAYMENTS.from}
    cross join lateral (
      select customer_id from account_holders
      where book_id = $1 and account_id = r.account_id and role = any($2::text[]) limit ${MAX_HOLDERS}
    ) as h
    cross join lateral (
      select from beneficiaries where book_id = $1 and customer_id = h.customer_id limit 1
    ) as somebody
    join books k on k.book_id = $1
    cross join lateral (
      select iban, number from accounts
      where book_id = $1 and account_id between r.to_account_id and r.to_account_id
      order by account_id limit 1
    ) as p
    cross join lateral (
      select from beneficiaries b
      where b.book_id = $1 and b.customer_id = h.customer_id and ${KEY} = ${KEY_OF_ACCOUNT}
        and coalesce(b.currency, r.currency) = r.currency limit 1
    ) as saved)`)}`;

/** Puts a statement in a flight that fails if a payer has saved its payee as a beneficiary. None for no payments. */
export function confirmUnsaved(
  flight: SqlSession,
  bookId: number,
  payments: readonly UncheckedPayment[],
): void {
  if (payments.length === 0) return;
  void run(flight, CONFIRM_UNSAVED, [bookId, textArray(rolesThatOwn()), ...PAYMENTS.values(payments)]);
}
