import { assert } from '#lib/assert.ts';
import { checkAll, checkEach } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import { addYears, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { type DatedBalance, type InterestRun, runInterest } from '../accrual/run.ts';
import { RatesByDate } from '../terms/day-rates.ts';
import { readDate, readInterestTerms, readRate, wrong } from '../terms/read-terms.ts';
import { InterestTermsFields } from '../terms/schemas.ts';
import type { DatedRate, InterestTerms } from '../terms/terms.ts';
import type { QuoteInterestInput } from './schemas.ts';

/** What a request says only without a product. */
const SAID_BY_PRODUCT = [
  ...Object.keys(InterestTermsFields),
  'referenceRates',
] as readonly (keyof QuoteInterestInput)[];

/** With a balance a day and twenty tiers, a tenth of a second and some megabytes. */
const MAX_YEARS = 50;
/** The same, where each day has a posting. */
const MAX_YEARS_OF_DAYS = 5;

/** What a quote is of. */
export type InterestQuoteInput = {
  readonly currency: Currency;
  readonly rates: RatesByDate;
  readonly balances: readonly DatedBalance[];
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly openedOn: IsoDate;
  readonly closes: boolean;
  readonly exemptMinor: bigint;
};

/** Terms that the bank has for a product, for the days of a quote. */
export type ProductTermsOf = (
  product: { readonly code: string; readonly currency: Currency },
  days: QuoteDays,
) => Promise<RatesByDate>;

/** The rates of the product that a request names; undefined where it has terms of its own. */
export async function ratesOfProduct(
  input: QuoteInterestInput,
  termsOf: ProductTermsOf,
): Promise<RatesByDate | undefined> {
  if (input.product === undefined) return undefined;
  const said = SAID_BY_PRODUCT.filter((path) => input[path] !== undefined);
  if (said.length > 0) {
    throw validationFailed(...said.map((path) => ({ path, message: 'is set by the product' })));
  }
  return termsOf({ code: input.product, currency: requireCurrency(input.currency) }, readDays(input));
}

/**
 * Reads a request, with the rates of the product that it names. Throws 400 `validation_failed` or `invalid_amount` with all fields that are wrong, and 422
 * `reference_rate_missing`.
 */
export function readInterestQuote(input: QuoteInterestInput, known?: RatesByDate): InterestQuoteInput {
  const currency = requireCurrency(input.currency);
  const read = checkAll({
    terms: () => (known === undefined ? readInterestTerms(input, currency) : undefined),
    days: () => readDays(input),
    arrangedLimitMinor: () => readOptional(input.overdraftLimit, currency, 'overdraftLimit'),
    exemptMinor: () => readOptional(input.taxExempt, currency, 'taxExempt'),
    references: () => readReferences(input),
    balances: () => readBalances(input, currency),
  });
  const { terms, days, arrangedLimitMinor } = read;
  const rates = known ?? ownRates(terms, read.references, days);
  assertFewPostings(rates, days);
  return {
    currency,
    rates,
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

/** Refuses with 400 `validation_failed` more postings than an answer should have. */
function assertFewPostings(rates: RatesByDate, { from, to }: QuoteDays): void {
  const isDaily = [from, to].some((day) => rates.on(day).terms.posting === 'daily');
  if (!isDaily || to <= addYears(from, MAX_YEARS_OF_DAYS)) return;
  throw wrong('to', `must be at most ${MAX_YEARS_OF_DAYS} years after from where each day has a posting`);
}

/** Without a product, terms were read. */
function ownRates(
  terms: InterestTerms | undefined,
  references: ReadonlyMap<string, readonly DatedRate[]>,
  { from, ratesUntil }: QuoteDays,
): RatesByDate {
  assert(terms !== undefined, 'a quote has terms');
  return new RatesByDate([{ from, terms }], references, from, ratesUntil);
}

type QuoteDays = {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly openedOn: IsoDate;
  /** Rates are known through it: of a year, which annual rates ask for, or longer. */
  readonly ratesUntil: IsoDate;
};

function readDays(input: QuoteInterestInput): QuoteDays {
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
  return { from, to, openedOn: opened, ratesUntil: laterOf(to, addYears(from, 1)) };
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
