import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { lineView, listLinesInRanges } from '#features/transactions/contract.ts';
import { assert } from '#lib/assert.ts';
import { newId, randomIds } from '#lib/ids.ts';
import { insertPages, insertStatements, type StatementPage } from './repository.ts';
import { type DueStatement, keptLine, type PageRange, type StoredStatement } from './statement.ts';

/** A statement whose row is there, and pages of it that are still to be written. */
export type OpenPages = Pick<StoredStatement, 'id' | 'accountId' | 'seqBefore' | 'lastSeq'> &
  Pick<DueStatement, 'ownerId'> & { readonly pages: readonly PageRange[] };

/** Stores statements without their lines, and returns them with their ids. */
export async function storeStatements<Due extends DueStatement>(
  tx: Tx,
  { bookId, clock }: Pick<Context, 'bookId' | 'clock'>,
  actor: string,
  due: readonly Due[],
): Promise<(Due & Pick<StoredStatement, 'id'>)[]> {
  const statements = due.map((one) => ({ ...one, id: newId(randomIds, 'statement') }));
  await insertStatements(tx, { book_id: bookId, actor, made_at: new Date(clock.nowMs()) }, statements);
  return statements;
}

/** Reads the lines of pages, and stores them. Asserts that they lead from one sequence number to the other. */
export async function storePages(tx: Tx, bookId: number, open: readonly OpenPages[]): Promise<void> {
  const pages: StatementPage[] = [];
  // The first pages of all, then the second ones: a query has one range an account.
  for (let index = 0; ; index += 1) {
    const wanted = open.filter((one) => index < one.pages.length);
    if (wanted.length === 0) break;
    const ranges = wanted.map((one) => ({ ...one, ...one.pages[index] }));
    const found = await listLinesInRanges(tx, bookId, ranges);
    for (const one of wanted) {
      const page = one.pages[index];
      const lines = found.get(one.accountId) ?? [];
      assert(
        page !== undefined && BigInt(lines.length) === page.lastSeq - page.seqBefore,
        'a page has every line',
      );
      pages.push({ ...page, statementId: one.id, lines: lines.map((line) => keptLine(lineView(line))) });
    }
  }
  await insertPages(tx, { book_id: bookId }, pages);
}
