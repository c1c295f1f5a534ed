import type { Term } from './maturity.ts';

/**
 * A cell of a price list: a rate for terms and amounts. Ends are inclusive. An upper end that is undefined is without
 * end.
 */
export type ChartRow = {
  readonly unit: Term['unit'];
  readonly fromCount: number;
  readonly toCount: number | undefined;
  /** Amounts above the rows before it with the same terms, up to this one. */
  readonly upToMinor: bigint | undefined;
  readonly ratePpm: bigint;
};

/**
 * The rate for a term and an amount, in ppm: that of the first row which has both. A chart by amount and then by term is
 * the same rows in another order of columns. Undefined for a term or an amount that the chart does not have.
 */
export function chartRate(chart: readonly ChartRow[], term: Term, amountMinor: bigint): bigint | undefined {
  return chart
    .filter(({ unit, fromCount, toCount }) => {
      return (
        unit === term.unit && fromCount <= term.count && (toCount === undefined || term.count <= toCount)
      );
    })
    .toSorted((one, other) => compareEnds(one.upToMinor, other.upToMinor))
    .find(({ upToMinor }) => upToMinor === undefined || amountMinor <= upToMinor)?.ratePpm;
}

function compareEnds(one: bigint | undefined, other: bigint | undefined): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  return other === undefined || one < other ? -1 : 1;
}
