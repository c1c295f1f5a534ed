import type { Static } from 'typebox';
import { readPage } from '#http/pagination.ts';
import type { Caller } from '#lib/caller.ts';
import { validationFailed } from '#lib/errors.ts';
import { type ListTransactionsQuery, type TransactionView, transactionView } from './schemas.ts';
import type { TransactionService } from './service.ts';
import type { Transaction } from './transaction.ts';

type Query = Static<typeof ListTransactionsQuery>;

/** What a list in the order of commits takes: a filter would make a page read any number of rows for a few. */
const TAKEN = ['order', 'after', 'limit', 'cursor'];

/** A page of the list in the order of commits. Throws 400 `validation_failed` for a filter. */
export function readInSequence(transactions: TransactionService, caller: Caller, query: Query) {
  const filters = Object.keys(query).filter((name) => !TAKEN.includes(name));
  if (filters.length > 0) {
    throw validationFailed(...filters.map((path) => ({ path, message: 'does not go with order=sequence' })));
  }
  return readPage<Transaction, string, TransactionView>(query, {
    order: 'integer',
    placeOf: ({ state }) => String(state.sequence),
    read: (limit, place) =>
      transactions.listInSequence(caller, { after: BigInt(place ?? query.after ?? 0), limit }),
    view: transactionView,
  });
}

/** Throws 400 `validation_failed` for `after` in any other order. */
export function assertNoPlace({ after }: Query): void {
  if (after !== undefined) throw validationFailed({ path: 'after', message: 'goes with order=sequence' });
}
