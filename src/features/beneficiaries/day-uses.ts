import { uuidArray } from '#db/binary-array.ts';
import type { Db } from '#db/database.ts';
import { run } from '#db/session.ts';
import type { BeneficiaryId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { KEY } from './account-columns.ts';

/** The limit of a day of a beneficiary that was paid, and what was paid to it on the book's date. Minor units. */
export type BeneficiaryUse = {
  readonly id: BeneficiaryId;
  readonly currency: Currency;
  readonly limitMinor: bigint;
  readonly usedMinor: bigint;
};

const USES = `
  select b.beneficiary_id as "id", paid.currency, b.limit_per_day_minor as "limitMinor", (
      select sum(p.amount_minor - coalesce((
        select sum(rp.amount_minor) from journal_entries r
        join postings rp on rp.book_id = $1 and rp.entry_id = r.entry_id
        where r.book_id = $1 and r.reverses_entry_id = p.transaction_id), 0))
      from beneficiary_payments p
      where p.book_id = $1 and p.customer_id = paid.customer_id and p.iban = paid.iban
        and p.currency = paid.currency and p.business_date = paid.business_date
    )::text as "usedMinor"
  from (
    select distinct customer_id, iban, currency, business_date from beneficiary_payments
    where book_id = $1 and transaction_id = any($2::uuid[])
  ) as paid
  join beneficiaries b on b.book_id = $1 and b.customer_id = paid.customer_id and ${KEY} = paid.iban
    and coalesce(b.currency, paid.currency) = paid.currency and b.limit_per_day_minor is not null
  order by b.beneficiary_id`;

/** What is used of the limits of the beneficiaries that payments went to, with these payments. */
export async function selectBeneficiaryUses(
  db: Db,
  bookId: number,
  paymentIds: readonly TransactionId[],
): Promise<BeneficiaryUse[]> {
  const { rows } = await run<Omit<BeneficiaryUse, 'usedMinor'> & { readonly usedMinor: string }>(db, USES, [
    bookId,
    uuidArray(paymentIds),
  ]);
  return rows.map((row) => ({ ...row, usedMinor: BigInt(row.usedMinor) }));
}
