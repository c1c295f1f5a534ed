import type { AnyTx } from '#db/session.ts';
import { isTwin } from '#ledger/claim-key.ts';
import type { EntryDraft, PostedEntry, RefusalCode } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import { beginGuarded, type GuardSource } from '#ledger/guard.ts';
import type { LedgerContext } from '#ledger/post.ts';
import { assert } from '#lib/assert.ts';
import type { TransactionId } from '#lib/ids.ts';

/** The outcome of a draft and those that were to be posted in its place. */
export type Posted =
  | { readonly status: 'replayed'; readonly entryId: TransactionId }
  | {
      readonly status: 'posted';
      readonly draft: EntryDraft;
      readonly entry: PostedEntry;
      /** Why the first draft was not posted; undefined if it was. */
      readonly refusedWith: RefusalCode | undefined;
    };

/**
 * Posts a draft, or the other one if the first is refused for what `mayFallBack` names: judged together, under the
 * locks of all accounts that either touches. `assertDue` says whether anything is to be done at all: it is asked once
 * it is known that the request does not repeat another. Throws the kernel's refusals.
 */
export async function postEntry(
  tx: AnyTx,
  context: LedgerContext,
  {
    first,
    otherwise,
    also = [],
    charges,
    mayFallBack = () => false,
    assertDue = () => undefined,
  }: {
    readonly first: EntryDraft;
    readonly otherwise?: EntryDraft | undefined;
    /** Entries between the bank's own accounts that belong to it: posted with whichever is. */
    readonly also?: readonly EntryDraft[];
    /** What the first one costs, or gives back. */
    readonly charges?: GuardSource | undefined;
    readonly mayFallBack?: (code: RefusalCode) => boolean;
    readonly assertDue?: () => void;
  },
): Promise<Posted> {
  const drafts = otherwise === undefined ? [first] : [first, otherwise];
  const { posting } = await beginGuarded(tx, context, [...drafts, ...also], charges);
  let refusedWith: RefusalCode | undefined;
  for (const draft of drafts) {
    const [outcome] = posting.judge([draft]);
    assert(
      outcome !== undefined && outcome.status !== 'barred',
      'a draft without a guard is judged by the ledger',
    );
    if (outcome.status === 'replayed') return { status: 'replayed', entryId: outcome.entryId };
    if (outcome.status === 'posted') {
      assertDue();
      const others = posting.judge(also);
      assert(
        others.every(({ status }) => status === 'posted'),
        'what the bank moves between accounts of its own is posted',
      );
      await Promise.all([posting.write(), posting.finish()]);
      return { status: 'posted', draft, entry: outcome.entry, refusedWith };
    }
    if (outcome.code === 'idempotency_key_reused') throw ledgerError(outcome.code);
    refusedWith ??= outcome.code;
    if (!mayFallBack(outcome.code)) break;
  }
  assertDue();
  assert(refusedWith !== undefined, 'what is not posted was refused');
  throw ledgerError(refusedWith);
}

/** Whether another process committed the same payment in the meantime: run again, the work finds it. */
export const isTwinPayment = isTwin('incoming_payments_external_reference', 'incoming_references_pkey');
