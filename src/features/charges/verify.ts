import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import {
  assess,
  type FactsText,
  factsOf,
  keyOf,
  loadSchedules,
  notChargedOf,
} from '#features/fees/contract.ts';
import type { LawResult } from '#ledger/verify.ts';
import { assert } from '#lib/assert.ts';
import type { FeeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';

export const FEE_LAW = 'every fee is what its terms make of its facts';

/** Fees per page. */
const PAGE = 2_000;
/** Two hundred million fees: more pages than this mean an endless loop. */
const MAX_PAGES = 100_000;

type Row = {
  readonly id: FeeId;
  readonly product: string;
  readonly currency: Currency;
  readonly version: number;
  readonly code: string;
  readonly facts: FactsText;
  readonly eventNumber: number | null;
  /** Of the payment that it is for. */
  readonly paidMinor: bigint | null;
  readonly feeMinor: bigint;
  readonly taxMinor: bigint;
  readonly notCharged: string | null;
};

async function listFees(tx: Tx, bookId: number, after: FeeId | undefined): Promise<Row[]> {
  const isAfter = after === undefined ? sql`true` : sql`f.fee_id > ${after}::uuid`;
  const { rows } = await sql<Row>`
    select f.fee_id as id, f.product_code as product, f.currency, f.terms_version as version, f.fee_code as code,
      f.facts, f.event_number as "eventNumber", p.amount_minor as "paidMinor", f.fee_minor as "feeMinor",
      f.tax_minor as "taxMinor", f.not_charged as "notCharged"
    from account_fees f
    left join postings p on p.book_id = f.book_id and p.entry_id = f.payment_entry_id and p.line = 1
    where f.book_id = ${bookId} and ${isAfter}
    order by f.fee_id limit ${PAGE}`.execute(tx);
  return rows;
}

type Difference = {
  readonly feeId: FeeId;
  readonly stored: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>> | undefined;
};

/** The first fee that is not what its terms make of its facts, or whose facts are not those of its payment. */
async function findDifference(tx: Tx, bookId: number): Promise<Difference | undefined> {
  let after: FeeId | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const rows = await listFees(tx, bookId, after);
    if (rows.length === 0) return undefined;
    const schedules = await loadSchedules(tx, bookId, rows);
    for (const row of rows) {
      const fee = schedules.get(keyOf(row))?.fees.find(({ code }) => code === row.code);
      const assessment = fee && assess(fee, factsOf(row.facts));
      const stored = {
        amount: String(row.feeMinor),
        tax: String(row.taxMinor),
        notCharged: row.notCharged,
        paid: row.paidMinor === null ? null : String(row.paidMinor),
        earlier: row.eventNumber === null ? null : row.eventNumber - 1,
      };
      const expected = assessment && {
        amount: String(assessment.charge.feeMinor),
        tax: String(assessment.charge.taxMinor),
        notCharged: notChargedOf(assessment) ?? null,
        paid: row.facts.amountMinor ?? null,
        earlier: row.facts.earlierThisMonth ?? null,
      };
      if (JSON.stringify(stored) !== JSON.stringify(expected)) return { feeId: row.id, stored, expected };
    }
    after = rows.at(-1)?.id;
  }
  assert(false, 'the pages of fees end');
}

/** The law that every fee follows from its terms, on one snapshot of the books while they are in use. */
export async function verifyFees(db: Db, bookId: number): Promise<LawResult> {
  const found = await inTransaction(db, (tx) => findDifference(tx, bookId), { readOnlySnapshot: true });
  return { name: FEE_LAW, brokenBy: found === undefined ? undefined : JSON.stringify(found) };
}
