import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { annualYield, averageBalance } from '#features/interest/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Fixed } from '#lib/money/powers.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { loadBalances } from './lines.ts';
import type { BalanceFrom } from './replay.ts';

/** Lines of an account after one, up to one, and the balance after it in minor units. */
type Lines = {
  readonly accountId: AccountId;
  readonly seqBefore: bigint;
  readonly lastSeq: bigint;
  readonly closingMinor: bigint;
};

/** What interest that was posted came to in a year, as a ratio, and the days that it is for. */
export type YieldEarned = { readonly from: IsoDate; readonly to: IsoDate; readonly apyEarned: Fixed };

/**
 * The annual percentage yield earned of the interest that is posted in some lines: on the average daily balance of the
 * periods that it is for (12 CFR 1030.6(b), and appendix A, part II). A correction of another period does not count.
 * Undefined where nothing was posted, or nothing was there to earn it. It follows from lines up to the last one alone.
 */
export async function yieldEarned(
  db: Db,
  bookId: number,
  { accountId, seqBefore, lastSeq, closingMinor }: Lines,
): Promise<YieldEarned | undefined> {
  const posted = await listPosted(db, bookId, { accountId, seqBefore, lastSeq });
  const whole = posted.filter(({ isCorrection }) => !isCorrection);
  const ends = new Set(whole.map(({ to }) => to));
  const earnedMinor = posted
    .filter(({ to }) => ends.has(to))
    .reduce((sum, { creditMinor }) => sum + creditMinor, 0n);
  const [from] = whole.map((one) => one.from).toSorted();
  const to = [...ends].toSorted().at(-1);
  if (from === undefined || to === undefined || earnedMinor < 0n) return undefined;
  const wanted = { id: accountId, from, upTo: lastSeq, balanceMinor: closingMinor };
  const average = averageBalance(daysOf((await loadBalances(db, bookId, [wanted])).get(accountId) ?? [], to));
  if (average.numerator === 0n) return undefined;
  const days = BigInt(daysBetween(from, to) + 1);
  return { from, to, apyEarned: annualYield({ numerator: earnedMinor, denominator: 1n }, average, days) };
}

type Posted = {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly isCorrection: boolean;
  readonly creditMinor: bigint;
};

async function listPosted(
  db: Db,
  bookId: number,
  { accountId, seqBefore, lastSeq }: Omit<Lines, 'closingMinor'>,
): Promise<Posted[]> {
  const { rows } = await sql<Posted>`
    select i.period_from as "from", i.period_to as "to", i.is_correction as "isCorrection",
      i.credit_minor as "creditMinor"
    from interest_postings i
    where i.book_id = ${bookId} and i.account_id = ${accountId} and exists (
      select from postings p
      where p.book_id = i.book_id and p.entry_id = i.credit_entry_id
        and (p.debit_account_id = i.account_id and p.debit_seq > ${seqBefore} and p.debit_seq <= ${lastSeq}
          or p.credit_account_id = i.account_id and p.credit_seq > ${seqBefore} and p.credit_seq <= ${lastSeq}))
    order by i.posting_number`.execute(db);
  return rows;
}

/** Balances with the days that they stood, through a last one; one below zero earns nothing. The first is of the day before. */
function daysOf(balances: readonly BalanceFrom[], to: IsoDate) {
  return balances.flatMap(({ from, balanceMinor }, index) => {
    const begin = index === 0 ? addDays(from, 1) : from;
    const next = balances[index + 1]?.from;
    const end = next === undefined || next > to ? to : addDays(next, -1);
    const days = BigInt(daysBetween(begin, end) + 1);
    return days > 0n ? [{ balanceMinor: balanceMinor > 0n ? balanceMinor : 0n, days }] : [];
  });
}
