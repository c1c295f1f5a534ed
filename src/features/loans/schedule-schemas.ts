import { type Static, Type } from 'typebox';
import { amount, choice, date, list, signedAmount, text, whole } from '#http/fields.ts';
import { closedObject, described, resource } from '#http/schemas.ts';
import { notFound } from '#lib/errors.ts';
import { formatAmount, parseAmount } from '#lib/money/money.ts';
import { loanError } from './errors.ts';
import { relive } from './life.ts';
import { Loan } from './loan.ts';
import { termsInForce } from './planned-terms.ts';
import { sums, Totals } from './products/quote-schemas.ts';
import { formatRate } from './products/rate-text.ts';
import { computeSchedule } from './schedule/schedule.ts';
import type { LoanTerms } from './schedule/terms.ts';
import {
  type LivedRow,
  type LivedSchedule,
  livedSchedule,
  ROW_STATUSES,
  type RowParts,
  sumOf,
} from './schedule-rows.ts';
import type { LoanScheduleDetails } from './service.ts';
import { NO_PARTS } from './state.ts';

const RowStatus = choice(
  'InstalmentStatus',
  'The state of the row: to come, due or overdue; or it was paid, waived, moved into later rows, or lost.',
  ROW_STATUSES,
);

const rowParts = {
  principal: signedAmount('Of it principal.'),
  interest: signedAmount('Of it interest.'),
  fees: signedAmount('Of it fees.'),
};

export const LoanScheduleSchema = resource('LoanSchedule', 'What fell due of a loan, and what is to come.', {
  annualRatePercent: text('The annual rate that it begins with, in percent.', '9.5'),
  version: whole('The version: the number of the transaction that made it.', 2),
  schedule: list(
    'The instalments, in order.',
    resource('LoanInstalment', 'An instalment.', {
      number: whole(
        'Its place in the order; 0 for a fee of the disbursement, for charges, and for fees that re-ageing leaves due.',
        1,
      ),
      dueDate: date('When it is due.'),
      ...sums,
      outstanding: signedAmount('The principal that is left after it.'),
      paid: resource('InstalmentPaid', 'What of an instalment was paid.', rowParts),
      status: RowStatus,
    }),
  ),
  totals: described(Totals, 'The sums of the instalments.'),
  paidEarly: resource('PaidEarly', 'What was paid beyond what was due: no instalment asks for it.', rowParts),
  versions: list(
    'Every version there was.',
    resource('LoanScheduleVersion', 'A version of a schedule.', {
      version: whole('The number of the transaction that made it.', 2),
      validFrom: date('From when it holds.'),
      reason: choice('LoanScheduleReason', 'Why it was made.', [
        'disbursed',
        'repaid',
        'rescheduled',
        'corrected',
      ]),
    }),
  ),
});
export type LoanScheduleView = Static<typeof LoanScheduleSchema>;

export const ScheduleQuery = closedObject({
  version: Type.Optional(whole('A version; the one in force if not given.', 2, { minimum: 1 })),
  amount: Type.Optional(amount('Of an application: the schedule if this amount is approved.')),
});

/**
 * The schedule that a loan goes by: what fell due, as it fell due, and what is to come by the version in force; the
 * planned one before it is paid out. The principal of its rows and what was paid early are what was lent. With a version, the whole of that one. Throws 404 `not_found` for a version that
 * there is not. Of an application it shows the terms for another amount, too.
 */
export function loanScheduleView(
  shown: LoanScheduleDetails,
  { version, amount: ifApproved }: Static<typeof ScheduleQuery> = {},
): LoanScheduleView {
  const { loan, versions } = shown;
  const terms =
    ifApproved === undefined
      ? versions.find(({ scheduleVersion }) => scheduleVersion === version)?.terms
      : termsIfApproved(shown, ifApproved);
  if (version !== undefined && terms === undefined) throw notFound();
  const inForce = terms ?? termsInForce(shown);
  const { rows, paidEarly } = terms === undefined ? currentRows(shown) : planned(terms);
  const shownAmount = (minor: bigint): string => formatAmount(minor, loan.currency);
  const partsOf = ({ principalMinor, interestMinor, feesMinor }: RowParts) => ({
    principal: shownAmount(principalMinor),
    interest: shownAmount(interestMinor),
    fees: shownAmount(feesMinor),
  });
  return {
    annualRatePercent: formatRate(inForce.annualRate),
    version: version ?? loan.scheduleVersion,
    schedule: rows.map(({ number, dueOn, parts, paid, outstandingMinor, status }) => ({
      number,
      dueDate: dueOn,
      ...partsOf(parts),
      total: shownAmount(sumOf(parts)),
      outstanding: shownAmount(outstandingMinor),
      paid: partsOf(paid),
      status,
    })),
    totals: totalsOf(rows, shownAmount),
    paidEarly: partsOf(paidEarly),
    versions: versions.map(({ scheduleVersion, validFrom, reason }) => {
      return { version: scheduleVersion, validFrom, reason };
    }),
  };
}

/** Throws 409 `loan_not_in_status` for what is decided already, and as LoanProduct.termsOf does. */
function termsIfApproved({ loan, product, planned }: LoanScheduleDetails, amount: string): LoanTerms {
  const { status, currency } = loan;
  if (status !== 'applied') throw loanError('loan_not_in_status', { status });
  const { disbursedOn, moved } = planned ?? {};
  return new Loan(loan, product).termsFor(parseAmount(amount, currency), disbursedOn, { moved });
}

function totalsOf(rows: readonly LivedRow[], shown: (minor: bigint) => string): Static<typeof Totals> {
  const sum = (of: (parts: RowParts) => bigint): string =>
    shown(rows.reduce((total, { parts }) => total + of(parts), 0n));
  return {
    principal: sum(({ principalMinor }) => principalMinor),
    interest: sum(({ interestMinor }) => interestMinor),
    fees: sum(({ feesMinor }) => feesMinor),
    total: sum(sumOf),
  };
}

function currentRows(shown: LoanScheduleDetails): LivedSchedule {
  const { loan, product, events, asOf } = shown;
  if (loan.terms === undefined) return planned(termsInForce(shown));
  const { accruedThrough } = loan;
  const on = accruedThrough !== undefined && accruedThrough > asOf ? accruedThrough : asOf;
  return livedSchedule(relive({ state: loan, product }, events, on), asOf);
}

function planned(terms: LoanTerms): LivedSchedule {
  const rows = computeSchedule(terms).rows.map(({ number, dueOn, outstandingMinor, ...parts }) => {
    return { number, dueOn, parts, paid: NO_PARTS, outstandingMinor, status: 'upcoming' } as const;
  });
  return { rows, paidEarly: NO_PARTS };
}
