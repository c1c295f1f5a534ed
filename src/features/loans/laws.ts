import { type RawBuilder, sql } from 'kysely';
import { CHART } from '#ledger/chart.ts';
import type { Law } from '#ledger/verify.ts';

/** The loans' total of each line of the chart, as credits minus debits. */
const held = (bookId: number): RawBuilder<unknown> => sql`(
  select currency, line.gl_code, line.signed from loans
  cross join lateral (values
    (${CHART.loans}, -principal_minor),
    (${CHART.loanInterestReceivable},
      case when non_accrual_since is null then -(interest_accrued_minor + interest_due_minor) else 0 end),
    (${CHART.loanFeesReceivable}, -fees_due_minor),
    (${CHART.loanPenaltiesReceivable}, case when non_accrual_since is null then -penalties_due_minor else 0 end),
    (${CHART.loanInstalmentsAhead}, paid_ahead_minor),
    (${CHART.loanLossAllowance}, provision_minor)) as line (gl_code, signed)
  where book_id = ${bookId})`;

const LINES = [
  CHART.loans,
  CHART.loanInterestReceivable,
  CHART.loanFeesReceivable,
  CHART.loanPenaltiesReceivable,
  CHART.loanInstalmentsAhead,
  CHART.loanLossAllowance,
];

/** The laws that loans owe to the ledger. */
export const LOAN_LAWS: readonly Law[] = [
  {
    name: 'the receivables and the allowance of the ledger equal the loans behind them',
    firstBroken: (bookId) => sql`
      with accounts as (
        select ledger_account_id, gl_code, currency from ledger_accounts
        where book_id = ${bookId} and kind = 'internal' and gl_code = any(${LINES}::text[])
      )
      select jsonb_build_object('glCode', gl_code, 'currency', currency, 'differenceMinor', sum(signed)) as row
      from (
        select gl_code, currency, -signed as signed from ${held(bookId)} as held
        union all
        select a.gl_code, a.currency, -p.amount_minor from postings p
        join accounts a on a.ledger_account_id = p.debit_account_id where p.book_id = ${bookId}
        union all
        select a.gl_code, a.currency, p.amount_minor from postings p
        join accounts a on a.ledger_account_id = p.credit_account_id where p.book_id = ${bookId}
      ) as parts
      group by gl_code, currency having sum(signed) <> 0 order by gl_code, currency limit 1`,
  },
  {
    name: 'what is due of a loan is the sum of what is not paid of its schedule, since the oldest of it',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('loanId', l.loan_id, 'principalMinor', u.principal_minor) as row
      from loans l
      cross join lateral (
        select coalesce(sum((item ->> 'principalMinor')::bigint), 0) as principal_minor,
          coalesce(sum((item ->> 'interestMinor')::bigint), 0) as interest_minor,
          coalesce(sum((item ->> 'feesMinor')::bigint), 0) as fees_minor,
          min((item ->> 'dueOn')::date) as since
        from jsonb_array_elements(l.unpaid) as item
      ) as u
      where l.book_id = ${bookId} and (l.principal_due_minor <> u.principal_minor
        or l.interest_due_minor <> u.interest_minor or l.fees_due_minor <> u.fees_minor
        or l.overdue_since is distinct from u.since)
      order by l.loan_id limit 1`,
  },
  {
    name: 'the last event of a loan is the last that is known of it, and leaves what is owed but for interest since',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('loanId', l.loan_id, 'lastEventNumber', l.last_event_number,
        'eventNumber', e.event_number) as row
      from loans l
      left join lateral (
        select event_number, owed_principal_minor, owed_fees_minor from loan_events
        where book_id = ${bookId} and loan_id = l.loan_id order by event_number desc limit 1
      ) as e on true
      where l.book_id = ${bookId} and (e.event_number is distinct from l.last_event_number
        or e.owed_principal_minor <> l.principal_minor or e.owed_fees_minor <> l.fees_due_minor)
      order by l.loan_id limit 1`,
  },
  {
    name: 'every repayment was posted for as much as it repaid, unless it was made in another system',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('loanId', x.loan_id, 'number', x.event_number) as row
      from loan_events x
      left join postings p on p.book_id = x.book_id and p.entry_id = x.entry_id and p.line = 1
      where x.book_id = ${bookId} and x.kind = 'repaid' and not (x.details ? 'isBroughtIn')
        and (p.amount_minor is distinct from x.amount_minor
        or x.amount_minor <> x.principal_minor + x.interest_minor + x.fees_minor + x.penalties_minor
          + coalesce((x.details ->> 'aheadMinor')::bigint, 0))
      order by x.loan_id, x.event_number limit 1`,
  },
];
