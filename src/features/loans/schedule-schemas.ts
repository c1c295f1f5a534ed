import { type Static, Type } from 'typebox';
import { choice, date, list, signedAmount, whole } from '#http/fields.ts';
import { closedObject, described, resource } from '#http/schemas.ts';
import { notFound } from '#lib/errors.ts';
import { formatAmount } from '#lib/money/money.ts';
import { Loan } from './loan.ts';
import { sums, Totals } from './products/quote-schemas.ts';
import { computeSchedule } from './schedule/schedule.ts';
import type { ScheduleRow } from './schedule/schedule-row.ts';
import type { LoanTerms } from './schedule/terms.ts';
import type { LoanScheduleDetails } from './service.ts';

const RowStatus = choice('InstalmentStatus', 'Whether it fell due, and was paid.', [
  'paid',
  'due',
  'overdue',
  'upcoming',
]);

export const LoanScheduleSchema = resource('LoanSchedule', 'What fell due of a loan, and what is to come.', {
  version: whole('The version: the number of the transaction that made it.', 2),
  schedule: list(
    'The instalments, in order.',
    resource('LoanInstalment', 'An instalment.', {
      number: whole('Its place in the order; 0 for what is due on the day of the disbursement.', 1),
      dueDate: date('When it is due.'),
      ...sums,
      outstanding: signedAmount('The principal that is left after it.'),
      status: RowStatus,
    }),
  ),
  totals: described(Totals, 'The sums of the instalments.'),
  versions: list(
    'Every version there was.',
    resource('LoanScheduleVersion', 'A version of a schedule.', {
      version: whole('The number of the transaction that made it.', 2),
      validFrom: date('From when it holds.'),
      reason: choice('LoanScheduleReason', 'Why it was made.', ['disbursed', 'repaid', 'rescheduled']),
    }),
  ),
});
export type LoanScheduleView = Static<typeof LoanScheduleSchema>;

export const ScheduleQuery = closedObject({
  version: Type.Optional(whole('A version; the one in force if not given.', 2, { minimum: 1 })),
});

type StatedRow = ScheduleRow & { readonly status: Static<typeof RowStatus> };

/**
 * The schedule that a loan goes by: what fell due, as it fell due, and what is to come by the version in force; the
 * planned one before it is paid out. With a version, the whole of that one. Throws 404 `not_found` for a version that
 * there is not.
 */
export function loanScheduleView(shown: LoanScheduleDetails, version?: number): LoanScheduleView {
  const { loan, versions } = shown;
  const terms = versions.find(({ scheduleVersion }) => scheduleVersion === version)?.terms;
  if (version !== undefined && terms === undefined) throw notFound();
  const rows = terms === undefined ? currentRows(shown) : upcoming(terms);
  const amount = (minor: bigint): string => formatAmount(minor, loan.currency);
  const sum = (of: (row: ScheduleRow) => bigint): string =>
    amount(rows.reduce((total, row) => total + of(row), 0n));
  return {
    version: version ?? loan.scheduleVersion,
    schedule: rows.map((row) => ({
      number: row.number,
      dueDate: row.dueOn,
      principal: amount(row.principalMinor),
      interest: amount(row.interestMinor),
      fees: amount(row.feesMinor),
      total: amount(row.totalMinor),
      outstanding: amount(row.outstandingMinor),
      status: row.status,
    })),
    totals: {
      principal: sum(({ principalMinor }) => principalMinor),
      interest: sum(({ interestMinor }) => interestMinor),
      fees: sum(({ feesMinor }) => feesMinor),
      total: sum(({ totalMinor }) => totalMinor),
    },
    versions: versions.map(({ scheduleVersion, validFrom, reason }) => {
      return { version: scheduleVersion, validFrom, reason };
    }),
  };
}

function currentRows({ loan, product, events, asOf }: LoanScheduleDetails): StatedRow[] {
  if (loan.terms === undefined) return upcoming(new Loan(loan, product).plannedTerms());
  const unpaid = new Map(loan.unpaid.map((item) => [item.number, item.dueOn]));
  const fallen = events.flatMap(({ kind, on, details, ...event }): StatedRow[] => {
    if (kind !== 'fell_due' || details.row === undefined) return [];
    const { principalMinor, interestMinor, feesMinor, amountMinor: totalMinor } = event;
    const outstandingMinor = details.outstandingMinor ?? 0n;
    const row = { number: details.row, dueOn: on, principalMinor, interestMinor, feesMinor, totalMinor };
    const isOpen = unpaid.get(details.row) === on;
    return [{ ...row, outstandingMinor, status: isOpen ? (on < asOf ? 'overdue' : 'due') : 'paid' }];
  });
  const next = loan.period?.number;
  const coming = next === undefined ? [] : upcoming(loan.terms).filter(({ number }) => number >= next);
  return [...fallen, ...coming];
}

function upcoming(terms: LoanTerms): StatedRow[] {
  return computeSchedule(terms).rows.map((row) => ({ ...row, status: 'upcoming' }));
}
