import { midOf, type RatesByCurrency } from '#features/exchange-rates/contract.ts';
import { CHART } from '#ledger/chart.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { convertMinor } from '#lib/money/exchange.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Amounts, LineAmounts } from './compose.ts';

/** The rates of a date. */
export type DatedRates = { readonly date: IsoDate; readonly rates: RatesByCurrency };

/**
 * The figures of all currencies in that of the bank, each line at the middle rate, rounded half to even. Throws 422
 * `exchange_rate_missing` for a currency in which something stands.
 */
export function translateLines(
  lines: readonly LineAmounts[],
  base: Currency,
  [own, compared]: readonly [DatedRates, DatedRates],
): LineAmounts[] {
  const sums = new Map<string, Amounts>();
  for (const { glCode, currency, amounts } of lines) {
    const [first, second] = sums.get(glCode) ?? [0n, 0n];
    const translated: Amounts = [
      first + translate(amounts[0], currency, base, own),
      second + translate(amounts[1], currency, base, compared),
    ];
    sums.set(glCode, translated);
  }
  return [...sums].map(([glCode, amounts]) => ({ glCode, currency: base, amounts }));
}

function translate(
  amountMinor: bigint,
  currency: Currency,
  base: Currency,
  { date, rates }: DatedRates,
): bigint {
  if (currency === base || amountMinor === 0n) return amountMinor;
  return convertMinor(amountMinor, currency, [midOf(rates, currency, date)], 'half_even');
}

/**
 * The same, balanced: what the rounding of lines leaves over, and what rates moved since positions were valued, stands
 * on the line of positions.
 */
export function balanceLines(lines: readonly LineAmounts[], base: Currency): LineAmounts[] {
  const sum = lines.reduce<Amounts>(
    ([own, other], { amounts }) => [own + amounts[0], other + amounts[1]],
    [0n, 0n],
  );
  const isPosition = ({ glCode }: LineAmounts): boolean => glCode === CHART.currencyPositions;
  const [own, other] = lines.find(isPosition)?.amounts ?? [0n, 0n];
  return [
    ...lines.filter((line) => !isPosition(line)),
    { glCode: CHART.currencyPositions, currency: base, amounts: [own - sum[0], other - sum[1]] },
  ];
}
