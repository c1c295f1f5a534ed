import { checkAll, checkEach } from '#lib/check-all.ts';
import { type FieldError, validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmount, parseAmountOrZero } from '#lib/money/money.ts';
import { parseRatePpm } from '#lib/money/rate-ppm.ts';
import { type IsoDate, parseIsoDate } from '#lib/time/dates.ts';
import { checkTogether } from './check-terms.ts';
import type { InterestTermsInput } from './schemas.ts';
import type { InterestTerms, Promotion, TaxPart, Tier } from './terms.ts';

/** A thousand percent a year, either way. */
const MAX_RATE_PPM = 10_000_000n;
const HUNDRED_PERCENT_PPM = 1_000_000n;

/**
 * Valid terms from a request or a product. `path` is where they stand in it, with the point behind it. Throws 400
 * `validation_failed` or `invalid_amount`, with all fields that are wrong.
 */
export function readInterestTerms(input: InterestTermsInput, currency: Currency, path = ''): InterestTerms {
  const read = checkAll({
    tiers: () => readTiers(input, currency, path),
    reference: () => readReference(input, path),
    promotions: () => readPromotions(input, path),
    minimumBalanceMinor: () => readMinimum(input, currency, path),
    tax: () => readTax(input, path),
    overdraft: () => readOverdraft(input, path),
  });
  const terms: InterestTerms = {
    currency,
    ...read,
    tierMode: input.tierMode ?? 'band',
    dayCount: input.dayCount ?? 'actual/365',
    interestPer: input.interestPer ?? 'day',
    basis: input.basis ?? 'end_of_day',
    basisPeriod: input.basisPeriod,
    minimumFromDay: input.minimumFromDay ?? 1,
    compounding: input.compounding ?? 'posting',
    posting: input.posting ?? 'monthly',
    periodsFrom: input.periodsFrom ?? (input.posting === 'maturity' ? 'opening' : 'calendar'),
    postingDay: input.postingDay ?? 31,
    postingMonth: input.postingMonth ?? 12,
    rounding: input.rounding ?? 'half_even',
    roundedPer: input.roundedPer ?? 'posting',
  };
  checkTogether(terms, path);
  return terms;
}

function readTiers(
  { rate, tiers, reference }: InterestTermsInput,
  currency: Currency,
  path: string,
): readonly Tier[] {
  if (rate !== undefined && (tiers !== undefined || reference !== undefined)) {
    throw wrong(`${path}rate`, 'does not go with tiers or reference');
  }
  if (tiers === undefined) {
    if (rate === undefined && reference === undefined) {
      throw wrong(`${path}rate`, 'is required without tiers or reference', 'required');
    }
    return [{ upToMinor: undefined, ratePpm: rate === undefined ? 0n : readRate(rate, `${path}rate`) }];
  }
  const read = checkEach(tiers, (tier, index) => readTier(tier, currency, `${path}tiers[${index}]`));
  for (const [index, { upToMinor }] of read.entries()) {
    const before = read[index - 1];
    if (before === undefined || read.length < tiers.length) continue;
    const isAbove =
      before.upToMinor !== undefined && (upToMinor === undefined || upToMinor > before.upToMinor);
    if (!isAbove) throw wrong(`${path}tiers[${index}].upTo`, 'must be above that of the tier before it');
  }
  return read;
}

type TierInput = { readonly upTo?: string | null; readonly rate: string };

function readTier({ upTo, rate }: TierInput, currency: Currency, path: string): Tier {
  return checkAll({
    upToMinor: () =>
      upTo === null || upTo === undefined ? undefined : parseAmount(upTo, currency, `${path}.upTo`),
    ratePpm: () => readRate(rate, `${path}.rate`),
  });
}

function readReference({ reference }: InterestTermsInput, path: string): InterestTerms['reference'] {
  if (reference === undefined) return undefined;
  return { code: reference.code, marginPpm: readRate(reference.margin, `${path}reference.margin`) };
}

function readPromotions({ promotions = [] }: InterestTermsInput, path: string): readonly Promotion[] {
  const read = checkEach(promotions, ({ from, until, rate, margin }, index): Promotion => {
    const at = `${path}promotions[${index}]`;
    if ((rate === undefined) === (margin === undefined)) throw wrong(at, 'takes one of rate and margin');
    const dates = checkAll({
      from: () => readDate(from, `${at}.from`),
      until: () => readDate(until, `${at}.until`),
    });
    if (dates.until < dates.from) throw wrong(`${at}.until`, 'must not be before from');
    if (rate !== undefined) return { ...dates, ratePpm: readRate(rate, `${at}.rate`) };
    return { ...dates, marginPpm: readRate(margin ?? '', `${at}.margin`) };
  });
  const sorted = read.toSorted((one, other) => (one.from < other.from ? -1 : 1));
  const overlap = sorted.findIndex(({ from }, index) => from <= (sorted[index - 1]?.until ?? ''));
  if (overlap > 0) throw wrong(`${path}promotions`, 'must not overlap');
  return sorted;
}

function readMinimum({ minimumBalance }: InterestTermsInput, currency: Currency, path: string): bigint {
  return minimumBalance === undefined
    ? 0n
    : parseAmountOrZero(minimumBalance, currency, `${path}minimumBalance`);
}

function readTax({ tax = [] }: InterestTermsInput, path: string): readonly TaxPart[] {
  return checkEach(tax, ({ name, percent, percentOfTax, rounding = 'half_even' }, index): TaxPart => {
    const at = `${path}tax[${index}]`;
    if ((percent === undefined) === (percentOfTax === undefined)) {
      throw wrong(at, 'takes one of percent and percentOfTax');
    }
    if (percent !== undefined) {
      const ppm = readRate(percent, `${at}.percent`, HUNDRED_PERCENT_PPM);
      return { name, ppm, of: 'interest', rounding };
    }
    if (index === 0) throw wrong(`${at}.percentOfTax`, 'needs a part of the interest before it');
    const ppm = readRate(percentOfTax ?? '', `${at}.percentOfTax`, HUNDRED_PERCENT_PPM);
    return { name, ppm, of: 'tax', rounding };
  });
}

function readOverdraft({ overdraft }: InterestTermsInput, path: string): InterestTerms['overdraft'] {
  if (overdraft === undefined) return undefined;
  return checkAll({
    arrangedPpm: () => readRate(overdraft.arrangedRate, `${path}overdraft.arrangedRate`),
    unarrangedPpm: () => readRate(overdraft.unarrangedRate, `${path}overdraft.unarrangedRate`),
  });
}

/** A rate in ppm. Throws 400 `validation_failed` for a text that is not one, or one that is out of range. */
export function readRate(text: string, path: string, maxPpm: bigint = MAX_RATE_PPM): bigint {
  const ppm = parseRatePpm(text);
  if (ppm === undefined) throw wrong(path, 'must be a percentage like "1.25", with up to 4 decimals');
  if (ppm > maxPpm || ppm < -maxPpm) throw wrong(path, `must not be above ${maxPpm / 10_000n}`, 'too_large');
  return ppm;
}

/** A date. Throws 400 `validation_failed`. */
export function readDate(text: string, path: string): IsoDate {
  const date = parseIsoDate(text);
  if (date === undefined) throw wrong(path, 'must be a date (YYYY-MM-DD)', 'wrong_format');
  return date;
}

/** 400 `validation_failed` for a field. */
export function wrong(path: string, message: string, code?: NonNullable<FieldError['code']>) {
  return validationFailed({ path, message, ...(code === undefined ? {} : { code }) });
}
