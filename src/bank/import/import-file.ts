import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { Services } from '../services.ts';
import { accountImporter } from './accounts.ts';
import { balanceImporter } from './balances.ts';
import { COLUMNS, type ImportKind } from './columns.ts';
import { customerImporter } from './customers.ts';
import type { Importer, RowProblem } from './importer.ts';
import { type FileOptions, type ImportRow, readRows } from './read-rows.ts';

/** Rows that are imported together: a transaction of some 100 ms for balances. */
const CHUNK = 200;
/** Whoever corrects a file needs no more at once. */
const MAX_PROBLEMS = 1_000;

export type ImportOptions = FileOptions & {
  readonly kind: ImportKind;
  readonly path: string;
  readonly isDryRun: boolean;
  /** What the file must add up to. */
  readonly controlTotals: ReadonlyMap<Currency, bigint>;
  readonly controlCount: number | undefined;
  readonly onProgress?: (phase: string, rows: number) => void;
};

export type ImportSummary = {
  readonly rows: number;
  readonly imported: number;
  /** Imported before: by a run that was cut off, or by an earlier file. */
  readonly known: number;
  readonly totals: ReadonlyMap<Currency, bigint>;
  readonly problems: readonly RowProblem[];
  /** More than are listed. */
  readonly problemCount: number;
};

/**
 * Imports a file in two passes, in flat memory but for the ids of its rows. The first judges every row and the control
 * totals, and writes nothing: where something is wrong, nothing is imported. The second imports in chunks, each done or
 * not. A run that was cut off goes on where it stopped: rows that are there are known by their ids in the other system.
 */
export async function importFile(services: Services, options: ImportOptions): Promise<ImportSummary> {
  const importer = IMPORTERS[options.kind](services);
  const found = new Problems();
  const totals = new Map<Currency, bigint>();
  const seen = new Set<string>();
  let rows = 0;
  for await (const row of readRows(options.path, options.kind, options)) {
    rows += 1;
    const unfit = [...unreadable(row), ...missingColumns(row, options.kind)];
    found.add(row, unfit.length > 0 ? unfit : await importer.check(row));
    found.add(row, repeatedIn(seen, row, options.kind));
    const amount = unfit.length > 0 ? undefined : importer.amountOf?.(row);
    if (amount !== undefined)
      totals.set(amount.currency, (totals.get(amount.currency) ?? 0n) + amount.amountMinor);
    if (rows % CHUNK === 0) options.onProgress?.('checking', rows);
  }
  checkControls(options, rows, totals, found);
  const checked = { rows, imported: 0, known: 0, totals };
  if (found.count > 0 || options.isDryRun) {
    return { ...checked, problems: found.list, problemCount: found.count };
  }
  const done = await storeAll(importer, options, found);
  return { ...checked, ...done, problems: found.list, problemCount: found.count };
}

const IMPORTERS = {
  customers: customerImporter,
  accounts: accountImporter,
  balances: balanceImporter,
} as const satisfies Record<ImportKind, (services: Services) => Importer>;

class Problems {
  readonly list: RowProblem[] = [];
  count = 0;

  add({ line }: { readonly line: number }, problems: readonly Omit<RowProblem, 'line'>[]): void {
    this.count += problems.length;
    for (const problem of problems) {
      if (this.list.length < MAX_PROBLEMS) this.list.push({ line, ...problem });
    }
  }
}

/** Values that no text has. What is not UTF-8 was read as U+FFFD, and would be kept as that. */
function unreadable({ values, metadata }: ImportRow): Omit<RowProblem, 'line'>[] {
  const own = Object.entries(metadata).map(([name, value]) => [`metadata.${name}`, value] as const);
  return [...Object.entries(values), ...own].flatMap(([column, value]) => {
    if (value.includes('\0')) return [{ column, message: 'holds NUL' }];
    return value.includes('\uFFFD') ? [{ column, message: 'is not UTF-8' }] : [];
  });
}

function missingColumns({ values }: ImportRow, kind: ImportKind): Omit<RowProblem, 'line'>[] {
  return Object.entries(COLUMNS[kind]).flatMap(([column, { isRequired }]) =>
    isRequired && values[column] === undefined ? [{ column, message: 'is required' }] : [],
  );
}

/** The first column of each kind is the id of a row, and there once in a file. */
function repeatedIn(seen: Set<string>, { values }: ImportRow, kind: ImportKind): Omit<RowProblem, 'line'>[] {
  const [column = ''] = Object.keys(COLUMNS[kind]);
  const id = values[column]?.normalize('NFC');
  if (id === undefined) return [];
  if (seen.has(id)) return [{ column, message: 'is in the file a second time' }];
  seen.add(id);
  return [];
}

function checkControls(
  { controlTotals, controlCount }: ImportOptions,
  rows: number,
  totals: ReadonlyMap<Currency, bigint>,
  found: Problems,
): void {
  const file = { line: 0 };
  if (controlCount !== undefined && controlCount !== rows) {
    found.add(file, [{ column: 'count', message: `is ${rows}, and the control count ${controlCount}` }]);
  }
  for (const [currency, wantedMinor] of controlTotals) {
    const isMinor = totals.get(currency) ?? 0n;
    if (isMinor === wantedMinor) continue;
    const [is, wanted] = [formatAmount(isMinor, currency), formatAmount(wantedMinor, currency)];
    const message = `is ${is}, and the control total ${wanted}`;
    found.add(file, [{ column: `total ${currency}`, message }]);
  }
}

async function storeAll(
  importer: Importer,
  options: ImportOptions,
  found: Problems,
): Promise<{ imported: number; known: number }> {
  const done = { imported: 0, known: 0 };
  let chunk: ImportRow[] = [];
  let read = 0;
  const store = async (): Promise<void> => {
    const outcomes = await importer.store(chunk);
    for (const [index, outcome] of outcomes.entries()) {
      if (typeof outcome === 'string') done[outcome] += 1;
      else found.add(chunk[index] ?? { line: 0 }, outcome);
    }
    read += chunk.length;
    chunk = [];
    options.onProgress?.('importing', read);
  };
  for await (const row of readRows(options.path, options.kind, options)) {
    chunk.push(row);
    if (chunk.length === CHUNK) await store();
  }
  if (chunk.length > 0) await store();
  return done;
}
