import { basename } from 'node:path';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { skipOrders } from '#features/standing-orders/contract.ts';
import { admitDates, selectBusinessDate, selectClosedThrough } from '#ledger/business-date.ts';
import type { AccountState } from '#ledger/evaluate.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { addHolders, lowerFloors } from './amend-accounts.ts';
import { checkOwners } from './check-owners.ts';
import { type Entities, resolveLinks } from './entities.ts';
import type { Problems } from './errors.ts';
import { loadAccounts } from './load-accounts.ts';
import { loadCustomers } from './load-customers.ts';
import { loadLoans } from './load-loans.ts';
import { loadOrders } from './load-orders.ts';
import { loadRecords } from './load-records.ts';
import { orderTransactions } from './order-transactions.ts';
import { planFloors } from './plan-floors.ts';
import { postTransactions } from './post-transactions.ts';
import type { OnProgress } from './progress.ts';
import type { BerkaBank, BerkaRows, SourceFile } from './read-bank.ts';
import { SOURCE } from './record-type.ts';
import {
  type ImportId,
  insertImport,
  lockAccountRows,
  lockImports,
  selectTakenExternalIds,
} from './repository.ts';
import type { Row } from './rows/row-type.ts';
import type { BankTransaction } from './rows/transaction.ts';
import { type NewRows, selectNewRows } from './select-new-rows.ts';
import { type BerkaSummary, Tally } from './summary.ts';

/**
 * Loads what is new of a bank that was read, in one database transaction: all of it, or nothing and a throw of
 * 400 `import_failed`. Locks, in this order: the book against other imports, rows of accounts that get more, the
 * book's row where its date may move, and all their ledger accounts in ascending id.
 */
export async function loadBank(
  context: Context,
  tx: Tx,
  bank: BerkaBank,
  problems: Problems,
  onProgress: OnProgress,
): Promise<Omit<BerkaSummary, 'elapsedMs'>> {
  const { bookId } = context;
  await lockImports(tx, bookId);
  const imports = await noteFiles(context, tx, bank.files);
  const fresh = await selectNewRows(tx, bookId, bank.rows, new Set(imports.keys()), problems);
  const { rows } = fresh;
  const entities = await resolveLinks(tx, bookId, rows, bank.unreadable, problems);
  problems.throwIfAny();
  await checkRows(tx, bookId, rows, problems);

  const existing = await lockExisting(tx, bookId, fresh, entities, problems);
  const ordered = orderNew(fresh, existing);
  const floors = planFloors(ordered, existing);
  for (const { id, value } of rows.district) entities.addDistrict(id, value);
  await loadCustomers(context, tx, rows.client, entities, onProgress);
  const toLoad = { accounts: rows.account, dispositions: rows.disposition, floors };
  await loadAccounts(context, tx, toLoad, entities, onProgress);
  await addHolders(context, tx, furtherHolders(rows), entities, problems);
  await lowerFloors(tx, bookId, existing, floors);
  const businessDate = await selectBusinessDate(tx, bookId);
  const toOrder = { orders: rows.order, accounts: rows.account, transactions: rows.transaction };
  await loadOrders(context, tx, toOrder, entities, businessDate, onProgress);
  await loadLoans(context, tx, rows.loan, entities, problems, onProgress);
  const records = await loadRecords(tx, bookId, rows, imports, entities, onProgress);
  const tally = new Tally(fresh.repeated.length);
  await postTransactions(context, tx, { ordered, imports }, entities, tally, problems, onProgress);
  problems.throwIfAny();
  // What these transactions paid was paid by the bank that they come from.
  if (rows.transaction.length > 0) await skipOrders(tx, bookId, businessDate);
  return {
    changed: records + tally.posted > 0,
    files: bank.files.map(({ path, rowCount }) => ({
      path,
      rows: rowCount,
      loadedBefore: !imports.has(path),
    })),
    customers: rows.client.length,
    accounts: rows.account.length,
    holders: rows.disposition.length,
    standingOrders: rows.order.length,
    loans: rows.loan.length,
    records: records + tally.posted,
    ...tally.summary(),
    overdrawn: { accounts: floors.size, largestMinor: largestOf(floors) },
    businessDate,
  };
}

