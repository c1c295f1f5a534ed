import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import {
  openPaymentGuard,
  storeTransactionRows,
  type TransactionRow,
} from '#features/transactions/contract.ts';
import type { EntryDraft, PostOutcome } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import { beginGuarded } from '#ledger/guard.ts';
import { post } from '#ledger/post.ts';
import { assert } from '#lib/assert.ts';
import { type AccountId, type IdSource, newId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Money that moves by the contract of a deposit. */
export type Movement = { readonly draft: EntryDraft; readonly row: TransactionRow };

/** A transfer between two accounts of customers that the contract of one of them asks for. Minor units. */
export function contractTransfer(
  ids: IdSource,
  {
    from,
    to,
    ...transfer
  }: {
    readonly actor: string;
    readonly from: AccountId;
    readonly to: AccountId;
    readonly amountMinor: bigint;
    readonly currency: Currency;
    readonly description: string;
    /** The business date if not given. */
    readonly valueDate?: IsoDate;
  },
): Movement {
  const { actor, amountMinor, currency, description, valueDate } = transfer;
  const entryId = newId(ids, 'transaction');
  return {
    draft: {
      entryId,
      kind: 'transfer',
      actor,
      isOfContract: true,
      ...(valueDate === undefined ? {} : { valueDate }),
      postings: [{ debit: from, credit: to, amountMinor, currency }],
    },
    row: { id: entryId, accountId: from, type: 'transfer', mode: 'internal', amountMinor, description },
  };
}

/** Posts what contracts move, each or not, and stores the transactions of those that were posted. In their order. */
export async function postMovements(
  tx: Tx,
  context: Context,
  movements: readonly Movement[],
): Promise<PostOutcome[]> {
  if (movements.length === 0) return [];
  const outcomes = await post(
    tx,
    context,
    movements.map(({ draft }) => draft),
  );
  const posted = movements.filter((_, index) => outcomes[index]?.status === 'posted');
  await storeTransactionRows(
    tx,
    context.bookId,
    posted.map(({ row }) => row),
  );
  return outcomes;
}

/** Posts what a contract moves, or throws why not. */
export async function postMovement(tx: Tx, context: Context, movement: Movement): Promise<void> {
  const [outcome] = await postMovements(tx, context, [movement]);
  assertPosted(outcome);
}

/** Posts a customer's own payment, held to their limits, or throws why not. */
export async function payAsCustomer(tx: Tx, context: Context, { draft, row }: Movement): Promise<void> {
  const source = openPaymentGuard(tx, context, [row]);
  const { posting, guard } = await beginGuarded(tx, context, [draft], source);
  const [outcome] = posting.judge([draft], guard);
  await Promise.all([posting.write(), posting.finish()]);
  assertPosted(outcome);
  await storeTransactionRows(tx, context.bookId, [row]);
}

function assertPosted(outcome: PostOutcome | undefined): void {
  assert(outcome !== undefined, 'every draft has an outcome');
  if (outcome.status === 'refused') throw ledgerError(outcome.code);
  if (outcome.status === 'barred') throw outcome.error;
}
