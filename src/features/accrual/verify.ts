import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import type { LawResult } from '#ledger/verify.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Agreement } from './account-rates.ts';
import { findRates, loadRates } from './count.ts';
import { loadBalances } from './lines.ts';
import { withState } from './position.ts';
import { replay } from './replay.ts';
import { agreementOf } from './repository.ts';
import { isSameState, type StateText, stateOf, stateText } from './state-text.ts';

export const INTEREST_LAW = 'what every account has accrued is what its balances and its terms make it';

/** Accounts per page. */
const PAGE = 1_000;
/** A hundred million accounts: more pages than this mean an endless loop. */
const MAX_PAGES = 100_000;

type Row = {
  readonly id: AccountId;
  readonly product: string;
  readonly currency: Currency;
  readonly openedOn: IsoDate;
  readonly periodFrom: IsoDate;
  readonly accruedThrough: IsoDate;
  readonly seq: bigint;
  readonly balanceMinor: bigint;
  readonly state: StateText;
  readonly limits: readonly [from: IsoDate, limit: string][];
  readonly creditMinor: bigint;
  readonly debitMinor: bigint;
  readonly agreement: Agreement | null;
};

/** Positions of open accounts after one, by id, with the balance after the last line that was counted. */
async function listPositions(db: Db, bookId: number, after: AccountId | undefined): Promise<Row[]> {
  const isAfter = after === undefined ? sql`true` : sql`i.account_id > ${after}::uuid`;
  const { rows } = await sql<Row>`
    select i.account_id as id, a.product_code as product, a.currency, a.opened_on as "openedOn",
      i.period_from as "periodFrom", i.accrued_through as "accruedThrough", i.seq, i.state, i.limits,
      i.credit_minor as "creditMinor", i.debit_minor as "debitMinor", ${agreementOf(bookId, sql`a.account_id`)}, coalesce(
        (select p.debit_balance_minor from postings p
         where p.book_id = i.book_id and p.debit_account_id = i.account_id and p.debit_seq = i.seq),
        (select p.credit_balance_minor from postings p
         where p.book_id = i.book_id and p.credit_account_id = i.account_id and p.credit_seq = i.seq), 0) as "balanceMinor"
    from interest_positions i
    join accounts a on a.book_id = i.book_id and a.account_id = i.account_id
    where i.book_id = ${bookId} and a.closed_on is null and ${isAfter}
    order by i.account_id limit ${PAGE}`.execute(db);
  return rows;
}

type Difference = { readonly accountId: AccountId; readonly stored: StateText; readonly counted: StateText };

/** The first account whose position is not what its lines and its terms make it, and the difference. */
async function findDifference(db: Db, bookId: number): Promise<Difference | undefined> {
  let after: AccountId | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const rows = await listPositions(db, bookId, after);
    if (rows.length === 0) return undefined;
    const through = rows.reduce<IsoDate | undefined>(
      (last, row) => (last === undefined || row.accruedThrough > last ? row.accruedThrough : last),
      undefined,
    );
    assert(through !== undefined, 'a page has rows');
    const rates = await loadRates(db, bookId, through);
    const balances = await loadBalances(
      db,
      bookId,
      rows.map(({ id, periodFrom: from, seq: upTo, balanceMinor }) => ({ id, from, upTo, balanceMinor })),
    );
    for (const row of rows) {
      const found = findRates(rates, { ...row, agreement: row.agreement ?? undefined })?.rates;
      assert(found !== undefined, 'an account with a position has terms of interest');
      const again = replay({
        rates: found.rates,
        openedOn: row.openedOn,
        from: row.periodFrom,
        through: row.accruedThrough,
        balances: balances.get(row.id) ?? [],
        limits: row.limits.map(([from, limit]) => ({ from, limitMinor: BigInt(limit) })),
        posted: [],
      });
      const { terms } = found.rates.on(row.accruedThrough);
      const { creditMinor, debitMinor } = withState({ ...row, limits: [] }, again.state, terms);
      const isSame =
        isSameState(stateOf(row.state, found.rates), again.state) &&
        creditMinor === row.creditMinor &&
        debitMinor === row.debitMinor;
      if (!isSame) return { accountId: row.id, stored: row.state, counted: stateText(again.state) };
    }
    after = rows.at(-1)?.id;
  }
  assert(false, 'the pages of accounts end');
}

/** The law that every position follows from balances and terms, on one snapshot of the books while they are in use. */
export async function verifyInterest(db: Db, bookId: number): Promise<LawResult> {
  const found = await inTransaction(db, (tx) => findDifference(tx, bookId), { readOnlySnapshot: true });
  return { name: INTEREST_LAW, brokenBy: found === undefined ? undefined : JSON.stringify(found) };
}
