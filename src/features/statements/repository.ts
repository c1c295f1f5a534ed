import { gunzipSync, gzipSync } from 'node:zlib';
import { bigints, bulkInsert, byteStrings, dates, integers, jsons, uuids } from '#db/bulk-rows.ts';
import type { Db } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import type { AccountId, StatementId } from '#lib/ids.ts';
import type { PageRange, StatementHead, StatementLine, StoredStatement } from './statement.ts';

type NewStatement = Omit<StoredStatement, 'currency' | 'actor' | 'madeAt'>;

export const insertStatements = bulkInsert('account_statements', {
  same: ['actor', 'made_at'],
}).of<NewStatement>({
  statement_id: uuids(({ id }) => id),
  account_id: uuids(({ accountId }) => accountId),
  statement_number: integers(({ number }) => number),
  from_on: dates(({ from }) => from),
  to_on: dates(({ to }) => to),
  seq_before: bigints(({ seqBefore }) => seqBefore),
  last_seq: bigints(({ lastSeq }) => lastSeq),
  opening_minor: bigints(({ openingMinor }) => openingMinor),
  closing_minor: bigints(({ closingMinor }) => closingMinor),
  head: jsons(({ head }) => JSON.stringify(head)),
});

export type StatementPage = PageRange & {
  readonly statementId: StatementId;
  readonly lines: readonly StatementLine[];
};

export const insertPages = bulkInsert('account_statement_pages').of<StatementPage>({
  statement_id: uuids(({ statementId }) => statementId),
  page_number: integers(({ number }) => number),
  seq_before: bigints(({ seqBefore }) => seqBefore),
  last_seq: bigints(({ lastSeq }) => lastSeq),
  lines: byteStrings(({ lines }) => gzipSync(JSON.stringify(lines), { level: 6 })),
});

type StatementFilter = {
  readonly number?: number;
  readonly before?: number | undefined;
  readonly limit: number;
};

/** The statements of an account, the newest first. */
export async function listStatements(
  db: Db,
  bookId: number,
  accountId: AccountId,
  { number, before, limit }: StatementFilter,
): Promise<StoredStatement[]> {
  let query = db
    .selectFrom('account_statements as s')
    .innerJoin('accounts as a', (join) =>
      join.onRef('a.book_id', '=', 's.book_id').onRef('a.account_id', '=', 's.account_id'),
    )
    .select(['s.statement_id as id', 's.statement_number as number', 's.from_on as from', 's.to_on as to'])
    .select([
      ...columns('s', ['seq_before', 'last_seq', 'opening_minor', 'closing_minor', 'actor', 'made_at']),
    ])
    .select(['a.account_id as accountId', 'a.currency'])
    .select((eb) => eb.ref('s.head').$castTo<StatementHead>().as('head'))
    .where('s.book_id', '=', bookId)
    .where('s.account_id', '=', accountId);
  if (number !== undefined) query = query.where('s.statement_number', '=', number);
  if (before !== undefined) query = query.where('s.statement_number', '<', before);
  return query.orderBy('s.statement_number', 'desc').limit(limit).execute();
}

/** The lines of a statement, the oldest first, page by page. */
export async function* readPages(
  db: Db,
  bookId: number,
  { id, seqBefore, lastSeq }: Pick<StoredStatement, 'id' | 'seqBefore' | 'lastSeq'>,
): AsyncGenerator<readonly StatementLine[], void> {
  let seq = seqBefore;
  for (let page = 1; seq < lastSeq; page += 1) {
    const row = await db
      .selectFrom('account_statement_pages')
      .select(['last_seq as lastSeq', 'lines'])
      .where('book_id', '=', bookId)
      .where('statement_id', '=', id)
      .where('page_number', '=', page)
      .executeTakeFirstOrThrow();
    seq = row.lastSeq;
    yield JSON.parse(gunzipSync(row.lines).toString()) as StatementLine[];
  }
}
