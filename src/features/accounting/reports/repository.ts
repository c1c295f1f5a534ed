import type { Db, Tx } from '#db/database.ts';
import type { Layout, Report } from './layout.ts';

/** The layout that the bank defined for a report; undefined if it has none. */
export async function findLayout(db: Db, bookId: number, report: Report): Promise<Layout | undefined> {
  const row = await db
    .selectFrom('report_layouts')
    .select((eb) => eb.ref('layout').$castTo<Layout>().as('layout'))
    .where('book_id', '=', bookId)
    .where('report', '=', report)
    .executeTakeFirst();
  return row?.layout;
}

export async function putLayout(tx: Tx, bookId: number, report: Report, layout: Layout): Promise<void> {
  const values = { layout: JSON.stringify(layout) };
  await tx
    .insertInto('report_layouts')
    .values({ book_id: bookId, report, ...values })
    .onConflict((conflict) => conflict.columns(['book_id', 'report']).doUpdateSet(values))
    .execute();
}
