import type { RowName } from './rows/row-type.ts';

/** The source under which files of this data set are noted. */
export const SOURCE = 'berka';

/** The type under which rows of a file are kept: ids of another source's rows are other ids. */
export function recordType(name: RowName): string {
  return `${SOURCE}_${name}`;
}
