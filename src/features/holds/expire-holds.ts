import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudits } from '#features/audit/contract.ts';
import { addCounts, type EndOfDayStep } from '#features/end-of-day/contract.ts';
import { changeHeld } from '#ledger/holds.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import { assert } from '#lib/assert.ts';
import { Repeater } from '#lib/concurrency/repeater.ts';
import { type AccountId, type HoldId, toTypeId } from '#lib/ids.ts';

/** Some 20 ms of locks: a payment from one of their accounts waits no longer. */
const CHUNK_HOLDS = 200;
/** Two million holds: whoever has more overdue has the next run for them. */
const MAX_CHUNKS = 10_000;
/** How long the money of an overdue hold may be missing from what is available; the query behind it is one look. */
const INTERVAL_MS = 10_000;

/** On whose behalf holds end by themselves. */
const CALLER = { actor: 'end-of-day', role: 'operator' } as const;

type ExpiryContext = Pick<Context, 'db' | 'bookId' | 'clock'>;
type Overdue = { id: HoldId; accountId: AccountId; remainingMinor: bigint };

/**
 * Lets go of all holds whose time is over by the context's clock, and yields how many each database transaction
 * ended. Cut off anywhere and begun again, it does the rest. A hold that is captured or released in the meantime is left
 * alone. Locks, in each: the holds in the order of their expiry, then the ledger accounts by ascending id.
 */
export async function* expireHolds(context: ExpiryContext): AsyncGenerator<number, void> {
  for (let chunk = 0; chunk < MAX_CHUNKS; chunk++) {
    const expired = await inTransaction(context.db, (tx) => expireChunk(tx, context));
    if (expired === 0) return;
    yield expired;
  }
}

/**
 * The step of the end of day that does the same, before anything is paid: what an overdue hold has left may pay a
 * standing order.
 */
export function expireHoldsStep(context: ExpiryContext): EndOfDayStep {
  return {
    name: 'expire-holds',
    runChunk: async (tx, _day, { position, processed, counts }) => {
      const expired = await expireChunk(tx, context);
      return {
        position,
        processed: processed + expired,
        counts: addCounts(counts, { expired }),
        done: expired === 0,
      };
    },
  };
}

/**
 * Lets go of overdue holds every few seconds while a server runs; the end of day does what is left. `onError` hears
 * of a run that failed; the next one makes up for it. Stopped, it finishes the chunk that is under way.
 */
export function holdExpirer(context: ExpiryContext, onError: (error: unknown) => void): Repeater {
  const expire = async (): Promise<void> => {
    for await (const _ of expireHolds(context)) if (repeater.isStopped) return;
  };
  const repeater = new Repeater(expire, { restMs: () => INTERVAL_MS, onError });
  return repeater;
}

async function expireChunk(tx: Tx, context: ExpiryContext): Promise<number> {
  const { bookId, clock } = context;
  const now = new Date(clock.nowMs());
  const overdue = await lockOverdue(tx, bookId, now);
  if (overdue.length === 0) return 0;
  const changes = new Map<AccountId, bigint>();
  for (const { accountId, remainingMinor } of overdue) {
    changes.set(accountId, (changes.get(accountId) ?? 0n) - remainingMinor);
  }
  await lockAccounts(tx, bookId, changes.keys());
  await changeHeld(tx, bookId, changes);
  const ids = overdue.map(({ id }) => id);
  const updated = await tx
    .updateTable('holds')
    .set({ status: 'expired', ended_at: now, updated_at: now, version: sql`version + 1` })
    .where('book_id', '=', bookId)
    .where(sql<boolean>`hold_id = any(${ids}::uuid[])`)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === BigInt(overdue.length), 'a locked hold is there to be changed');
  await noteChanged(tx, bookId, 'holds', ids);
  await recordAudits(
    tx,
    context,
    overdue.map(({ id }) => ({
      caller: CALLER,
      operation: 'expireHold',
      resourceType: 'hold',
      resourceId: toTypeId('hold', id),
      before: { status: 'active' },
      after: { status: 'expired' },
    })),
  );
  return overdue.length;
}

async function lockOverdue(tx: Tx, bookId: number, now: Date): Promise<readonly Overdue[]> {
  const { rows } = await sql<Overdue>`
    select hold_id as id, account_id as "accountId", amount_minor - captured_minor as "remainingMinor" from holds
    where book_id = ${bookId} and status = 'active' and expires_at <= ${now}::timestamptz
    order by expires_at, hold_id limit ${CHUNK_HOLDS}
    for no key update`.execute(tx);
  return rows;
}
