import { textArray, uuidArray } from '#db/binary-array.ts';
import {
  bigints,
  bulkInsert,
  bulkUpdate,
  dates,
  integers,
  jsons,
  recordSet,
  texts,
  uuids,
} from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import { type AnyTx, run } from '#db/session.ts';
import type { PostingDraft } from '#ledger/entry.ts';
import type { AccountId, FeeId, InternalAccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { AccountFee } from './account-fee.ts';
import { factsText } from './facts-text.ts';

const insertRows = bulkInsert('account_fees').of<AccountFee>({
  fee_id: uuids(({ id }) => id),
  account_id: uuids(({ accountId }) => accountId),
  product_code: texts(({ product }) => product),
  currency: texts(({ currency }) => currency),
  terms_version: integers(({ termsVersion }) => termsVersion),
  fee_code: texts(({ code }) => code),
  name: texts(({ name }) => name),
  tax_name: texts(({ taxName }) => taxName),
  event: texts(({ event }) => event),
  business_date: dates(({ businessDate }) => businessDate),
  month_on: dates(({ monthOn }) => monthOn),
  event_number: integers(({ eventNumber }) => eventNumber),
  due_on: dates(({ dueOn }) => dueOn),
  payment_entry_id: uuids(({ paymentEntryId }) => paymentEntryId),
  about: texts(({ about }) => about),
  facts: jsons(({ facts }) => factsText(facts)),
  fee_minor: bigints(({ feeMinor }) => feeMinor),
  tax_minor: bigints(({ taxMinor }) => taxMinor),
  status: texts(({ status }) => status),
  not_charged: texts(({ notCharged }) => notCharged),
  entry_id: uuids(({ entryId }) => entryId),
});

/** A line of the journal that charged a fee or its tax, or gave it back. */
export type FeeLine = {
  readonly entryId: TransactionId;
  readonly line: number;
  readonly feeId: FeeId;
  readonly part: 'fee' | 'tax';
};

const insertLines = bulkInsert('fee_lines').of<FeeLine>({
  entry_id: uuids(({ entryId }) => entryId),
  line: integers(({ line }) => line),
  fee_id: uuids(({ feeId }) => feeId),
  part: texts(({ part }) => part),
});

/** Stores fees, and the lines of entries that this transaction has written before. */
export async function insertFees(
  tx: AnyTx,
  bookId: number,
  fees: readonly AccountFee[],
  lines: readonly FeeLine[],
): Promise<void> {
  if (fees.length === 0 && lines.length === 0) return;
  await Promise.all([
    insertRows(tx, { book_id: bookId }, fees),
    insertLines(tx, { book_id: bookId }, lines),
    fees.length === 0
      ? undefined
      : noteChanged(
          tx,
          bookId,
          'account_fees',
          fees.map(({ id }) => id),
        ),
  ]);
}

/** The new state of a fee: who decided it, and by which entry. */
export type FeeChange = {
  readonly id: FeeId;
  readonly from: 'due' | 'charged';
  readonly to: 'charged' | 'waived' | 'refunded';
  readonly entryId?: TransactionId | undefined;
  readonly refundEntryId?: TransactionId | undefined;
  readonly decidedBy?: string | undefined;
  readonly reason?: string | undefined;
  readonly customerReason?: string | undefined;
};

const change = {
  key: { fee_id: uuids(({ id }: FeeChange) => id), status: texts(({ from }: FeeChange) => from) },
  set: { status: texts(({ to }: FeeChange) => to) },
};
const collect = bulkUpdate('account_fees').of<FeeChange>({
  ...change,
  set: { ...change.set, entry_id: uuids(({ entryId }: FeeChange) => entryId) },
});
const decide = bulkUpdate('account_fees', { same: ['decided_at'] }).of<FeeChange>({
  ...change,
  set: {
    ...change.set,
    refund_entry_id: uuids(({ refundEntryId }: FeeChange) => refundEntryId),
    decided_by: texts(({ decidedBy }: FeeChange) => decidedBy),
    reason: texts(({ reason }: FeeChange) => reason),
    customer_reason: texts(({ customerReason }: FeeChange) => customerReason),
  },
});

/** Changes fees that this transaction has locked. */
export async function changeFees(
  tx: AnyTx,
  bookId: number,
  changes: readonly FeeChange[],
  nowMs: number,
): Promise<void> {
  if (changes.length === 0) return;
  await Promise.all([
    collect(
      tx,
      { book_id: bookId },
      changes.filter(({ to }) => to === 'charged'),
    ),
    decide(
      tx,
      { book_id: bookId, decided_at: toIsoInstant(nowMs) },
      changes.filter(({ to }) => to !== 'charged'),
    ),
    noteChanged(
      tx,
      bookId,
      'account_fees',
      changes.map(({ id }) => id),
    ),
  ]);
}

/** How many events of a fee an account has had in a month, by `countKey`. */
export const countKey = (accountId: AccountId, code: string): string => `${accountId} ${code}`;

type Counted = { readonly accountId: AccountId; readonly code: string };
const COUNTED = recordSet<Counted>(
  {
    account_id: uuids(({ accountId }) => accountId),
    fee_code: texts(({ code }) => code),
  },
  3,
);

const COUNTS = `
  select r.account_id as "accountId", r.fee_code as "code", last.event_number as "count"
  from ${COUNTED.from}
  cross join lateral (
    select f.event_number from account_fees f
    where f.book_id = $1 and f.account_id = r.account_id and f.fee_code = r.fee_code and f.month_on = $2::date
      and f.event_number is not null
    order by f.event_number desc limit 1
  ) as last`;

/** Exact while the accounts are locked. */
export async function countEvents(
  tx: AnyTx,
  bookId: number,
  monthOn: IsoDate,
  wanted: readonly Counted[],
): Promise<Map<string, number>> {
  if (wanted.length === 0) return new Map();
  const { rows } = await run<Counted & { readonly count: number }>(tx, COUNTS, [
    bookId,
    monthOn,
    ...COUNTED.values(wanted),
  ]);
  return new Map(rows.map(({ accountId, code, count }) => [countKey(accountId, code), count]));
}

/** A fee that may be given back or waived with its payment, and a line that charged it. */
export type FeeOfPayment = {
  readonly id: FeeId;
  readonly accountId: AccountId;
  readonly status: 'due' | 'charged';
  readonly currency: Currency;
  readonly paymentEntryId: TransactionId;
  readonly part: 'fee' | 'tax' | null;
  readonly amountMinor: bigint | null;
  readonly glId: InternalAccountId;
  readonly glCode: string;
};

const lockBy = (condition: string): string => `
  select f.fee_id as "id", f.account_id as "accountId", f.status, f.currency,
    f.payment_entry_id as "paymentEntryId", l.part, p.amount_minor as "amountMinor",
    p.credit_account_id as "glId", g.gl_code as "glCode"
  from account_fees f
  left join fee_lines l on l.book_id = $1 and l.fee_id = f.fee_id and l.entry_id = f.entry_id
  left join postings p on p.book_id = $1 and p.entry_id = l.entry_id and p.line = l.line
  left join ledger_accounts g on g.book_id = $1 and g.ledger_account_id = p.credit_account_id
  where f.book_id = $1 and ${condition} and f.status = any($3::text[])
  order by f.fee_id, l.line
  for no key update of f`;
const LOCK_OF_PAYMENTS = lockBy('f.payment_entry_id = any($2::uuid[])');
const LOCK_FEES = lockBy('f.fee_id = any($2::uuid[])');

/** Locks what payments cost, before any ledger account, by ascending id. */
export function lockFeesOfPayments(
  tx: AnyTx,
  bookId: number,
  paymentIds: readonly TransactionId[],
): Promise<FeeOfPayment[]> {
  return lockOpenFees(tx, bookId, LOCK_OF_PAYMENTS, paymentIds);
}

/** Locks fees with the lines that charged them, as lockFeesOfPayments does. */
export function lockFees(tx: AnyTx, bookId: number, ids: readonly FeeId[]): Promise<FeeOfPayment[]> {
  return lockOpenFees(tx, bookId, LOCK_FEES, ids);
}

async function lockOpenFees(
  tx: AnyTx,
  bookId: number,
  text: string,
  ids: readonly (FeeId | TransactionId)[],
): Promise<FeeOfPayment[]> {
  if (ids.length === 0) return [];
  const open = textArray(['due', 'charged']);
  const { rows } = await run<FeeOfPayment>(tx, text, [bookId, uuidArray(ids), open]);
  return [...rows];
}

/** The line that gives back what one charged; none of a fee that is only due. */
export function givenBack({ accountId, amountMinor, currency, glId, glCode }: FeeOfPayment): PostingDraft[] {
  if (amountMinor === null) return [];
  return [{ debit: { id: glId, glCode, currency }, credit: accountId, amountMinor, currency }];
}
