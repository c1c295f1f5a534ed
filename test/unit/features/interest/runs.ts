import { accruedMinor } from '#features/interest/accrual/accrued.ts';
import type { InterestRun } from '#features/interest/accrual/run.ts';
import { MINOR_PARTS } from '#features/interest/accrual/state.ts';
import {
  computeInterestQuote,
  type InterestQuoteInput,
  readInterestQuote,
} from '#features/interest/quote/quote.ts';
import type { QuoteInterestInput } from '#features/interest/quote/schemas.ts';
import { divideRounded, type RoundingOrCut } from '#lib/money/fraction.ts';
import { addDays, isoDate } from '#lib/time/dates.ts';

export type Quoted = { readonly input: InterestQuoteInput; readonly run: InterestRun };

type Request = Partial<QuoteInterestInput> & {
  /** One balance from the first day on. */
  readonly balance?: string;
  /** How many days from the first. */
  readonly days?: number;
};

/** A request with what most tests do not care for. */
export function requestOf({ balance = '0', days, ...rest }: Request): QuoteInterestInput {
  const from = rest.from ?? '2023-01-01';
  return {
    currency: 'EUR',
    balances: [{ from, amount: balance }],
    from,
    to: days === undefined ? from : addDays(isoDate(from), days - 1),
    ...rest,
  };
}

export function quoted(request: Request): Quoted {
  const input = readInterestQuote(requestOf(request));
  return { input, run: computeInterestQuote(input) };
}

/** What has accrued and is not posted, in minor units. */
export function accrued({ input, run }: Quoted): bigint {
  return accruedMinor(run.state, input.rates.on(input.to).terms).creditMinor;
}

/** The sum of all segments, posted or not, in major units, rounded to a number of decimals. */
export function exactInterest({ input, run }: Quoted, decimals: number, rounding: RoundingOrCut): string {
  const parts = run.segments.reduce((sum, segment) => sum + segment.parts, 0n);
  return decimalText(parts, input, decimals, rounding);
}

function decimalText(
  parts: bigint,
  { currency }: InterestQuoteInput,
  decimals: number,
  rounding: RoundingOrCut,
): string {
  const minorDecimals = currency === 'JPY' ? 0 : 2;
  const scale = 10n ** BigInt(decimals);
  const scaled = divideRounded(parts * scale, MINOR_PARTS * 10n ** BigInt(minorDecimals), rounding);
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0');
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
