import { type Static, Type } from 'typebox';
import { amount, choice, date, list, signedAmount, text, whole } from '#http/fields.ts';
import { closedObject, described, resource } from '#http/schemas.ts';
import { notFound } from '#lib/errors.ts';
import { formatAmount, parseAmount } from '#lib/money/money.ts';
import { loanError } from './errors.ts';
import { Loan } from './loan.ts';
import { sums, Totals } from './products/quote-schemas.ts';
import { formatRate } from './products/rate-text.ts';
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
  annualRatePercent: text('The annual rate that it begins with, in percent.', '9.5'),
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
  amount: Type.Optional(amount('Of an application: the schedule if this amount is approved.')),
});

type StatedRow = ScheduleRow & { readonly status: Static<typeof RowStatus> };

/**
 * The schedule that a loan goes by: what fell due, as it fell due, and what is to come by the version in force; the
 * planned one before it is paid out. With a version, the whole of that one. Throws 404 `not_found` for a version that
 * there is not. Of an application it shows the terms for another amount, too.
 */
export function loanScheduleView(
  shown: LoanScheduleDetails,
  { version, amount: ifApproved }: Static<typeof ScheduleQuery> = {},
): LoanScheduleView {
  const { loan, product, versions } = shown;
  const terms =
    ifApproved === undefined
      ? versions.find(({ scheduleVersion }) => scheduleVersion === version)?.terms
      : termsIfApproved(shown, ifApproved);
  if (version !== undefined && terms === undefined) throw notFound();
  const inForce = terms ?? loan.terms ?? new Loan(loan, product).plannedTerms();
  const rows = terms === undefined ? currentRows(shown) : upcoming(terms);
  const shownAmount = (minor: bigint): string => formatAmount(minor, loan.currency);
  const sum = (of: (row: ScheduleRow) => bigint): string =>
    shownAmount(rows.reduce((total, row) => total + of(row), 0n));
  return {
    annualRatePercent: formatRate(inForce.annualRate),
    version: version ?? loan.scheduleVersion,
    schedule: rows.map((row) => ({
      number: row.number,
      dueDate: row.dueOn,
      principal: shownAmount(row.principalMinor),
      interest: shownAmount(row.interestMinor),
      fees: shownAmount(row.feesMinor),
      total: shownAmount(row.totalMinor),
      outstanding: shownAmount(row.outstandingMinor),
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

/** Throws 409 `loan_not_in_status` for what is decided already, and as LoanProduct.termsOf does. */
function termsIfApproved({ loan, product }: LoanScheduleDetails, amount: string): LoanTerms {
  const { status, currency } = loan;
  if (status !== 'applied') throw loanError('loan_not_in_status', { status });
  return new Loan(loan, product).termsFor(parseAmount(amount, currency));
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