/** Notes the files as loaded; leaves out those that were loaded before. */
async function noteFiles(
  { bookId, ids }: Context,
  tx: Tx,
  files: readonly SourceFile[],
): Promise<Map<string, ImportId>> {
  const imports = new Map<string, ImportId>();
  for (const { path, sha256, rowCount } of files) {
    const file = { fileName: basename(path), sha256, rowCount };
    const id = await insertImport(tx, bookId, ids, SOURCE, file);
    if (id !== undefined) imports.set(path, id);
  }
  return imports;
}

/** What takes more than one row, or the book, to judge. Throws 400 `import_failed`. */
async function checkRows(tx: Tx, bookId: number, rows: BerkaRows, problems: Problems): Promise<void> {
  checkOwners(rows.account, rows.disposition, problems);
  for (const [table, list] of [
    ['customers', rows.client],
    ['accounts', rows.account],
    ['loans', rows.loan],
  ] as const) {
    const ids = list.map(({ id }) => id);
    const taken = await selectTakenExternalIds(tx, bookId, table, ids);
    for (const { file, line, id } of list) {
      const message = `the book has ${table} of another origin with the externalId ${id}`;
      if (taken.has(id)) problems.add({ file, line, message });
    }
  }
  problems.throwIfAny();
}

/** Locks the accounts of earlier imports that get more; returns their ledger accounts by id in the files. */
async function lockExisting(
  tx: Tx,
  bookId: number,
  { rows }: NewRows,
  entities: Entities,
  problems: Problems,
): Promise<Map<string, AccountState>> {
  const isNew = new Set(rows.account.map(({ id }) => id));
  const touched = [...rows.transaction, ...rows.disposition].map(({ value }) => value.accountId);
  const keys = [...new Set(touched)].filter((key) => !isNew.has(key));
  const ids = new Map(keys.map((key): [string, AccountId] => [key, entities.accountId(key)]));
  await lockAccountRows(tx, bookId, [...ids.values()]);
  await admitTransactions(tx, bookId, rows.transaction, problems);
  const { states } = await lockAccounts(tx, bookId, ids.values());
  const existing = new Map<string, AccountState>();
  for (const [key, id] of ids) {
    const state = states.get(id);
    if (state === undefined) throw new TypeError(`account ${id} has no ledger account`);
    existing.set(key, state);
  }
  return existing;
}

/** Opens the book for the dates of its new transactions; those after its business date or on a closed one go to `problems`. */
async function admitTransactions(
  tx: Tx,
  bookId: number,
  transactions: readonly Row<BankTransaction>[],
  problems: Problems,
): Promise<void> {
  let lastDate: IsoDate | undefined;
  for (const { value } of transactions) {
    if (lastDate === undefined || value.date > lastDate) lastDate = value.date;
  }
  if (lastDate === undefined) return;
  const openDate = await admitDates(tx, bookId, lastDate);
  const closedThrough = await selectClosedThrough(tx, bookId);
  for (const { file, line, value } of transactions) {
    const { date } = value;
    if (date > openDate) {
      problems.add({ file, line, message: `${date} is after the bank's business date ${openDate}` });
    } else if (closedThrough !== undefined && date <= closedThrough) {
      problems.add({
        file,
        line,
        message: `${date} is closed: the bank's books are closed through ${closedThrough}`,
      });
    }
  }
  problems.throwIfAny();
}

/** The new transactions as they are to be posted: chained among the rows of their files that are in already. */
function orderNew(
  { rows, repeated }: NewRows,
  existing: ReadonlyMap<string, AccountState>,
): Row<BankTransaction>[] {
  const openings = new Map<string, bigint>();
  for (const [key, { balanceMinor }] of existing) openings.set(key, balanceMinor);
  for (const { value } of repeated) {
    const opening = openings.get(value.accountId);
    if (opening !== undefined) openings.set(value.accountId, opening - value.signedMinor);
  }
  const isRepeated = new Set(repeated.map(({ id }) => id));
  const all = [...rows.transaction, ...repeated];
  return orderTransactions(all, openings).filter(({ id }) => !isRepeated.has(id));
}

function furtherHolders(rows: BerkaRows): BerkaRows['disposition'] {
  const isNew = new Set(rows.account.map(({ id }) => id));
  return rows.disposition.filter(({ value }) => !isNew.has(value.accountId));
}

function largestOf(floors: ReadonlyMap<string, bigint>): bigint {
  let largestMinor = 0n;
  for (const floorMinor of floors.values()) if (-floorMinor > largestMinor) largestMinor = -floorMinor;
  return largestMinor;
}
