import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { assert } from '#lib/assert.ts';
import type { Problems } from './errors.ts';
import { FieldError } from './fields.ts';
import type { OnProgress } from './progress.ts';
import { readCsv } from './read-csv.ts';
import { ACCOUNT, type BankAccount } from './rows/account.ts';
import { CARD, type Card } from './rows/card.ts';
import { CLIENT, type Client } from './rows/client.ts';
import { DISPOSITION, type Disposition } from './rows/disposition.ts';
import { DISTRICT, type District } from './rows/district.ts';
import { LOAN, type Loan } from './rows/loan.ts';
import { ORDER, type StandingOrderRow } from './rows/order.ts';
import type { Row, RowName, RowType } from './rows/row-type.ts';
import { type BankTransaction, TRANSACTION } from './rows/transaction.ts';

/** The bank's whole history has 1,056,320 transactions; rows are held in memory, at about 600 bytes each. */
const MAX_ROWS = 2_000_000;

export type SourceFile = { readonly path: string; readonly sha256: Buffer; readonly rowCount: number };

/** Rows by the file that they come from. */
export type BerkaRows = {
  readonly district: readonly Row<District>[];
  readonly client: readonly Row<Client>[];
  readonly account: readonly Row<BankAccount>[];
  readonly disposition: readonly Row<Disposition>[];
  readonly order: readonly Row<StandingOrderRow>[];
  readonly loan: readonly Row<Loan>[];
  readonly card: readonly Row<Card>[];
  readonly transaction: readonly Row<BankTransaction>[];
};

export type BerkaBank = {
  readonly files: readonly SourceFile[];
  readonly rows: BerkaRows;
  /** Ids of rows that have a problem of their own: what points to them has none. */
  readonly unreadable: ReadonlySet<string>;
};

/** A row's place among the rows of all kinds. */
export function rowKey(name: RowName, id: string): string {
  return `${name} ${id}`;
}

/**
 * Reads the seven files of a bank and its transactions: each `trans*.csv` in the directory and the files named
 * beside it. What is wrong with a file or row goes to `problems`.
 */
export async function readBank(
  directory: string,
  transactionFiles: readonly string[],
  problems: Problems,
  onProgress: OnProgress,
): Promise<BerkaBank> {
  const reader = new BankReader(problems);
  const paths = await findTransactionFiles(directory, transactionFiles, problems);
  const total = paths.length + 7;
  const read = async <Column extends string, Value>(type: RowType<Column, Value>, path: string) => {
    onProgress({ phase: 'reading', done: reader.files.length, total });
    return reader.read(type, path);
  };
  const rows = {
    district: await read(DISTRICT, join(directory, 'district.csv')),
    client: await read(CLIENT, join(directory, 'client.csv')),
    account: await read(ACCOUNT, join(directory, 'account.csv')),
    disposition: await read(DISPOSITION, join(directory, 'disp.csv')),
    order: await read(ORDER, join(directory, 'order.csv')),
    loan: await read(LOAN, join(directory, 'loan.csv')),
    card: await read(CARD, join(directory, 'card.csv')),
    transaction: [] as Row<BankTransaction>[],
  };
  for (const path of paths) {
    for (const row of await read(TRANSACTION, path)) rows.transaction.push(row);
  }
  onProgress({ phase: 'reading', done: total, total });
  return { files: reader.files, rows, unreadable: reader.unreadable };
}

async function findTransactionFiles(
  directory: string,
  further: readonly string[],
  problems: Problems,
): Promise<string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    problems.add({ file: directory, message: `is not a directory that can be read (${code})` });
    return [];
  });
  problems.throwIfAny();
  const inside = names.filter((name) => /^trans.*\.csv$/i.test(name)).sort();
  const paths = [...inside.map((name) => join(directory, name)), ...further];
  const seen = new Map(paths.map((path) => [resolve(path), path]));
  return [...seen.values()];
}

/** Reads files one after the other, and remembers every id. */
class BankReader {
  readonly files: SourceFile[] = [];
  readonly unreadable = new Set<string>();
  readonly #seen = new Map<RowName, Map<string, Row<unknown>>>();
  readonly #problems: Problems;
  #rowCount = 0;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  async read<Column extends string, Value>(
    type: RowType<Column, Value>,
    path: string,
  ): Promise<Row<Value>[]> {
    const rows: Row<Value>[] = [];
    let rowCount = 0;
    const sha256 = await readCsv(path, path, type.columns, this.#problems, (values, line) => {
      rowCount += 1;
      this.#rowCount += 1;
      if (this.#rowCount > MAX_ROWS) {
        if (this.#rowCount === MAX_ROWS + 1) {
          this.#problems.add({ file: path, line, message: `is beyond the ${MAX_ROWS} rows of one import` });
        }
        return;
      }
      const row = this.#readRow(type, path, values, line);
      if (row !== undefined && this.#isFirst(type.name, row)) rows.push(row);
    });
    this.files.push({ path, sha256, rowCount });
    return rows;
  }

  #readRow<Column extends string, Value>(
    type: RowType<Column, Value>,
    file: string,
    values: readonly string[],
    line: number,
  ): Row<Value> | undefined {
    const texts = Object.fromEntries(type.columns.map((column, index) => [column, values[index]]));
    const id = values[0];
    assert(id !== undefined, 'a row has its columns');
    try {
      const value = type.read(texts as Readonly<Record<Column, string>>);
      return { file, line, id, content: JSON.stringify(texts), value };
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      this.#problems.add({ file, line, message: error.message });
      this.unreadable.add(rowKey(type.name, id));
      return undefined;
    }
  }

  /** Whether the row is new. Files may overlap: the same row in another file is the same row. */
  #isFirst(name: RowName, row: Row<unknown>): boolean {
    const { file, line, id, content } = row;
    const seen = this.#seen.getOrInsertComputed(name, () => new Map());
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, row);
      return true;
    }
    if (first.file === file || first.content !== content) {
      const place = `${first.file}:${first.line}`;
      this.#problems.add({ file, line, message: `${name} ${id} is in ${place} already` });
    }
    return false;
  }
}
