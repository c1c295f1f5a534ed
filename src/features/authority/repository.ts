import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import { type AnyTx, run, type SqlSession } from '#db/session.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { LimitedRole, RoleLimit } from './role-limits.ts';

/** A limit with the business date from which it counts. */
export type DatedRoleLimit = RoleLimit & {
  readonly role: LimitedRole;
  readonly validFrom: IsoDate;
  readonly setBy: string;
};

const IN_EFFECT = `
  select distinct on (currency) currency, per_transaction_minor as "perTransactionMinor",
    per_day_minor as "perDayMinor"
  from role_limits
  where book_id = $1 and role = $2 and valid_from <= coalesce($3::date, (select business_date from books where book_id = $1))
  order by currency, valid_from desc`;

type Row = {
  readonly currency: Currency;
  readonly perTransactionMinor: bigint | null;
  readonly perDayMinor: bigint | null;
};

/** The limits of a role in effect on a date, or on the business date: one for each currency that has any. */
export async function selectRoleLimits(
  db: Db | SqlSession,
  bookId: number,
  role: LimitedRole,
  on?: IsoDate,
): Promise<RoleLimit[]> {
  const { rows } = await run<Row>(db, IN_EFFECT, [bookId, role, on ?? null]);
  return rows.map(toLimit);
}

function toLimit({ currency, perTransactionMinor, perDayMinor }: Row): RoleLimit {
  return {
    currency,
    perTransactionMinor: perTransactionMinor ?? undefined,
    perDayMinor: perDayMinor ?? undefined,
  };
}

/** All that were ever set, by role and currency, the last to count first. */
export async function listRoleLimits(db: Db, bookId: number): Promise<DatedRoleLimit[]> {
  const rows = await db
    .selectFrom('role_limits')
    .select(
      columns('role_limits', ['currency', 'per_transaction_minor', 'per_day_minor', 'valid_from', 'set_by']),
    )
    .select((eb) => eb.ref('role').$castTo<LimitedRole>().as('role'))
    .where('book_id', '=', bookId)
    .orderBy('role')
    .orderBy('currency')
    .orderBy('valid_from', 'desc')
    .execute();
  return rows.map((row) => ({ ...row, ...toLimit(row) }));
}

/** Stores a limit; one of the same date is replaced. */
export async function storeRoleLimit(
  tx: Tx,
  bookId: number,
  { role, currency, validFrom, perTransactionMinor, perDayMinor, setBy }: DatedRoleLimit,
  setAtMs: number,
): Promise<void> {
  const values = {
    per_transaction_minor: perTransactionMinor ?? null,
    per_day_minor: perDayMinor ?? null,
    set_by: setBy,
    set_at: new Date(setAtMs),
  };
  await tx
    .insertInto('role_limits')
    .values({ book_id: bookId, role, currency, valid_from: validFrom, ...values })
    .onConflict((conflict) =>
      conflict.columns(['book_id', 'role', 'currency', 'valid_from']).doUpdateSet(values),
    )
    .execute();
  await noteChanged(tx, bookId, 'role_limits', [[role, currency, validFrom]]);
}

/** What an actor has used of their limits on the book's date, in minor units of a currency. */
export type Use = { readonly actor: string; readonly currency: Currency; readonly usedMinor: bigint };

const USED = `
  select u.actor, u.currency, u.used_minor::text as "usedMinor"
  from books b
  join role_limit_uses u on u.book_id = $1 and u.business_date = b.business_date and u.actor = any($2::text[])
  where b.book_id = $1`;

/** What actors have used on the book's date. Takes no lock: addUses judges again. */
export async function selectUses(
  db: Db | SqlSession,
  bookId: number,
  actors: readonly string[],
): Promise<Use[]> {
  const { rows } = await run<Omit<Use, 'usedMinor'> & { usedMinor: string }>(db, USED, [bookId, actors]);
  return rows.map((row) => ({ ...row, usedMinor: BigInt(row.usedMinor) }));
}

// By actor and currency: two transactions lock the same rows in the same order.
const ADD = `
  insert into role_limit_uses as u (book_id, actor, business_date, currency, used_minor)
  select b.book_id, r.actor, b.business_date, r.currency, r.used_minor
  from books b cross join unnest($2::text[], $3::text[], $4::numeric[]) as r (actor, currency, used_minor)
  where b.book_id = $1
  order by r.actor, r.currency
  on conflict (book_id, actor, business_date, currency) do update set used_minor = u.used_minor + excluded.used_minor
  returning u.actor, u.currency, u.used_minor::text as "usedMinor"`;

/**
 * Adds what was used, at most once for each actor and currency, and returns what is used now. Locks the rows until the
 * transaction ends: to be sent after every other lock is taken.
 */
export async function addUses(tx: AnyTx, bookId: number, uses: readonly Use[]): Promise<Use[]> {
  if (uses.length === 0) return [];
  const { rows } = await run<Omit<Use, 'usedMinor'> & { usedMinor: string }>(tx, ADD, [
    bookId,
    uses.map(({ actor }) => actor),
    uses.map(({ currency }) => currency),
    uses.map(({ usedMinor }) => usedMinor.toString()),
  ]);
  return rows.map((row) => ({ ...row, usedMinor: BigInt(row.usedMinor) }));
}

/** The actor who posted an entry, and whether on the book's current date; undefined for an unknown entry. */
export async function findPosted(
  db: Db,
  bookId: number,
  entryId: string,
): Promise<{ readonly actor: string; readonly isToday: boolean } | undefined> {
  const { rows } = await sql<{ actor: string; isToday: boolean }>`
    select e.actor, e.business_date = b.business_date as "isToday"
    from journal_entries e join books b on b.book_id = e.book_id
    where e.book_id = ${bookId} and e.entry_id = ${entryId}::uuid`.execute(db);
  return rows[0];
}
