import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { issuingBankView, selectBank } from '#features/books/contract.ts';
import {
  addCounts,
  type ChunkResult,
  type EndOfDayStep,
  type StepProgress,
} from '#features/end-of-day/contract.ts';
import { lastOfMonth } from '#lib/time/calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { findDueStatements, lockNextAccounts } from './due.ts';
import { type OpenPages, storePages, storeStatements } from './make.ts';
import { pagesAfter } from './statement.ts';

/** Accounts and lines a chunk: some tenths of a second on a machine that has other work. */
const CHUNK_ACCOUNTS = 500;
const CHUNK_LINES = 2_000;

/** On whose behalf they are made. */
const ACTOR = 'end-of-day';

/** Where a chunk begins: after an account, and within the lines of another that has more than one chunk takes. */
type Position = {
  readonly after?: OpenPages['accountId'];
  readonly open?: Pick<OpenPages, 'id' | 'accountId' | 'ownerId'> & {
    readonly seqBefore: string;
    readonly lastSeq: string;
    readonly doneSeq: string;
  };
};

/**
 * The step that makes the statements of a month, after its last date is closed. Locks the rows of
 * its accounts by ascending id, so that whoever else makes a statement of them waits.
 */
export function statementsStep(context: Pick<Context, 'bookId' | 'clock'>): EndOfDayStep {
  return {
    name: 'statements',
    runChunk: async (tx, { date }, progress) => {
      if (!isLastOfMonth(date)) return { ...progress, done: true };
      const position = JSON.parse(progress.position ?? '{}') as Position;
      return position.open === undefined
        ? makeNext(tx, context, date, progress, position)
        : writeMore(tx, context.bookId, progress, position, position.open);
    },
  };
}

function isLastOfMonth(date: IsoDate): boolean {
  return date === lastOfMonth(date);
}

async function makeNext(
  tx: Tx,
  context: Pick<Context, 'bookId' | 'clock'>,
  date: IsoDate,
  { processed, counts }: StepProgress,
  { after }: Position,
): Promise<ChunkResult> {
  const { bookId } = context;
  const bank = issuingBankView(await selectBank(tx, bookId));
  const accounts = await lockNextAccounts(tx, bookId, after, CHUNK_ACCOUNTS);
  const due = await findDueStatements(tx, bookId, accounts, { to: date, bank });
  const taken = due.slice(0, countWithin(due, CHUNK_LINES));
  const made = await storeStatements(tx, context, ACTOR, taken);
  const open = made.map((one) => ({ ...one, pages: pagesAfter(one, one.seqBefore, CHUNK_LINES) }));
  await storePages(tx, bookId, open);
  const isWhole = taken.length === due.length;
  const last = open.at(-1);
  const upTo = isWhole ? accounts.at(-1) : last?.accountId;
  const next: Position = {
    ...(upTo === undefined ? {} : { after: upTo }),
    ...(last === undefined ? {} : rest(last)),
  };
  return {
    position: JSON.stringify(next),
    processed: processed + taken.length,
    counts: addCounts(counts, { statements: taken.length }),
    done: isWhole && accounts.length < CHUNK_ACCOUNTS && next.open === undefined,
  };
}

/** How many from the beginning have at most a number of lines together; one at least. */
function countWithin(due: readonly Pick<OpenPages, 'seqBefore' | 'lastSeq'>[], maxLines: number): number {
  let lines = 0n;
  const index = due.findIndex(({ seqBefore, lastSeq }) => {
    lines += lastSeq - seqBefore;
    return lines > BigInt(maxLines);
  });
  return index === -1 ? due.length : Math.max(index, 1);
}

async function writeMore(
  tx: Tx,
  bookId: number,
  { processed, counts }: StepProgress,
  { after }: Position,
  open: NonNullable<Position['open']>,
): Promise<ChunkResult> {
  const statement = { ...open, seqBefore: BigInt(open.seqBefore), lastSeq: BigInt(open.lastSeq) };
  const pages = pagesAfter(statement, BigInt(open.doneSeq), CHUNK_LINES);
  await storePages(tx, bookId, [{ ...statement, pages }]);
  const next: Position = { ...(after === undefined ? {} : { after }), ...rest({ ...statement, pages }) };
  return { position: JSON.stringify(next), processed, counts, done: false };
}

/** What is still to be written of the last statement, if anything. */
function rest({ id, accountId, ownerId, seqBefore, lastSeq, pages }: OpenPages): Position {
  const doneSeq = pages.at(-1)?.lastSeq ?? lastSeq;
  if (doneSeq === lastSeq) return {};
  const open = { id, accountId, ownerId, seqBefore: String(seqBefore), lastSeq: String(lastSeq) };
  return { open: { ...open, doneSeq: String(doneSeq) } };
}
