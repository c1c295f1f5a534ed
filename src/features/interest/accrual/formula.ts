import type { Currency } from '#lib/money/currencies.ts';
import { formatRatePpm } from '#lib/money/rate-ppm.ts';
import type { InterestSegment, SegmentPart } from './segments.ts';
import { MINOR_PARTS } from './state.ts';
import { formatParts } from './text.ts';
import { YEAR_UNITS } from './year-units.ts';

const BALANCES: Readonly<Record<InterestSegment['basis'], string>> = {
  end_of_day: '',
  period_minimum: 'lowest ',
  average_daily: 'average ',
};
const EACH_DAY: Readonly<Record<InterestSegment['eachDay'], string>> = {
  sums: '',
  rounds: ', each day rounded',
  compounds: ', compounded each day',
};

/** A segment as a sum that a person can type into a calculator: `10000.00 × 2 % × 31/365 = 16.986301369863`. */
export function segmentFormula(segment: InterestSegment, currency: Currency): string {
  if (segment.kind === 'none') return reasonForNothing(segment);
  const terms = segment.rated
    .filter(({ amountMinor, compoundedParts }) => amountMinor !== 0n || compoundedParts !== 0n)
    .map((part) => termOf(part, segment, currency));
  const sum = terms.length > 1 ? `(${terms.join(' + ')})` : (terms[0] ?? '0');
  return `${sum} × ${yearsOf(segment)}${EACH_DAY[segment.eachDay]} = ${formatParts(segment.parts, currency)}`;
}

function reasonForNothing({ balanceMinor }: InterestSegment): string {
  if (balanceMinor === 0n) return 'no balance: nothing';
  return balanceMinor > 0n
    ? 'below the minimum balance: nothing'
    : 'overdrawn, and nothing is charged for it';
}

function termOf(
  { amountMinor, compoundedParts, ratePpm }: SegmentPart,
  { overDays, basis, kind }: InterestSegment,
  currency: Currency,
): string {
  const balance = `${kind === 'credit' ? BALANCES[basis] : ''}${formatParts(amountMinor * MINOR_PARTS, currency, overDays)}`;
  const base = compoundedParts === 0n ? balance : `(${balance} + ${formatParts(compoundedParts, currency)})`;
  return `${base} × ${formatRatePpm(ratePpm)} %`;
}

/** The part of a year: days of its days, or of months a fraction. */
function yearsOf({ counted, yearUnits }: InterestSegment): string {
  if (counted !== undefined) return `${counted.days}/${counted.ofYear}`;
  let [divisor, rest] = [YEAR_UNITS, yearUnits];
  // Euclid: some dozens of steps.
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return `${yearUnits / divisor}/${YEAR_UNITS / divisor}`;
}
