import type { Currency } from '#lib/money/currencies.ts';
import type { Fraction } from '#lib/money/fraction.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { LoanQuote } from '../schedule/quote.ts';
import type { ScheduleTotals } from '../schedule/schedule-row.ts';

type SumsView = { principal: string; interest: string; fees: string; total: string };

export type ScheduleRowView = { number: number; dueDate: string } & SumsView & { outstanding: string };

/** A quote as the API and the CLI show it. Amounts in major units. */
export type QuoteView = {
  schedule: ScheduleRowView[];
  totals: SumsView;
  aprPercent: string;
  effectiveAnnualRatePercent: string;
};

/** More than any law asks for, so that who shows fewer rounds once. */
const RATE_DECIMALS = 4;

export function quoteView({ terms, schedule, apr, effectiveAnnualRate }: LoanQuote): QuoteView {
  const { currency } = terms;
  return {
    schedule: schedule.rows.map((row) => ({
      number: row.number,
      dueDate: row.dueOn,
      ...sumsView(row, currency),
      outstanding: formatAmount(row.outstandingMinor, currency),
    })),
    totals: sumsView(schedule.totals, currency),
    aprPercent: formatPercent(apr, RATE_DECIMALS),
    effectiveAnnualRatePercent: formatPercent(effectiveAnnualRate, RATE_DECIMALS),
  };
}

function sumsView(
  { principalMinor, interestMinor, feesMinor, totalMinor }: ScheduleTotals,
  currency: Currency,
): SumsView {
  return {
    principal: formatAmount(principalMinor, currency),
    interest: formatAmount(interestMinor, currency),
    fees: formatAmount(feesMinor, currency),
    total: formatAmount(totalMinor, currency),
  };
}

/** A ratio as a percentage: 0.126825 is `12.6825`. */
export function formatPercent(ratio: number, decimals: number): string {
  const text = (ratio * 100).toFixed(decimals);
  // A root that is zero may come out as a little less.
  return Number(text) === 0 ? (0).toFixed(decimals) : text;
}

/** As many decimals of a percentage as rates may have. */
const GIVEN_RATE_DECIMALS = 6;

/** An exact rate as the percentage that it was given as: 95/1000 is `9.5`. */
export function formatRate({ numerator, denominator }: Fraction): string {
  const scaled = (numerator * 100n * 10n ** BigInt(GIVEN_RATE_DECIMALS)) / denominator;
  const digits = scaled.toString().padStart(GIVEN_RATE_DECIMALS + 1, '0');
  const decimals = digits.slice(-GIVEN_RATE_DECIMALS).replace(/0+$/, '');
  return `${digits.slice(0, -GIVEN_RATE_DECIMALS)}${decimals === '' ? '' : `.${decimals}`}`;
}
