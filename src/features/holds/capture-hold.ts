import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { findCaptureTolerance } from '#features/accounts/contract.ts';
import { chargesOf, hideDeletedAccount, storeTransactionRows } from '#features/transactions/contract.ts';
import { CHART } from '#ledger/chart.ts';
import { claimKey } from '#ledger/claim-key.ts';
import type { EntryDraft, LedgerSide } from '#ledger/entry.ts';
import { refusalError } from '#ledger/errors.ts';
import { beginGuarded } from '#ledger/guard.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { findEntryByKey } from '#ledger/prior-entries.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import type { AccountId, HoldId, TransactionId } from '#lib/ids.ts';
import { type Labels, labelValues } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { hashRequest } from '#lib/request-hash.ts';
import type { Hold, Taken } from './hold.ts';
import { insertCapture, updateHold } from './repository.ts';

/** The labels are those of the transaction. */
export type CaptureRequest = Labels & {
  readonly caller: Caller;
  readonly idempotencyKey: string;
  readonly holdId: HoldId;
  /** Minor units; all that remains if not given. */
  readonly amountMinor?: bigint | undefined;
  /** Where it goes; without, it waits for settlement. */
  readonly toAccountId?: AccountId | undefined;
  /** Whether what remains is let go of with it. */
  readonly isFinal: boolean;
  /** Why a manager has it captured beyond the hold, or after its time. */
  readonly forceReason?: string | undefined;
};

type Outcome = { readonly hold: Hold; readonly transactionId: TransactionId } & (
  | { readonly replayed: true }
  | { readonly replayed: false; readonly amountMinor: bigint }
);

/**
 * Captures a hold that is locked: asks what came before under the key, then the hold, then posts what it takes with
 * the release in the same entry. Throws as HoldService.capture does.
 */
export async function captureHold(
  tx: Tx,
  context: Context,
  internalAccounts: InternalAccounts,
  hold: Hold,
  request: CaptureRequest & { readonly transactionId: TransactionId },
): Promise<Outcome> {
  const { bookId, clock } = context;
  const { transactionId, caller } = request;
  const header = { actor: caller.actor, idempotency: idempotencyOf(request) };
  const { key, requestHash } = header.idempotency;
  const first = claimKey(await findEntryByKey(tx, bookId, caller.actor, key), requestHash);
  if (first !== undefined) {
    return { hold: hold.asAfter(first.entryId), transactionId: first.entryId, replayed: true };
  }
  const { accountId, currency, reference } = hold.state;
  const isForced = request.forceReason !== undefined;
  const tolerancePercent = await findCaptureTolerance(tx, bookId, accountId);
  const taken = hold.capture(request, transactionId, clock.nowMs(), { tolerancePercent, isForced });
  const credit = request.toAccountId ?? (await settlementAccount(context, internalAccounts, currency));
  const draft = draftCapture(hold, taken, credit, { ...header, entryId: transactionId });
  const { amountMinor } = taken;
  const mode = request.toAccountId === undefined ? 'card' : 'online';
  const labels = { externalId: request.externalId, metadata: request.metadata };
  const row = {
    id: transactionId,
    accountId,
    type: draft.kind,
    mode,
    amountMinor,
    reference,
    ...labels,
  } as const;
  const charges = chargesOf(tx, context, [{ ...row, isCapture: true }]);
  const { posting } = await beginGuarded(tx, context, [draft], charges);
  const [outcome] = posting.judge([draft]);
  await Promise.all([posting.write(), posting.finish()]);
  if (outcome?.status === 'refused') {
    throw await hideDeletedAccount(context, refusalError(outcome), { debit: accountId, credit });
  }
  assert(outcome?.status === 'posted', 'a new key is posted');
  await storeTransactionRows(tx, bookId, [row]);
  await updateHold(tx, bookId, hold);
  await insertCapture(tx, bookId, hold);
  return { hold, transactionId, replayed: false, amountMinor };
}

function idempotencyOf(request: CaptureRequest) {
  const { idempotencyKey, holdId, amountMinor, toAccountId, isFinal, forceReason } = request;
  const forced = forceReason === undefined ? [] : [forceReason];
  const values = [
    holdId,
    amountMinor,
    toAccountId,
    isFinal ? 'final' : 'partial',
    ...forced,
    ...labelValues(request),
  ];
  return { key: idempotencyKey, requestHash: hashRequest('hold_capture', values) };
}

async function settlementAccount(
  { db }: Context,
  internalAccounts: InternalAccounts,
  currency: Currency,
): Promise<LedgerSide> {
  const account = await internalAccounts.find(db, CHART.captureSettlement, currency);
  assert(account !== undefined, 'a currency that accounts are in is one that the book keeps');
  return account;
}

function draftCapture(
  hold: Hold,
  { amountMinor, releasedMinor }: Taken,
  credit: LedgerSide,
  header: Pick<EntryDraft, 'entryId' | 'actor' | 'idempotency'>,
): EntryDraft & { readonly kind: 'transfer' | 'withdrawal' } {
  const { accountId, currency } = hold.state;
  return {
    ...header,
    kind: typeof credit === 'string' ? 'transfer' : 'withdrawal',
    releases: { accountId, amountMinor: releasedMinor },
    postings: [{ debit: accountId, credit, amountMinor, currency }],
  };
}
