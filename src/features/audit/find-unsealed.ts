import type { SqlSession } from '#db/session.ts';

/** The two tables whose rows are sealed. */
export type RowKind = 'audit' | 'entry';

const TABLES = {
  audit: { name: 'audit_log', id: 'audit_id' },
  entry: { name: 'journal_entries', id: 'entry_id' },
} as const;

/** Rows of the last minute: who commits later than that is found by the sweep. */
const NEAR_MS = 60_000;
/** One index probe each: under full load the rows of some seconds, at other times all of the last minute. */
const NEAR_KEYS = 10_000;
/** Keys that the sweep looks at in one go: with nothing to seal, a step and the look at the newest take 25 ms. */
const SWEEP_KEYS = 5_000;

/** Whether a row is sealed is one probe of an index: `limit` keeps the planner from joining the whole tables. */
const isSealed = (kind: RowKind): string => `
  left join lateral (
    select true as sealed from audit_sealed_rows r
    where r.book_id = $1 and r.row_kind = '${kind}' and r.row_id = k.id limit 1
  ) as seal on true`;

/** Rows not yet sealed among the newest, by id: up to `limit`, in ascending order. */
export async function findNear(
  session: SqlSession,
  bookId: number,
  kind: RowKind,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
): Promise<string[]> {
  const { name, id } = TABLES[kind];
  const { rows } = await session.run<{ id: string }>(
    `select k.id from (
       select ${id} as id from ${name} where book_id = $1 and ${id} > $2::uuid
       order by ${id} desc limit ${NEAR_KEYS}
     ) as k ${isSealed(kind)}
     where seal.sealed is null order by k.id limit $3`,
    [bookId, firstIdAt(nowMs - NEAR_MS), limit],
  );
  return rows.map((row) => row.id);
}

/** What one step of the sweep found, and where the next one goes on; null once it is at the end. */
export type Swept = { readonly ids: readonly string[]; readonly sweptTo: string | null };

/** Rows not yet sealed among the next ones after an id, in ascending order. */
export async function sweepOn(
  session: SqlSession,
  bookId: number,
  kind: RowKind,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Swept> {
  const { name, id } = TABLES[kind];
  const { rows } = await session.run<{ id: string; sealed: boolean | null; is_last: boolean }>(
    `select * from (
       select k.id, seal.sealed, k.number = k.count as is_last from (
         select id, row_number() over (order by id) as number, count(*) over () as count from (
           select ${id} as id from ${name} where book_id = $1 and ${id} > $2::uuid order by ${id} limit ${SWEEP_KEYS}
         ) as window_keys
       ) as k ${isSealed(kind)}
     ) as found where sealed is null or is_last order by id limit $3`,
    // One more than may be taken: with it comes the last key, unless there is more to seal than that.
    [bookId, after ?? FIRST_ID, limit + 1],
  );
  const ids = rows.filter(({ sealed }) => sealed === null).map((row) => row.id);
  if (ids.length > limit) return { ids: ids.slice(0, limit), sweptTo: ids[limit - 1] ?? after };
  return { ids, sweptTo: rows.at(-1)?.id ?? null };
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The lowest UUIDv7 of a millisecond. */
function firstIdAt(instantMs: number): string {
  const time = Math.max(instantMs, 0).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
