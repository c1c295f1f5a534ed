import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '#db/database.ts';
import type { Problems } from './errors.ts';
import type { BerkaRows } from './read-bank.ts';
import { recordType } from './record-type.ts';
import { selectRecords } from './repository.ts';
import type { Row, RowName } from './rows/row-type.ts';
import type { BankTransaction } from './rows/transaction.ts';

/** Rows that are not in the book yet; and of those that are, the transactions, for their amounts. */
export type NewRows = { readonly rows: BerkaRows; readonly repeated: readonly Row<BankTransaction>[] };

/**
 * Of the rows of the given files those that the book has no record of. A row that is on record with other
 * values goes to `problems`.
 */
export async function selectNewRows(
  tx: Tx,
  bookId: number,
  all: BerkaRows,
  files: ReadonlySet<string>,
  problems: Problems,
): Promise<NewRows> {
  const select = <Value>(name: RowName, rows: readonly Row<Value>[]) =>
    splitRows(
      tx,
      bookId,
      name,
      rows.filter(({ file }) => files.has(file)),
      problems,
    );
  const transactions = await select('transaction', all.transaction);
  const rows: BerkaRows = {
    district: (await select('district', all.district)).fresh,
    client: (await select('client', all.client)).fresh,
    account: (await select('account', all.account)).fresh,
    disposition: (await select('disposition', all.disposition)).fresh,
    order: (await select('order', all.order)).fresh,
    loan: (await select('loan', all.loan)).fresh,
    card: (await select('card', all.card)).fresh,
    transaction: transactions.fresh,
  };
  return { rows, repeated: transactions.repeated };
}

async function splitRows<Value>(
  tx: Tx,
  bookId: number,
  name: RowName,
  rows: readonly Row<Value>[],
  problems: Problems,
): Promise<{ fresh: Row<Value>[]; repeated: Row<Value>[] }> {
  const ids = rows.map(({ id }) => id);
  const records = await selectRecords(tx, bookId, recordType(name), ids);
  const fresh: Row<Value>[] = [];
  const repeated: Row<Value>[] = [];
  for (const row of rows) {
    const record = records.get(row.id);
    if (record === undefined) {
      fresh.push(row);
    } else if (isDeepStrictEqual(record.content, JSON.parse(row.content))) {
      repeated.push(row);
    } else {
      const message = `${name} ${row.id} was imported before with other values`;
      problems.add({ file: row.file, line: row.line, message });
    }
  }
  return { fresh, repeated };
}
