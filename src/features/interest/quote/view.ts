import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { formatRatePpm } from '#lib/money/rate-ppm.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import { accruedMinor, accruedParts, type InterestParts } from '../accrual/accrued.ts';
import { segmentFormula } from '../accrual/formula.ts';
import type { InterestPosting } from '../accrual/posting.ts';
import type { InterestRun } from '../accrual/run.ts';
import type { InterestSegment } from '../accrual/segments.ts';
import { MINOR_PARTS } from '../accrual/state.ts';
import { formatParts } from '../accrual/text.ts';
import { annualYield, percentText } from '../annual/annual-rates.ts';
import { annualRatesOf } from '../annual/yield-of-terms.ts';
import type { InterestQuoteInput } from './quote.ts';
import type { InterestQuoteView } from './schemas.ts';

/** As the laws round them: 12 CFR 1030.3(f), and the British rules on advertising savings. */
const RATE_DECIMALS = 2;

export function interestQuoteView(input: InterestQuoteInput, run: InterestRun): InterestQuoteView {
  const { currency } = input;
  const { postings, state } = run;
  const { terms } = input.rates.on(input.to);
  const rounded = accruedMinor(state, terms);
  const exact = accruedParts(state);
  const sum = (of: (posting: InterestPosting) => bigint): string =>
    formatAmount(
      postings.reduce((total, posting) => total + of(posting), 0n),
      currency,
    );
  return {
    currency,
    segments: run.segments.map((segment) => segmentView(segment, currency)),
    postings: postings.map((posting) => postingView(posting, currency)),
    accrued: {
      creditInterest: formatAmount(rounded.creditMinor, currency),
      debitInterest: formatAmount(rounded.arrangedMinor + rounded.unarrangedMinor, currency),
      ...exactView(exact, currency),
    },
    tax: taxTotals(postings, currency),
    totals: {
      creditInterest: sum(({ creditMinor }) => creditMinor),
      debitInterest: sum(debitMinor),
      arrangedInterest: sum(({ arrangedMinor }) => arrangedMinor),
      unarrangedInterest: sum(({ unarrangedMinor }) => unarrangedMinor),
      tax: sum(({ taxMinor }) => taxMinor),
      net: sum(({ netMinor }) => netMinor),
    },
    ...annualView(input, run),
  };
}

/** What has accrued, before it is rounded: what an overdraft costs within the limit and beyond it apart. */
export function exactView({ credit, arranged, unarranged }: InterestParts, currency: Currency) {
  return {
    exactCreditInterest: formatParts(credit, currency),
    exactDebitInterest: formatParts(arranged + unarranged, currency),
    exactArrangedInterest: formatParts(arranged, currency),
    exactUnarrangedInterest: formatParts(unarranged, currency),
  };
}

const debitMinor = ({ arrangedMinor, unarrangedMinor }: InterestPosting): bigint =>
  arrangedMinor + unarrangedMinor;

/** A segment as it is shown, wherever interest is explained. */
export function segmentView(
  segment: InterestSegment,
  currency: Currency,
): InterestQuoteView['segments'][number] {
  const { counted, rated, overDays } = segment;
  const rates = new Set(rated.filter(({ amountMinor }) => amountMinor !== 0n).map(({ ratePpm }) => ratePpm));
  const [only] = rates;
  const compounded = rated.reduce((sum, part) => sum + part.compoundedParts, 0n);
  const balance = (minor: bigint): string => formatParts(minor * MINOR_PARTS, currency, overDays);
  return {
    from: segment.from,
    to: segment.to,
    kind: segment.kind,
    balance: balance(segment.balanceMinor),
    compounded: formatParts(compounded, currency),
    rate: only === undefined || rates.size > 1 ? null : formatRatePpm(only),
    days: counted?.days ?? null,
    daysOfYear: counted?.ofYear ?? null,
    amount: formatParts(segment.parts, currency),
    formula: segmentFormula(segment, currency),
    parts: rated
      .filter(({ amountMinor, parts }) => amountMinor !== 0n || parts !== 0n)
      .map(({ amountMinor, ratePpm, parts }) => ({
        balance: balance(amountMinor),
        rate: formatRatePpm(ratePpm),
        amount: formatParts(parts, currency),
      })),
  };
}

function postingView(posting: InterestPosting, currency: Currency): InterestQuoteView['postings'][number] {
  const amount = (minor: bigint): string => formatAmount(minor, currency);
  return {
    from: posting.from,
    on: posting.on,
    creditInterest: amount(posting.creditMinor),
    debitInterest: amount(debitMinor(posting)),
    arrangedInterest: amount(posting.arrangedMinor),
    unarrangedInterest: amount(posting.unarrangedMinor),
    tax: amount(posting.taxMinor),
    taxes: posting.tax.map(({ name, amountMinor }) => ({ name, amount: amount(amountMinor) })),
    net: amount(posting.netMinor),
  };
}

function taxTotals(postings: readonly InterestPosting[], currency: Currency): InterestQuoteView['tax'] {
  const [first] = postings;
  return (first?.tax ?? []).map(({ name }, index) => {
    const total = postings.reduce((sum, { tax }) => sum + (tax[index]?.amountMinor ?? 0n), 0n);
    return { name, amount: formatAmount(total, currency) };
  });
}

type AnnualView = Pick<InterestQuoteView, 'aerPercent' | 'apyPercent' | 'apyEarnedPercent'>;

function annualView(input: InterestQuoteInput, { segments, postings }: InterestRun): AnnualView {
  const { from, to, rates, balances } = input;
  const days = daysBetween(from, to) + 1;
  const opening = balances.findLast((balance) => balance.from <= from)?.balanceMinor ?? 0n;
  const annual = annualRatesOf(rates, from, opening, days);
  return {
    aerPercent: annual === undefined ? null : percentText(annual.aer, RATE_DECIMALS),
    apyPercent: annual === undefined ? null : percentText(annual.apy, RATE_DECIMALS),
    apyEarnedPercent: earnedPercent(segments, postings),
  };
}

/** Of the days up to the last posting: what was earned in them, on the average of their balances. */
function earnedPercent(
  segments: readonly InterestSegment[],
  postings: readonly InterestPosting[],
): string | null {
  const last = postings.at(-1);
  const [first] = segments;
  if (last === undefined || first === undefined) return null;
  const counted = segments.filter(({ to, kind }) => to <= last.on && kind !== 'overdraft');
  let sumMinor = 0n;
  for (const { from, to, balanceMinor, overDays } of counted) {
    const days = BigInt(daysBetween(from, to) + 1);
    if (balanceMinor > 0n)
      sumMinor += overDays === 1n ? balanceMinor * days : (balanceMinor * days) / overDays;
  }
  const earnedMinor = postings.reduce((sum, { creditMinor }) => sum + creditMinor, 0n);
  if (sumMinor <= 0n || earnedMinor < 0n) return null;
  const days = BigInt(daysBetween(first.from, last.on) + 1);
  const interest = { numerator: earnedMinor, denominator: 1n };
  return percentText(annualYield(interest, { numerator: sumMinor, denominator: days }, days), RATE_DECIMALS);
}
