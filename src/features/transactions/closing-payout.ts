import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import type { ClosingPayout } from '#features/accounts/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { ledgerError } from '#ledger/errors.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import { post } from '#ledger/post.ts';
import { assert } from '#lib/assert.ts';
import { newId } from '#lib/ids.ts';
import { storeMovements } from './store-movements.ts';

/**
 * Moves the whole balance of an account that is being closed, as a transfer, and returns what is left in minor units:
 * zero, or a debt that was there. Throws what the gate and a transfer throw. Locks the ledger accounts of both, by ascending id.
 */
export async function payOutClosing(
  tx: Tx,
  context: Context,
  gate: MoneyGate,
  { caller, from, to, currency }: ClosingPayout,
): Promise<bigint> {
  const { states } = await lockAccounts(tx, context.bookId, [from, to]);
  const amountMinor = states.get(from)?.balanceMinor ?? 0n;
  if (amountMinor <= 0n) return amountMinor;
  await gate.judgeWithin(tx, caller, 'closeAccount', { amountMinor, currency });
  const id = newId(context.ids, 'transaction');
  const line = { debit: from, credit: to, amountMinor, currency };
  const draft = {
    entryId: id,
    kind: 'transfer',
    actor: caller.actor,
    isClosing: true,
    postings: [line],
  } as const;
  const [outcome] = await post(tx, context, [draft]);
  assert(outcome !== undefined, 'a draft has an outcome');
  if (outcome.status === 'refused') throw ledgerError(outcome.code);
  if (outcome.status === 'barred') throw outcome.error;
  const row = { id, accountId: from, type: 'transfer', mode: 'internal', amountMinor, caller } as const;
  await storeMovements(tx, context, [{ ...row, act: { operation: 'closeAccount', after: {} } }], gate);
  return 0n;
}
