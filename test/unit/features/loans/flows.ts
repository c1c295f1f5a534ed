import type { DatedFlow } from '#features/loans/schedule/apr.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';

/** Money that is paid out on a date. Minor units. */
export function lent(amountMinor: bigint, on: string): DatedFlow {
  return { on: isoDate(on), amountMinor };
}

/** Money that is paid back on dates. */
export function paid(amountMinor: bigint, ...dates: readonly string[]): DatedFlow[] {
  return dates.map((on) => ({ on: isoDate(on), amountMinor: -amountMinor }));
}

/** Equal payments from a first date on, each a step after the first. */
export function paidEvery(
  amountMinor: bigint,
  count: number,
  first: string,
  step: (first: IsoDate, index: number) => IsoDate,
): DatedFlow[] {
  const from = isoDate(first);
  return Array.from({ length: count }, (_, index) => ({ on: step(from, index), amountMinor: -amountMinor }));
}
