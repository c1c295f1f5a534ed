import { dates, recordSet, uuids } from '#db/bulk-rows.ts';
import { type AnyTx, run } from '#db/session.ts';
import type { AccountId } from '#lib/ids.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { FactPeriod } from './account-fee.ts';
import type { FeeFacts } from './fee.ts';

/** The days of an account that conditions look at. */
export type FactQuestion = FactPeriod & { readonly accountId: AccountId };

/** What was on an account on some days, and what came in. */
export type BalanceFacts = Required<
  Pick<FeeFacts, 'lowestBalanceMinor' | 'averageBalanceMinor' | 'salaryMinor'>
>;

const QUESTIONS = recordSet<FactQuestion>({
  account_id: uuids(({ accountId }) => accountId),
  from_on: dates(({ from }) => from),
  to_on: dates(({ to }) => to),
});

/** From the last balance that was kept before the days: so an account with a long history is not read through. */
const LINES_SINCE = `
  from ${QUESTIONS.from}
  left join lateral (
    select k.seq, k.balance_minor from end_of_day_balances k
    where k.book_id = $1 and k.ledger_account_id = r.account_id and k.business_date < r.from_on
    order by k.business_date desc limit 1
  ) as kept on true`;

const side = (name: 'debit' | 'credit'): string => `
  select p.${name}_seq as seq, p.business_date, p.${name}_balance_minor as balance_minor from postings p
  where p.book_id = $1 and p.${name}_account_id = r.account_id and p.${name}_seq > coalesce(kept.seq, 0)
    and p.business_date <= r.to_on`;

/** The balance at the end of each day with lines; that of the day before the first as well, if it was kept. */
const DAYS = `
  select r.account_id as "accountId", day.business_date as "on", day.balance_minor::bigint as "balanceMinor"
  ${LINES_SINCE}
  cross join lateral (
    select null::date as business_date, kept.balance_minor where kept.balance_minor is not null
    union all
    select * from (
      select distinct on (line.business_date) line.business_date, line.balance_minor
      from (${side('debit')} union all ${side('credit')}) as line
      order by line.business_date, line.seq desc
    ) as ends
  ) as day
  order by r.account_id, day.business_date nulls first`;

/** What came in from other banks and stayed. */
const SALARIES = `
  select r.account_id as "accountId", sum(p.amount_minor)::bigint as "salaryMinor"
  ${LINES_SINCE}
  join postings p on p.book_id = $1 and p.credit_account_id = r.account_id
    and p.credit_seq > coalesce(kept.seq, 0) and p.business_date between r.from_on and r.to_on
  join journal_entries e on e.book_id = $1 and e.entry_id = p.entry_id and e.kind = 'incoming_payment'
  where not exists (
    select from journal_entries back where back.book_id = $1 and back.reverses_entry_id = p.entry_id)
  group by r.account_id`;

type DayRow = {
  readonly accountId: AccountId;
  readonly on: IsoDate | null;
  readonly balanceMinor: bigint;
};

/** What conditions look at, for each account once. */
export async function loadBalanceFacts(
  tx: AnyTx,
  bookId: number,
  questions: readonly FactQuestion[],
): Promise<ReadonlyMap<AccountId, BalanceFacts>> {
  if (questions.length === 0) return new Map();
  const values = [bookId, ...QUESTIONS.values(questions)];
  const [days, salaries] = await Promise.all([
    run<DayRow>(tx, DAYS, values),
    run<{ accountId: AccountId; salaryMinor: bigint }>(tx, SALARIES, values),
  ]);
  const daysOf = Map.groupBy(days.rows, ({ accountId }) => accountId);
  const salaryOf = new Map(salaries.rows.map(({ accountId, salaryMinor }) => [accountId, salaryMinor]));
  return new Map(
    questions.map((question) => {
      const { accountId } = question;
      const salaryMinor = salaryOf.get(accountId) ?? 0n;
      return [accountId, { ...balancesOver(question, daysOf.get(accountId) ?? []), salaryMinor }];
    }),
  );
}

/**
 * The lowest and the average of the balances at the end of each day, of the days on which they changed, ascending. The
 * average is cut to whole minor units, which is at least a bound wherever the average is.
 */
function balancesOver(
  { from, to }: FactPeriod,
  changes: readonly Pick<DayRow, 'on' | 'balanceMinor'>[],
): Omit<BalanceFacts, 'salaryMinor'> {
  let balanceMinor = 0n;
  let since = from;
  let sum = 0n;
  let lowest: bigint | undefined;
  const count = (until: IsoDate): void => {
    const days = daysBetween(since, until);
    if (days <= 0) return;
    sum += BigInt(days) * balanceMinor;
    lowest = lowest === undefined || balanceMinor < lowest ? balanceMinor : lowest;
    since = until;
  };
  for (const { on, balanceMinor: after } of changes) {
    if (on !== null && on > from) count(on);
    balanceMinor = after;
  }
  count(addDays(to, 1));
  const days = BigInt(daysBetween(from, to) + 1);
  const average = sum / days;
  const isCutUp = sum < 0n && sum % days !== 0n;
  return { lowestBalanceMinor: lowest ?? 0n, averageBalanceMinor: isCutUp ? average - 1n : average };
}
