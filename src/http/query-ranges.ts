import type { FieldError } from '#lib/errors.ts';
import { parseIsoDate } from '#lib/time/dates.ts';
import { isInstant } from '#lib/time/instants.ts';

/** Two parameters of a query that are the ends of a range. */
export type Range = readonly [least: string, greatest: string];

/** What the name of a parameter begins or ends with, and what its counterpart does. */
const ENDS: readonly (readonly [RegExp, string])[] = [
  [/^from$/, 'to'],
  [/From$/, 'To'],
  [/^min(?=[A-Z])/, 'max'],
  [/After$/, 'Before'],
];

/** The ranges among the parameters of a query: `from` and `to`, `dueFrom` and `dueTo`, `minAmount` and `maxAmount`. */
export function rangesOf(names: readonly string[]): Range[] {
  return names.flatMap((least) =>
    ENDS.flatMap(([end, other]): Range[] => {
      const greatest = least.replace(end, other);
      return greatest !== least && names.includes(greatest) ? [[least, greatest]] : [];
    }),
  );
}

/** The ranges that end before they begin. Values that cannot be compared are not judged here. */
export function emptyRanges(
  query: Readonly<Record<string, unknown>>,
  ranges: readonly Range[],
): FieldError[] {
  return ranges.flatMap(([least, greatest]) => {
    const begin = placeOf(query[least], 0);
    const end = placeOf(query[greatest], DAY_MS - 1);
    const isEmpty = begin !== undefined && end !== undefined && begin.kind === end.kind && begin.at > end.at;
    return isEmpty
      ? [
          {
            path: greatest,
            in: 'query',
            message: `must not be ${begin.kind === 'number' ? 'below' : 'before'} ${least}`,
          },
        ]
      : [];
  });
}

const DAY_MS = 86_400_000;
/** Digits of the longest amount: one that is longer is refused elsewhere. */
const AMOUNT = /^(\d{1,20})(?:\.(\d{1,6}))?$/;

type Place = { readonly kind: 'instant' | 'number'; readonly at: bigint };

/** Where a value stands among others of its kind; a date at its first millisecond (UTC), or that many later. */
function placeOf(value: unknown, ofDateMs: number): Place | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const amount = AMOUNT.exec(text);
  if (amount !== null)
    return { kind: 'number', at: BigInt(`${amount[1]}${(amount[2] ?? '').padEnd(6, '0')}`) };
  const date = parseIsoDate(text);
  if (date === undefined && !isInstant(text)) return undefined;
  const { epochNanoseconds } = Temporal.Instant.from(date === undefined ? text : `${date}T00:00:00Z`);
  return {
    kind: 'instant',
    at: epochNanoseconds + (date === undefined ? 0n : BigInt(ofDateMs) * 1_000_000n),
  };
}
