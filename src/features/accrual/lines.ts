import { bigintArray, dateArray, uuidArray } from '#db/binary-array.ts';
import type { Db } from '#db/database.ts';
import { type AnyTx, run } from '#db/session.ts';
import type { AccountId } from '#lib/ids.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { BalanceFrom } from './replay.ts';

/** Both sides of a customer's account in the postings of `of`, which has its id, and bounds of its lines. */
const sides = (of: string, upTo: string) => `
  select p.entry_id, -p.amount_minor as signed_minor, p.business_date from postings p
  where p.book_id = $1 and p.debit_account_id = ${of}.id and p.debit_seq > ${of}.after and p.debit_seq <= ${upTo}
  union all
  select p.entry_id, p.amount_minor, p.business_date from postings p
  where p.book_id = $1 and p.credit_account_id = ${of}.id and p.credit_seq > ${of}.after and p.credit_seq <= ${upTo}`;

/** The entry of a line. The limit changes nothing but the plan: a look-up for each, and never a scan of the journal. */
const entryOf = (line: string) => `
  select found.value_date from journal_entries found
  where found.book_id = $1 and found.entry_id = ${line}.entry_id limit 1`;

/** An account's lines after one, up to one, of which those count that are valued by a date. */
export type NewLines = {
  readonly id: AccountId;
  readonly after: bigint;
  readonly upTo: bigint;
  readonly through: IsoDate;
};

const EARLIEST = `
  select w.id, min(e.value_date) as "valueDate"
  from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::date[]) as w (id, after, up_to, through)
  cross join lateral (${sides('w', 'w.up_to')}) as line
  cross join lateral (${entryOf('line')}) as e
  where e.value_date <= w.through group by w.id`;

/** The earliest value date of new lines that is over already, for each account that has one. */
export async function findEarliestValued(
  tx: AnyTx,
  bookId: number,
  wanted: readonly NewLines[],
): Promise<ReadonlyMap<AccountId, IsoDate>> {
  if (wanted.length === 0) return new Map();
  const { rows } = await run<{ id: AccountId; valueDate: IsoDate }>(tx, EARLIEST, [
    bookId,
    uuidArray(wanted.map(({ id }) => id)),
    bigintArray(wanted.map(({ after }) => after)),
    bigintArray(wanted.map(({ upTo }) => upTo)),
    dateArray(wanted.map(({ through }) => through)),
  ]);
  return new Map(rows.map(({ id, valueDate }) => [id, valueDate]));
}

const LATER = `
  select side.id, sum(side.signed_minor)::bigint as minor
  from journal_entries e
  join postings p on p.book_id = e.book_id and p.entry_id = e.entry_id
  cross join lateral (values (p.debit_account_id, -p.amount_minor), (p.credit_account_id, p.amount_minor))
    as side (id, signed_minor)
  where e.book_id = $1 and e.value_date > $2::date and e.value_date > e.business_date
    and e.kind <> 'interest' and e.kind <> 'withholding_tax' and e.business_date <= $2::date
    and side.id = any($3::uuid[])
  group by side.id`;

/** What is booked by the end of a date and counts from a later day on, by account, in minor units. */
export async function sumForLater(
  tx: AnyTx,
  bookId: number,
  date: IsoDate,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, bigint>> {
  const { rows } = await run<{ id: AccountId; minor: bigint }>(tx, LATER, [bookId, date, uuidArray(ids)]);
  return new Map(rows.map(({ id, minor }) => [id, minor]));
}

/** An account's balances by value date from a day on, as its lines up to one tell them; `balanceMinor` is that after it. */
export type WantedBalances = {
  readonly id: AccountId;
  readonly from: IsoDate;
  readonly upTo: bigint;
  readonly balanceMinor: bigint;
};

/**
 * The last line of each account before its day, by a binary search as in `selectSeqAsOf`. Interest that was booked before it
 * counts from the day on at the latest, and so is in the balance that the day begins with.
 */
const LINES = `
  with recursive search as (
    select w.id, w.from_on, w.up_to, 0::bigint as low, w.up_to as high
    from unnest($2::uuid[], $3::date[], $4::bigint[]) as w (id, from_on, up_to)
    union all
    select s.id, s.from_on, s.up_to, case when probe.is_past then probe.middle else s.low end,
      case when probe.is_past then s.high else probe.middle - 1 end
    from search s cross join lateral (
      select (s.low + s.high + 1) / 2 as middle, line.business_date < s.from_on as is_past from (
        select p.business_date from postings p
        where p.book_id = $1 and p.debit_account_id = s.id and p.debit_seq = (s.low + s.high + 1) / 2
        union all
        select p.business_date from postings p
        where p.book_id = $1 and p.credit_account_id = s.id and p.credit_seq = (s.low + s.high + 1) / 2
      ) as line
    ) as probe
    where s.low < s.high
  ), w as (select id, from_on, up_to, low as after from search where low = high),
  lines as (
    select w.id, e.value_date, line.signed_minor from w
    cross join lateral (${sides('w', 'w.up_to')}) as line
    cross join lateral (${entryOf('line')}) as e
    where e.value_date >= w.from_on
    union all
    select w.id, e.value_date, case when p.debit_account_id = w.id then -p.amount_minor else p.amount_minor end
    from journal_entries e
    join postings p on p.book_id = e.book_id and p.entry_id = e.entry_id
    join w on w.id in (p.debit_account_id, p.credit_account_id)
    where e.book_id = $1 and e.value_date >= $5::date and e.value_date > e.business_date
      and e.kind <> 'interest' and e.kind <> 'withholding_tax'
      and e.value_date >= w.from_on and e.business_date < w.from_on
  )
  select id, value_date as "valueDate", sum(signed_minor)::bigint as minor from lines
  group by id, value_date order by id, value_date`;

/** The balances of accounts by value date: the first is that of the account's day, the others from where they change on. */
export async function loadBalances(
  db: Db,
  bookId: number,
  wanted: readonly WantedBalances[],
): Promise<ReadonlyMap<AccountId, BalanceFrom[]>> {
  const first = wanted.reduce<IsoDate | undefined>(
    (least, { from }) => (least === undefined || from < least ? from : least),
    undefined,
  );
  if (first === undefined) return new Map();
  const { rows } = await run<{ id: AccountId; valueDate: IsoDate; minor: bigint }>(db, LINES, [
    bookId,
    uuidArray(wanted.map(({ id }) => id)),
    dateArray(wanted.map(({ from }) => from)),
    bigintArray(wanted.map(({ upTo }) => upTo)),
    first,
  ]);
  const changes = Map.groupBy(rows, ({ id }) => id);
  return new Map(wanted.map((one) => [one.id, balancesOf(one, changes.get(one.id) ?? [])]));
}

function balancesOf(
  { from, balanceMinor }: WantedBalances,
  changes: readonly { readonly valueDate: IsoDate; readonly minor: bigint }[],
): BalanceFrom[] {
  let now = changes.reduce((rest, { minor }) => rest - minor, balanceMinor);
  const balances: BalanceFrom[] = [{ from: addDays(from, -1), balanceMinor: now }];
  for (const { valueDate, minor } of changes) {
    now += minor;
    balances.push({ from: valueDate, balanceMinor: now });
  }
  return balances;
}
