import type { Tx } from '#db/database.ts';
import type { Entities, Owners } from './entities.ts';
import type { OnProgress } from './progress.ts';
import type { BerkaRows } from './read-bank.ts';
import { recordType } from './record-type.ts';
import { type ImportedRecord, type ImportId, insertRecords } from './repository.ts';
import type { Row, RowName } from './rows/row-type.ts';

const NOBODY: Owners = { customerId: undefined, accountId: undefined };

/** The record of a row, which goes with the customer or account it is about. */
export function recordOf(
  name: RowName,
  { id, file, line, content }: Row<unknown>,
  owners: Owners,
  imports: ReadonlyMap<string, ImportId>,
): ImportedRecord {
  const importId = imports.get(file);
  if (importId === undefined) throw new TypeError(`${file} is not being imported`);
  return { importId, recordType: recordType(name), recordId: id, line, content, ...owners };
}

/** Keeps the rows of all files but the transactions as they were. Returns how many. */
export async function loadRecords(
  tx: Tx,
  bookId: number,
  rows: BerkaRows,
  imports: ReadonlyMap<string, ImportId>,
  entities: Entities,
  onProgress: OnProgress,
): Promise<number> {
  for (const { id, value } of rows.disposition) {
    const customerId = entities.customerId(value.clientId);
    entities.add('disposition', id, { customerId, accountId: entities.accountId(value.accountId) });
  }
  const keep = <Value>(name: RowName, list: readonly Row<Value>[], ownersOf: (value: Value) => Owners) =>
    list.map((row) => recordOf(name, row, ownersOf(row.value), imports));
  const ofAccount = ({ accountId }: { accountId: string }) => entities.owners('account', accountId);
  const records = [
    ...keep('district', rows.district, () => NOBODY),
    ...keep('client', rows.client, ({ clientId }) => entities.owners('client', clientId)),
    ...keep('account', rows.account, ofAccount),
    ...keep('disposition', rows.disposition, ({ clientId, accountId }) => ({
      customerId: entities.customerId(clientId),
      accountId: entities.accountId(accountId),
    })),
    ...keep('order', rows.order, ofAccount),
    ...keep('loan', rows.loan, ofAccount),
    ...keep('card', rows.card, ({ dispositionId }) => entities.owners('disposition', dispositionId)),
  ];
  await insertRecords(tx, bookId, records, (done) =>
    onProgress({ phase: 'records', done, total: records.length }),
  );
  return records.length;
}
