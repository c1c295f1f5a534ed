import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import { listProducts } from '#features/products/contract.ts';
import { assert } from '#lib/assert.ts';
import { builtInRules } from './built-in-lines.ts';
import type { GlAccount, UsedLines } from './gl-account.ts';

/** By code: a chart is short, and is read whole. */
export async function listGlAccounts(db: Db, bookId: number): Promise<GlAccount[]> {
  return (await selectLines(db, bookId).orderBy('gl_code').execute()).map(toLine);
}

export async function findGlAccount(db: Db, bookId: number, code: string): Promise<GlAccount | undefined> {
  const row = await selectLines(db, bookId).where('gl_code', '=', code).executeTakeFirst();
  return row === undefined ? undefined : toLine(row);
}

/** All lines, which nobody changes or posts to by hand until the end of the transaction. */
export async function lockChart(tx: Tx, bookId: number): Promise<GlAccount[]> {
  return (await selectLines(tx, bookId).orderBy('gl_code').forNoKeyUpdate().execute()).map(toLine);
}

/** Lines of the chart, which nobody changes until the end of the transaction; absent codes are left out. */
export async function shareLines(tx: Tx, bookId: number, codes: readonly string[]): Promise<GlAccount[]> {
  const rows = await selectLines(tx, bookId)
    .where(sql<boolean>`gl_code = any(${codes}::text[])`)
    .orderBy('gl_code')
    .forShare()
    .execute();
  return rows.map(toLine);
}

/** Lines with ledger accounts of the bank, and those that products name. */
export async function selectUsedLines(db: Db, bookId: number): Promise<UsedLines> {
  const { rows } = await sql<{ code: string }>`
    select distinct gl_code as code from ledger_accounts
    where book_id = ${bookId} and kind = 'internal'`.execute(db);
  const products = await listProducts(db, bookId);
  return {
    posted: new Set(rows.map(({ code }) => code)),
    ofProducts: new Set(products.flatMap(({ lines }) => lines)),
  };
}

/** Whether a line that no product uses has a balance in any currency. */
export async function hasBalance(db: Db, bookId: number, code: string): Promise<boolean> {
  const { rows } = await sql`
    select from ledger_accounts a
    where a.book_id = ${bookId} and a.gl_code = ${code} and a.kind = 'internal' and
      coalesce((select sum(p.amount_minor) from postings p where p.book_id = a.book_id
        and p.debit_account_id = a.ledger_account_id and p.debit_seq is null), 0) <>
      coalesce((select sum(p.amount_minor) from postings p where p.book_id = a.book_id
        and p.credit_account_id = a.ledger_account_id and p.credit_seq is null), 0)
    limit 1`.execute(db);
  return rows.length > 0;
}

export async function insertGlAccount(tx: Tx, bookId: number, line: GlAccount): Promise<void> {
  await tx
    .insertInto('gl_accounts')
    .values({ book_id: bookId, gl_code: line.code, is_control: line.control, ...changeable(line) })
    .execute();
  await noteChanged(tx, bookId, 'gl_accounts', [line.code]);
}

export async function updateGlAccount(tx: Tx, bookId: number, line: GlAccount): Promise<void> {
  const updated = await tx
    .updateTable('gl_accounts')
    .set(changeable(line))
    .where('book_id', '=', bookId)
    .where('gl_code', '=', line.code)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked line is there');
  await noteChanged(tx, bookId, 'gl_accounts', [line.code]);
}

/** Says of a line whether it is a group. */
export async function markGroup(tx: Tx, bookId: number, code: string, isGroup: boolean): Promise<void> {
  await tx
    .updateTable('gl_accounts')
    .set({ is_group: isGroup })
    .where('book_id', '=', bookId)
    .where('gl_code', '=', code)
    .execute();
  await noteChanged(tx, bookId, 'gl_accounts', [code]);
}

function changeable(line: GlAccount) {
  return {
    name: line.name,
    class: line.class,
    parent_code: line.parent ?? null,
    manual_posting: line.manualPosting,
    retired: line.retired,
    version: line.version,
  };
}

function selectLines(db: Db, bookId: number) {
  return db
    .selectFrom('gl_accounts')
    .select('gl_code as code')
    .select((eb) => eb.ref('class').$castTo<GlAccount['class']>().as('class'))
    .select(
      columns('gl_accounts', [
        'name',
        'parent_code',
        'is_group',
        'manual_posting',
        'is_control',
        'retired',
        'version',
      ]),
    )
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectLines>['executeTakeFirstOrThrow']>>;

function toLine({ parentCode, manualPosting, isControl, ...row }: Row): GlAccount {
  const builtIn = builtInRules(row.code);
  return {
    ...row,
    parent: parentCode ?? undefined,
    manualPosting: manualPosting ?? builtIn.manualPosting,
    control: isControl ?? builtIn.control,
  };
}
