import { checkAll, checkEach } from '#lib/check-all.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import { addYears, type IsoDate } from '#lib/time/dates.ts';
import { type DatedBalance, type InterestRun, runInterest } from '../accrual/run.ts';
import { RatesByDate } from '../terms/day-rates.ts';
import { readDate, readInterestTerms, readRate, wrong } from '../terms/read-terms.ts';
import type { DatedRate, InterestTerms } from '../terms/terms.ts';
import type { QuoteInterestInput } from './schemas.ts';

/** Interest is posted on each of them at most: eighteen thousand days. */
const MAX_YEARS = 50;

/** What a quote is of. */
export type InterestQuoteInput = {
  readonly terms: InterestTerms;
  readonly rates: RatesByDate;
  readonly balances: readonly DatedBalance[];
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly openedOn: IsoDate;
  readonly closes: boolean;
  readonly exemptMinor: bigint;
};

/**
 * Reads a request. Throws 400 `validation_failed` or `invalid_amount` with all fields that are wrong, and 422
 * `reference_rate_missing`.
 */
export function readInterestQuote(input: QuoteInterestInput): InterestQuoteInput {
  const currency = requireCurrency(input.currency);
  const read = checkAll({
    terms: () => readInterestTerms(input, currency),
    days: () => readDays(input),
    arrangedLimitMinor: () => readOptional(input.overdraftLimit, currency, 'overdraftLimit'),
    exemptMinor: () => readOptional(input.taxExempt, currency, 'taxExempt'),
    references: () => readReferences(input),
    balances: () => readBalances(input, currency),
  });
  const { terms, days, arrangedLimitMinor } = read;
  return {
    terms,
    rates: new RatesByDate([{ from: days.from, terms }], read.references, days.from, days.to),
    balances: read.balances.map((balance) => ({ ...balance, arrangedLimitMinor })),
    ...days,
    closes: input.closing ?? false,
    exemptMinor: read.exemptMinor,
  };
}

/** The interest of a quote's days. */
export function computeInterestQuote(input: InterestQuoteInput): InterestRun {
  return runInterest(input);
}

type Days = { readonly from: IsoDate; readonly to: IsoDate; readonly openedOn: IsoDate };

function readDays(input: QuoteInterestInput): Days {
  const { from, to, openedOn } = checkAll({
    from: () => readDate(input.from, 'from'),
    to: () => readDate(input.to, 'to'),
    openedOn: () => (input.openedOn === undefined ? undefined : readDate(input.openedOn, 'openedOn')),
  });
  if (to < from) throw wrong('to', 'must not be before from');
  if (from > '9900-01-01') throw wrong('from', 'must be before the year 9900');
  if (to > addYears(from, MAX_YEARS)) throw wrong('to', `must be at most ${MAX_YEARS} years after from`);
  if (openedOn !== undefined && openedOn > from) throw wrong('openedOn', 'must not be after from');
  const opened = openedOn ?? from;
  if (daysBetween(opened, from) > MAX_YEARS * 366) {
    throw wrong('openedOn', `must be at most ${MAX_YEARS} years before from`);
  }
  return { from, to, openedOn: opened };
}

function readBalances({ balances }: QuoteInterestInput, currency: Currency): DatedBalance[] {
  const read = checkEach(balances, ({ from, amount }, index) =>
    checkAll({
      from: () => readDate(from, `balances[${index}].from`),
      balanceMinor: () => readSigned(amount, currency, `balances[${index}].amount`),
    }),
  );
  const late = read.findIndex(({ from }, index) => index > 0 && from <= (read[index - 1]?.from ?? ''));
  if (late > 0) throw wrong(`balances[${late}].from`, 'must be after the one before it');
  return read;
}

function readSigned(text: string, currency: Currency, path: string): bigint {
  if (!text.startsWith('-')) return parseAmountOrZero(text, currency, path);
  return -parseAmountOrZero(text.slice(1), currency, path);
}

function readOptional(text: string | undefined, currency: Currency, path: string): bigint {
  return text === undefined ? 0n : parseAmountOrZero(text, currency, path);
}

function readReferences({ referenceRates = [] }: QuoteInterestInput): Map<string, DatedRate[]> {
  const read = checkEach(referenceRates, ({ code, from, rate }, index) => ({
    code,
    ...checkAll({
      from: () => readDate(from, `referenceRates[${index}].from`),
      ratePpm: () => readRate(rate, `referenceRates[${index}].rate`),
    }),
  }));
  read.sort((one, other) => (one.from < other.from ? -1 : 1));
  return Map.groupBy(read, ({ code }) => code);
}
