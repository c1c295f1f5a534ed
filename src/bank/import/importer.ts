import { type FieldError, isRefusal } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { UnjudgedError } from '#lib/unjudged.ts';
import type { ImportRow } from './read-rows.ts';

/** What is wrong with a row. */
export type RowProblem = { readonly line: number; readonly column: string; readonly message: string };

/** The outcome of a row that was imported: it is new, or had been imported before. */
type RowOutcome = 'imported' | 'known';

/** The outcome of a row, or what is wrong with it. */
export type RowResult = RowOutcome | readonly Omit<RowProblem, 'line'>[];

/** How rows of a kind are judged and imported. */
export type Importer = {
  /** What is wrong with a row. Writes nothing. */
  check(row: ImportRow): Promise<readonly Omit<RowProblem, 'line'>[]>;
  /** Imports checked rows. Throws the refusal of one, or returns it in its place. */
  store(rows: readonly ImportRow[]): Promise<readonly RowResult[]>;
  /** The amount of a row, where the kind has amounts. Minor units. */
  amountOf?(row: ImportRow): { readonly currency: Currency; readonly amountMinor: bigint } | undefined;
};

/** Rows that are imported by a transaction each and at the same time: commits that wait for one disk wait together. */
const AT_ONCE = 8;

/** The outcomes of rows that are each imported by themselves, in their order. */
export async function each(
  rows: readonly ImportRow[],
  work: (row: ImportRow) => Promise<RowResult>,
): Promise<RowResult[]> {
  const results: RowResult[] = [];
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    results.push(...(await Promise.all(rows.slice(start, start + AT_ONCE).map(work))));
  }
  return results;
}

/** The problems of a refusal, by field where it names some. Throws what is not a refusal. */
export function problemsOf(error: unknown): Omit<RowProblem, 'line'>[] {
  if (!isRefusal(error)) throw error;
  const fields: readonly FieldError[] = error.fields;
  if (fields.length === 0) return [{ column: error.code, message: error.message }];
  return fields.map(({ path, message }) => ({ column: path.replace(/^address\./, ''), message }));
}

/** All that is wrong with a row, whatever is found first. */
export class RowProblems {
  readonly all: Omit<RowProblem, 'line'>[] = [];

  /** The result of work, or undefined where it is refused. Throws what is not a refusal. */
  async collect<Result>(work: () => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      // A rule about a value that was refused already.
      if (!(error instanceof UnjudgedError)) this.all.push(...problemsOf(error));
      return undefined;
    }
  }
}
