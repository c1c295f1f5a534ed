import { readInterestTerms } from '#features/interest/terms/read-terms.ts';
import type { InterestTermsInput } from '#features/interest/terms/schemas.ts';
import type { InterestTerms } from '#features/interest/terms/terms.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';

/** Terms of a deposit that pays at its maturity, with what a test cares for. */
export function depositTerms(input: InterestTermsInput = {}, currency = 'EUR'): InterestTerms {
  const rate = input.tiers === undefined ? { rate: '5' } : {};
  return readInterestTerms({ posting: 'maturity', ...rate, ...input }, requireCurrency(currency));
}

/** Minor units of an amount in major units, with a sign. */
export function minor(text: string, currency = 'EUR'): bigint {
  const amountMinor = parseAmountOrZero(text.replace('-', ''), requireCurrency(currency));
  return text.startsWith('-') ? -amountMinor : amountMinor;
}

/** Parts per million of a percentage. */
export function ppm(text: string): bigint {
  const [whole = '', decimals = ''] = text.split('.');
  return BigInt(`${whole}${decimals.padEnd(4, '0')}`);
}
