import {
  annualRatesOf,
  type DatedRate,
  percentText,
  RatesByDate,
  readInterestTerms,
} from '#features/interest/contract.ts';
import { currencyDecimals } from '#lib/money/currencies.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { interestOf } from './interest-terms.ts';
import type { Product } from './product.ts';

/** The balance whose annual rates are shown, in major units, where terms do not ask for a larger one. */
const SHOWN_BALANCE = 1_000n;
const YEAR_DAYS = 365;
/** As the laws round them: 12 CFR 1030.3(f), and the British rules on advertising savings. */
const RATE_DECIMALS = 2;

/** What a balance that stays a year yields, in percent: the annual equivalent rate, and the yield of Regulation DD. */
export type AnnualPercent = { readonly aerPercent: string | null; readonly apyPercent: string | null };

/** The annual rates of a product with the terms in force, from a date on; null where a balance earns nothing. */
export function annualPercent(
  { state: { currency }, version }: Product,
  references: ReadonlyMap<string, readonly DatedRate[]>,
  from: IsoDate,
): AnnualPercent {
  const interest = version && interestOf(version.terms);
  if (interest === undefined) return { aerPercent: null, apyPercent: null };
  const terms = readInterestTerms(interest, currency);
  const rates = new RatesByDate([{ from, terms }], references, from, addDays(from, YEAR_DAYS));
  const shownMinor = SHOWN_BALANCE * 10n ** BigInt(currencyDecimals(currency));
  const { minimumBalanceMinor } = terms;
  const balanceMinor = minimumBalanceMinor > shownMinor ? minimumBalanceMinor : shownMinor;
  const annual = annualRatesOf(rates, from, balanceMinor, YEAR_DAYS);
  if (annual === undefined) return { aerPercent: null, apyPercent: null };
  return {
    aerPercent: percentText(annual.aer, RATE_DECIMALS),
    apyPercent: percentText(annual.apy, RATE_DECIMALS),
  };
}
