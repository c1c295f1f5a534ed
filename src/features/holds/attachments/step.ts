import type { Context } from '#db/context.ts';
import { recordAudits } from '#features/audit/contract.ts';
import { addCounts, type EndOfDayStep } from '#features/end-of-day/contract.ts';
import { changeHeld } from '#ledger/holds.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import { type AccountId, type AttachmentId, parseTypeId, toTypeId } from '#lib/ids.ts';
import { lockGrowing, updateHeld } from './repository.ts';
import { accountsOf } from './service.ts';

/** Some 20 ms of locks: a payment from one of their accounts waits no longer. */
const CHUNK_ATTACHMENTS = 200;

/** On whose behalf they grow. */
const CALLER = { actor: 'end-of-day', role: 'operator' } as const;

/**
 * The step of the end of day that keeps what came in on attached accounts: after holds expire, and before anything is
 * paid by standing order. An older attachment of an account comes before a younger one. Locks, in each chunk: the
 * attachments by ascending id, then the ledger accounts by ascending id.
 */
export function attachmentsStep({ bookId, clock }: Pick<Context, 'bookId' | 'clock'>): EndOfDayStep {
  return {
    name: 'attachments',
    runChunk: async (tx, _day, { position, processed, counts }) => {
      const after = position === undefined ? undefined : parseTypeId('attachment', position);
      const growing = await lockGrowing(tx, bookId, { after, limit: CHUNK_ATTACHMENTS });
      const { states } = await lockAccounts(tx, bookId, accountsOf(growing));
      const taken = new Map<AccountId, bigint>();
      const grown = growing.filter((attachment) => {
        const { accountId } = attachment.state;
        const account = states.get(accountId);
        const before = taken.get(accountId) ?? 0n;
        if (account === undefined) return false;
        const keptMinor = attachment.keep({ ...account, heldMinor: account.heldMinor + before });
        if (keptMinor > 0n) taken.set(accountId, before + keptMinor);
        return keptMinor > 0n;
      });
      await changeHeld(tx, bookId, taken);
      await updateHeld(tx, bookId, grown);
      await recordAudits(
        tx,
        { bookId, clock },
        grown.map(({ state }) => ({
          caller: CALLER,
          operation: 'growAttachment',
          resourceType: 'attachment',
          resourceId: toTypeId('attachment', state.id),
          after: { accountId: toTypeId('account', state.accountId), status: state.status },
        })),
      );
      return {
        position: positionOf(growing.at(-1)?.state.id) ?? position,
        processed: processed + growing.length,
        counts: addCounts(counts, { grown: grown.length }),
        done: growing.length < CHUNK_ATTACHMENTS,
      };
    },
  };
}

function positionOf(id: AttachmentId | undefined): string | undefined {
  return id === undefined ? undefined : toTypeId('attachment', id);
}
