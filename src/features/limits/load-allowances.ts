import { uuidArray } from '#db/binary-array.ts';
import type { Db } from '#db/database.ts';
import { run, type SqlSession } from '#db/session.ts';
import { movesMoney } from '#ledger/charges.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { Allowance } from './limit.ts';

/*
 * The limits that count for accounts, and what these have paid on a business date. Read from the postings themselves,
 * not from a counter: whatever is set whenever counts what was paid before. What was set aside counts on its day, and
 * not again when it is captured. What was released, reversed or returned counts no more, of a part the part. The first
 * line of a payment is what it pays: what it cost stands behind it, and counts against no limit. Dates never go back along an account, so that the lines of a
 * date are the last.
 */
const ALLOWANCES = `
  select effective.id, effective.currency, effective."perTransaction", effective."perDay",
    effective."newBeneficiaryPerDay", effective."ownTransfersCount",
    (coalesce(paid.total_minor, 0) + coalesce(held.total_minor, 0) - coalesce(returned.total_minor, 0))::text as "totalMinor",
    coalesce(paid.to_new_minor, 0)::text as "toNewMinor"
  from (
    select a.account_id as "id", a.currency,
      coalesce(al.per_transaction_minor, pl.per_transaction_minor, bl.per_transaction_minor) as "perTransaction",
      coalesce(al.per_day_minor, pl.per_day_minor, bl.per_day_minor) as "perDay",
      coalesce(al.new_beneficiary_per_day_minor, pl.new_beneficiary_per_day_minor,
        bl.new_beneficiary_per_day_minor) as "newBeneficiaryPerDay",
      coalesce(pl.own_transfers_count, bl.own_transfers_count, true) as "ownTransfersCount", a.customer_id
    from unnest($2::uuid[]) as wanted (account_id)
    join accounts a on a.book_id = $1 and a.account_id = wanted.account_id
    left join account_limits al on al.book_id = $1 and al.account_id = a.account_id
    left join product_limits pl on pl.book_id = $1 and pl.product_code = a.product_code and pl.currency = a.currency
    left join book_limits bl on bl.book_id = $1 and bl.currency = a.currency
  ) as effective
  left join lateral (
    select sum(p.amount_minor - coalesce(taken_back.minor, 0)) as total_minor,
      sum(p.amount_minor - coalesce(taken_back.minor, 0)) filter (where b.was_new) as to_new_minor
    from postings p
    join journal_entries e on e.book_id = $1 and e.entry_id = p.entry_id
      and e.kind in ('withdrawal', 'transfer', 'outgoing_payment')
    left join beneficiary_payments b on b.book_id = $1 and b.transaction_id = p.entry_id
    left join lateral (
      select sum(rp.amount_minor) as minor
      from journal_entries r
      join postings rp on rp.book_id = $1 and rp.entry_id = r.entry_id
        and rp.credit_account_id = effective.id and ${movesMoney('rp', "'transfer'")}
      where r.book_id = $1 and r.reverses_entry_id = p.entry_id
    ) as taken_back on true
    where p.book_id = $1 and p.debit_account_id = effective.id and p.business_date = $3 and p.line = 1
      and p.debit_seq > coalesce((
        select before.debit_seq from postings before
        where before.book_id = $1 and before.debit_account_id = effective.id and before.debit_seq is not null
          and before.business_date < $3
        order by before.debit_seq desc limit 1), 0)
      and not exists (select from hold_captures c where c.book_id = $1 and c.transaction_id = p.entry_id)
      and (effective."ownTransfersCount" or e.kind <> 'transfer' or not exists (
        select from accounts own where own.book_id = $1 and own.account_id = p.credit_account_id
          and own.customer_id = effective.customer_id))
  ) as paid on coalesce(effective."perDay", effective."newBeneficiaryPerDay") is not null
  left join lateral (
    select sum(case h.status when 'active' then h.amount_minor else h.captured_minor end) as total_minor from holds h
    where h.book_id = $1 and h.account_id = effective.id and h.placed_on = $3
  ) as held on effective."perDay" is not null
  left join lateral (
    select sum(rp.amount_minor) as total_minor
    from holds h
    join hold_captures c on c.book_id = $1 and c.hold_id = h.hold_id
    join journal_entries r on r.book_id = $1 and r.reverses_entry_id = c.transaction_id
    join postings rp on rp.book_id = $1 and rp.entry_id = r.entry_id
        and rp.credit_account_id = effective.id and ${movesMoney('rp', "'transfer'")}
    where h.book_id = $1 and h.account_id = effective.id and h.placed_on = $3
  ) as returned on effective."perDay" is not null
  where coalesce(effective."perTransaction", effective."perDay", effective."newBeneficiaryPerDay") is not null`;

type Row = {
  readonly id: AccountId;
  readonly currency: Currency;
  readonly perTransaction: bigint | null;
  readonly perDay: bigint | null;
  readonly newBeneficiaryPerDay: bigint | null;
  readonly ownTransfersCount: boolean;
  /** Sums: as text, since they may exceed a bigint. */
  readonly totalMinor: string;
  readonly toNewMinor: string;
};

/** What accounts may pay on a business date; those without limits are left out. Exact while they are locked. */
export async function loadAllowances(
  db: Db | SqlSession,
  bookId: number,
  accountIds: Iterable<AccountId>,
  businessDate: IsoDate,
): Promise<ReadonlyMap<AccountId, Allowance>> {
  const wanted = [...new Set(accountIds)];
  if (wanted.length === 0) return new Map();
  const { rows } = await run<Row>(db, ALLOWANCES, [bookId, uuidArray(wanted), businessDate]);
  return new Map(
    rows.map(({ id, currency, totalMinor, toNewMinor, ownTransfersCount, ...limits }) => [
      id,
      new Allowance(
        currency,
        {
          perTransaction: limits.perTransaction ?? undefined,
          perDay: limits.perDay ?? undefined,
          newBeneficiaryPerDay: limits.newBeneficiaryPerDay ?? undefined,
        },
        { totalMinor: BigInt(totalMinor), toNewMinor: BigInt(toNewMinor) },
        { ownTransfersCount },
      ),
    ]),
  );
}
