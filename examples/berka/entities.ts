import type { Tx } from '#db/database.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { Problems } from './errors.ts';
import { type BerkaRows, rowKey } from './read-bank.ts';
import { recordType } from './record-type.ts';
import { type StoredRecord, selectRecords } from './repository.ts';
import { ACCOUNT } from './rows/account.ts';
import { CARD } from './rows/card.ts';
import { CLIENT } from './rows/client.ts';
import { DISPOSITION } from './rows/disposition.ts';
import { DISTRICT } from './rows/district.ts';
import { LOAN } from './rows/loan.ts';
import { ORDER } from './rows/order.ts';
import type { Link, Row, RowName } from './rows/row-type.ts';
import { TRANSACTION } from './rows/transaction.ts';

/** Whom a row is about. */
export type Owners = {
  readonly customerId: CustomerId | undefined;
  readonly accountId: AccountId | undefined;
};

type Pointer = { readonly file: string; readonly line: number; readonly link: Link };

/** What rows of the files became in the book, by their ids in the files: now, or by an earlier import. */
export class Entities {
  readonly #districts = new Map<string, { name: string; region: string }>();
  readonly #owners = new Map<string, Owners>();

  /** Remembers a district's name. */
  addDistrict(id: string, { name, region }: { name: string; region: string }): void {
    this.#districts.set(id, { name, region });
  }

  /** Remembers whom a row is about. */
  add(name: RowName, id: string, owners: Partial<Owners>): void {
    this.#owners.set(rowKey(name, id), {
      customerId: owners.customerId,
      accountId: owners.accountId,
    });
  }

  district(id: string): { name: string; region: string } {
    return found(this.#districts.get(id), rowKey('district', id));
  }

  customerId(clientId: string): CustomerId {
    return found(this.owners('client', clientId).customerId, rowKey('client', clientId));
  }

  accountId(accountId: string): AccountId {
    return found(this.owners('account', accountId).accountId, rowKey('account', accountId));
  }

  owners(name: RowName, id: string): Owners {
    return found(this.#owners.get(rowKey(name, id)), rowKey(name, id));
  }
}

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new TypeError(`${what} was looked for before it was there`);
  return value;
}

/**
 * Finds what new rows point to: another new row, or one of an earlier import, which goes into the result. A row
 * that points nowhere goes to `problems`, unless it points to one that is there already.
 */
export async function resolveLinks(
  tx: Tx,
  bookId: number,
  rows: BerkaRows,
  unreadable: ReadonlySet<string>,
  problems: Problems,
): Promise<Entities> {
  const entities = new Entities();
  const missing = new Map<RowName, Pointer[]>();
  const loading = new Map(
    Object.entries(rows).map(([name, list]) => [name, new Set(list.map(({ id }) => id))]),
  );
  for (const pointer of pointersOf(rows)) {
    const { to, id } = pointer.link;
    if (loading.get(to)?.has(id) || unreadable.has(rowKey(to, id))) continue;
    missing.getOrInsertComputed(to, () => []).push(pointer);
  }
  for (const [name, pointers] of missing) {
    const ids = [...new Set(pointers.map(({ link }) => link.id))];
    const records = await selectRecords(tx, bookId, recordType(name), ids);
    for (const record of records.values()) addRecord(entities, name, record);
    for (const { file, line, link } of pointers) {
      if (!records.has(link.id)) problems.add({ file, line, message: `unknown ${name} ${link.id}` });
    }
  }
  return entities;
}

function* pointersOf(rows: BerkaRows): Iterable<Pointer> {
  yield* pointers(rows.district, DISTRICT.links);
  yield* pointers(rows.client, CLIENT.links);
  yield* pointers(rows.account, ACCOUNT.links);
  yield* pointers(rows.disposition, DISPOSITION.links);
  yield* pointers(rows.order, ORDER.links);
  yield* pointers(rows.loan, LOAN.links);
  yield* pointers(rows.card, CARD.links);
  yield* pointers(rows.transaction, TRANSACTION.links);
}

function* pointers<Value>(
  rows: readonly Row<Value>[],
  linksOf: (value: Value) => readonly Link[],
): Iterable<Pointer> {
  for (const { file, line, value } of rows) {
    for (const link of linksOf(value)) yield { file, line, link };
  }
}

function addRecord(entities: Entities, name: RowName, record: StoredRecord): void {
  const { recordId, content, customerId, accountId } = record;
  if (name === 'district') entities.addDistrict(recordId, districtOf(content));
  else
    entities.add(name, recordId, { customerId: customerId ?? undefined, accountId: accountId ?? undefined });
}

function districtOf(content: unknown): { name: string; region: string } {
  const { A2, A3 } = content as { A2: string; A3: string };
  return { name: A2, region: A3 };
}
