import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { type AnyTx, run } from '#db/session.ts';
import { inTransaction } from '#db/transaction.ts';
import { assert } from '#lib/assert.ts';
import { findLastBlock } from './last-block.ts';
import { lockSealing, type Sequenced } from './sealing-lock.ts';

/** Entries that wait and get their numbers in one transaction: some 60 ms on two cores in use. */
const MAX_WAITING_ENTRIES = 10_000;
/** Blocks gone through in one transaction: at most 20,000 entries, of the past or of a server of the version before. */
const MAX_BLOCKS = 5;

/**
 * Entries of blocks, in their order. $2: after this block; $3: the last number; $4: how many blocks. Few of them have a
 * number: those that got it before a server of the version before sealed them. They keep it, and their place here stays
 * empty. To look for them first would read the whole table for each, where the planner knows nothing of it yet.
 */
const INSERT_OF_BLOCKS = `
  insert into sequenced_entries (book_id, sequence, entry_id)
  select b.book_id, $3 + row_number() over (order by b.block_number, listed.ordinal), listed.id
  from (
    select book_id, block_number, entry_ids from audit_blocks
    where book_id = $1 and block_number > $2 order by block_number limit $4
  ) as b cross join unnest(b.entry_ids) with ordinality as listed (id, ordinal)
  on conflict (book_id, entry_id) do nothing`;

const COUNT_OF_BLOCKS = `
  select coalesce(sum(cardinality(entry_ids)), 0)::int as count from audit_blocks
  where book_id = $1 and block_number > $2 and block_number <= $3`;

/** Entries that wait to be sealed, those that were written first before the others. $2: the last number; $3: which rows. */
const INSERT_OF_WAITING = `
  insert into sequenced_entries (book_id, sequence, entry_id)
  select u.book_id, $2 + row_number() over (order by u.written_at nulls first, u.unsealed_id, listed.ordinal), listed.id
  from unsealed_rows u cross join unnest(u.row_ids) with ordinality as listed (id, ordinal)
  where u.book_id = $1 and u.unsealed_id = any($3::uuid[])`;

/**
 * Gives the next numbers to entries that are committed and have none: first to those that blocks list, then to those
 * that wait to be sealed. Returns how many; undefined where nothing is to be done, which writes nothing, and while a
 * sealer or another sequencer of the book is at work. Locks the book's row of audit_sealing, and waits for nobody.
 */
export async function sequenceEntries(context: Context): Promise<number | undefined> {
  const { db, bookId } = context;
  if (!(await isDue(context))) return undefined;
  return inTransaction(db, async (tx) => {
    const before = await lockSealing(tx, bookId);
    if (before === undefined) return undefined;
    const lastBlock = (await findLastBlock(tx, bookId))?.blockNumber ?? 0n;
    const seen = await sequenceBlocks(tx, bookId, before, lastBlock);
    const { lastSequence } =
      seen.sequencedBlocks === lastBlock ? await sequenceWaiting(tx, bookId, seen) : seen;
    return Number(lastSequence - before.lastSequence);
  });
}

/** Two look-ups: nobody's disk is kept awake where nothing is posted. */
async function isDue({ db, bookId }: Context): Promise<boolean> {
  const waiting = await db
    .selectFrom('unsealed_rows')
    .select('unsealed_id')
    .where('book_id', '=', bookId)
    .where('row_kind', '=', 'entry')
    .where('is_sequenced', '=', false)
    .limit(1)
    .executeTakeFirst();
  if (waiting !== undefined) return true;
  const behind = await db
    .selectFrom('audit_sealing as s')
    .innerJoin('audit_blocks as b', 'b.book_id', 's.book_id')
    .select('b.block_number')
    .where('s.book_id', '=', bookId)
    .whereRef('b.block_number', '>', 's.sequenced_blocks')
    .limit(1)
    .executeTakeFirst();
  return behind !== undefined;
}

async function sequenceBlocks(
  tx: Tx,
  bookId: number,
  before: Sequenced,
  lastBlock: bigint,
): Promise<Sequenced> {
  const { sequencedBlocks: from, lastSequence } = before;
  if (from === lastBlock) return before;
  const ahead = from + BigInt(MAX_BLOCKS);
  const to = ahead < lastBlock ? ahead : lastBlock;
  const { rows } = await run<{ count: number }>(tx, COUNT_OF_BLOCKS, [bookId, `${from}`, `${to}`]);
  await run(tx, INSERT_OF_BLOCKS, [bookId, `${from}`, `${lastSequence}`, MAX_BLOCKS]);
  const after = { sequencedBlocks: to, lastSequence: lastSequence + BigInt(rows[0]?.count ?? 0) };
  await saveSequenced(tx, bookId, after);
  return after;
}

/**
 * Numbers what waits to be sealed, some 10,000 entries of it, for whoever has locked the book's row of audit_sealing and
 * has gone through all blocks.
 */
export async function sequenceWaiting(tx: Tx, bookId: number, before: Sequenced): Promise<Sequenced> {
  const { ids, due } = await findUnsequenced(tx, bookId);
  if (due === 0) return before;
  const values = [bookId, `${before.lastSequence}`, ids];
  const { affectedRows } = await run(tx, INSERT_OF_WAITING, values);
  assert(affectedRows === due, 'everything that waits gets its number');
  await run(
    tx,
    'update unsealed_rows set is_sequenced = true where book_id = $1 and unsealed_id = any($2::uuid[])',
    [bookId, ids],
  );
  const after = { ...before, lastSequence: before.lastSequence + BigInt(due) };
  await saveSequenced(tx, bookId, after);
  return after;
}

async function findUnsequenced(tx: AnyTx, bookId: number): Promise<{ ids: string[]; due: number }> {
  const { rows } = await run<{ id: string; count: number }>(
    tx,
    `select unsealed_id as id, cardinality(row_ids) as count from unsealed_rows
     where book_id = $1 and row_kind = 'entry' and not is_sequenced
     order by written_at nulls first, unsealed_id limit $2`,
    [bookId, MAX_WAITING_ENTRIES],
  );
  const ids: string[] = [];
  let due = 0;
  for (const { id, count } of rows) {
    if (ids.length > 0 && due + count > MAX_WAITING_ENTRIES) break;
    ids.push(id);
    due += count;
  }
  return { ids, due };
}

/** Keeps how far the numbers have come. */
export async function saveSequenced(
  tx: Tx,
  bookId: number,
  { sequencedBlocks, lastSequence }: Sequenced,
): Promise<void> {
  await tx
    .updateTable('audit_sealing')
    .set({ sequenced_blocks: sequencedBlocks, last_sequence: lastSequence })
    .where('book_id', '=', bookId)
    .execute();
}
