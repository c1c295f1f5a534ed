import type { AnyTx } from '#db/session.ts';
import { assertAccess } from '#features/accounts/contract.ts';
import { type AuditContext, type AuditRecord, recordAudits } from '#features/audit/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { toTypeId } from '#lib/ids.ts';
import { storeTransactionRows } from './store-rows.ts';
import type { TransactionRow } from './transaction.ts';

/** A transaction on its way into the books, and on whose behalf. */
export type MovementRow = TransactionRow & {
  readonly caller: Caller;
  /** What the trail says of it beyond its id, and where another operation than that of its type asked for it. */
  readonly act?: (Pick<AuditRecord, 'after' | 'seal'> & { readonly operation: string }) | undefined;
  /** Stores what else belongs to it, after its entry. */
  readonly alsoStore?: ((tx: AnyTx) => Promise<void>) | undefined;
};

const OPERATIONS: Readonly<Partial<Record<TransactionRow['type'], string>>> = {
  deposit: 'deposit',
  withdrawal: 'withdraw',
  transfer: 'transfer',
  outgoing_payment: 'transfer',
  reversal: 'reverseTransaction',
};

/**
 * Stores the rows of entries that are posted in this transaction and records who did it, with one statement each;
 * with a third one if customers pay. Their right to the account is judged here, under the lock of its ledger
 * account: a holder who was taken off in the meantime has 404 `not_found`, and nothing is posted.
 */
export async function storeMovements(
  tx: AnyTx,
  context: AuditContext,
  rows: readonly MovementRow[],
  gate: MoneyGate,
): Promise<void> {
  // All are sent before any is waited for: none comes after a rollback.
  await Promise.all([
    storeTransactionRows(tx, context.bookId, rows),
    recordAudits(
      tx,
      context,
      rows.map(({ id, type, caller, act }) => ({
        caller,
        operation: OPERATIONS[type] ?? type,
        ...act,
        resourceType: 'transaction',
        resourceId: toTypeId('transaction', id),
      })),
    ),
    assertAccess(tx, context.bookId, rows, 'pay'),
    gate.countNoted(tx),
    ...rows.flatMap(({ alsoStore }) => alsoStore?.(tx) ?? []),
  ]);
}
