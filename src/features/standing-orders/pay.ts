import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import {
  draftMovement,
  openPaymentGuard,
  resolvePayees,
  storeTransactionRows,
  type TransactionRow,
  type TransferMovement,
} from '#features/transactions/contract.ts';
import { CHART } from '#ledger/chart.ts';
import type { EntryDraft } from '#ledger/entry.ts';
import { beginGuarded } from '#ledger/guard.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import { newId, type TransactionId, toTypeId } from '#lib/ids.ts';
import { hashRequest } from '#lib/request-hash.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { directPayee, type StandingOrderState } from './standing-order.ts';

/** In whose name orders are paid: idempotency keys are this actor's. */
const ACTOR = 'standing-orders';

/** The payer: the bank, on the customer's order. */
export const BANK: Caller = { actor: ACTOR, role: 'operator' };

/** A payment that an order asks for. */
export type Due = { readonly order: StandingOrderState; readonly dueOn: IsoDate };

export type Outcome = { readonly transactionId: TransactionId } | { readonly code: string };

type Prepared = { readonly draft: EntryDraft; readonly row: TransactionRow } | { readonly code: string };

/** What the bank pays with: its ledger, and the accounts of its own. */
export type Payer = { readonly context: Context; readonly internalAccounts: InternalAccounts };

/**
 * Pays what is due, in this order, through the ledger, and stores the transactions; each is paid or refused on its
 * own. The key of a payment is its order and due date, so that the ledger itself refuses it twice. Locks
 * beneficiaries, the book's row (shared) and the accounts; the orders are locked.
 */
export async function payAll(
  tx: Tx,
  { context, internalAccounts }: Payer,
  due: readonly Due[],
): Promise<Outcome[]> {
  const prepared = await prepare({ context, internalAccounts }, due);
  const ready = prepared.flatMap((one) => ('draft' in one ? one : []));
  const drafts = ready.map(({ draft }) => draft);
  const source = openPaymentGuard(
    tx,
    context,
    ready.map(({ row }) => row),
  );
  const { posting, guard } = await beginGuarded(tx, context, drafts, source);
  const outcomes = posting.judge(drafts, guard);
  await Promise.all([posting.write(), posting.finish()]);
  const rows = ready.flatMap(({ row }, index) => (outcomes[index]?.status === 'posted' ? row : []));
  await storeTransactionRows(tx, context.bookId, rows);
  const byEntry = new Map(drafts.map(({ entryId }, index) => [entryId, outcomes[index]]));
  return prepared.map((one): Outcome => {
    if ('code' in one) return one;
    const outcome = byEntry.get(one.draft.entryId);
    assert(outcome !== undefined, 'every draft has an outcome');
    if (outcome.status === 'refused') return { code: outcome.code };
    if (outcome.status === 'barred') return { code: outcome.error.code };
    return { transactionId: outcome.status === 'posted' ? outcome.entry.entryId : outcome.entryId };
  });
}

async function prepare(payer: Payer, due: readonly Due[]): Promise<Prepared[]> {
  const { context, internalAccounts } = payer;
  const payments = due.map((one) => ({
    order: one.order,
    header: headerOf(context, one),
    transfer: transferOf(one.order),
  }));
  const transfers = payments.flatMap(({ transfer }) => transfer ?? []);
  const routes = await resolvePayees(context, internalAccounts, BANK, transfers);
  const byTransfer = new Map(transfers.map((transfer, index) => [transfer, routes[index]]));
  return Promise.all(
    payments.map(async ({ order, header, transfer }) => {
      if (transfer === undefined) return outgoing(payer, order, header);
      const route = byTransfer.get(transfer);
      assert(route !== undefined, 'every transfer has a route, or a reason why not');
      return typeof route === 'string' ? { code: route } : draftMovement(transfer, route, header);
    }),
  );
}

type Header = Pick<EntryDraft, 'entryId' | 'actor'> & {
  readonly idempotency: NonNullable<EntryDraft['idempotency']>;
};

function headerOf({ ids }: Context, { order, dueOn }: Due): Header {
  return {
    entryId: newId(ids, 'transaction'),
    actor: ACTOR,
    idempotency: {
      key: `${toTypeId('standingOrder', order.id)}:${dueOn}`,
      requestHash: hashRequest('standing-order', [order.id, dueOn]),
    },
  };
}

/** The transfer that an order asks for; undefined where the payee's bank has a code of no known scheme. */
function transferOf(order: StandingOrderState): TransferMovement | undefined {
  const { accountId, payee, toName: name, amountMinor, currency, description, reference } = order;
  const to = directPayee(payee, name);
  if (to === undefined) return undefined;
  return {
    kind: 'transfer',
    fromAccountId: accountId,
    to,
    amountMinor,
    currency,
    description,
    reference,
  };
}

/** To an account of another bank, whose code is of no scheme that is known: through clearing, where it waits to be settled. */
async function outgoing(
  { context, internalAccounts }: Payer,
  { accountId, payee, toName, amountMinor, currency, description, reference, purpose }: StandingOrderState,
  header: Header,
): Promise<Prepared> {
  assert('bank' in payee, 'an account without IBAN is of another bank');
  const clearing = await internalAccounts.find(context.db, CHART.outgoingPayments, currency);
  if (clearing === undefined) return { code: 'currency_mismatch' };
  const postings = [{ debit: accountId, credit: clearing, amountMinor, currency }];
  return {
    draft: { ...header, kind: 'outgoing_payment', postings },
    row: {
      id: header.entryId,
      accountId,
      type: 'outgoing_payment',
      mode: 'clearing',
      amountMinor,
      description,
      reference,
      purpose,
      counterparty: { name: toName, bank: payee.bank, account: payee.accountNumber },
      leavesBank: true,
    },
  };
}
