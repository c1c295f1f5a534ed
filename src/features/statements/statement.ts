import type { IssuingBankView } from '#features/books/contract.ts';
import type { LineView } from '#features/transactions/contract.ts';
import type { AccountId, CustomerId, StatementId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Lines a page: large enough that the round trip does not count, small beside everything else in memory. */
const PAGE_LINES = 1_000;

/** Whom and what a statement is for, as of when it was made. */
export type StatementHead = {
  readonly bank: IssuingBankView;
  readonly number: string;
  readonly iban: string | null;
  readonly product: string;
  /** The owner first, then those who hold the account with it. */
  readonly holders: readonly string[];
  /** Of the owner, line by line; none where the bank knows none. */
  readonly address: readonly string[];
};

/** A statement without its lines. Amounts in minor units; both dates are included. */
export type StoredStatement = {
  readonly id: StatementId;
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly number: number;
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly seqBefore: bigint;
  readonly lastSeq: bigint;
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  readonly head: StatementHead;
  readonly actor: string;
  readonly madeAt: Date;
};

/** The next statement of an account, before it is made. */
export type DueStatement = Omit<StoredStatement, 'id' | 'actor' | 'madeAt'> & {
  readonly ownerId: CustomerId;
};

/** What a line says permanently. What may change after it was booked, and what is for staff alone, is not kept. */
export const KEPT_FIELDS = [
  'id',
  'type',
  'mode',
  'amount',
  'balanceAfter',
  'counterpartyAccountId',
  'counterparty',
  'payerName',
  'description',
  'reference',
  'purpose',
  'externalId',
  'metadata',
  'reverses',
  'businessDate',
  'valueDate',
  'createdAt',
] as const;
export type StatementLine = Pick<LineView, (typeof KEPT_FIELDS)[number]>;

/** The line as it is kept. */
export function keptLine(line: LineView): StatementLine {
  return Object.fromEntries(KEPT_FIELDS.map((field) => [field, line[field]])) as StatementLine;
}

/** A piece of the lines of a statement: what one page has. */
export type PageRange = { readonly number: number; readonly seqBefore: bigint; readonly lastSeq: bigint };

/** The pages after a sequence number, at most a number of lines of them. */
export function pagesAfter(
  { seqBefore, lastSeq }: Pick<StoredStatement, 'seqBefore' | 'lastSeq'>,
  doneSeq: bigint,
  maxLines: number,
): PageRange[] {
  const pages: PageRange[] = [];
  const size = BigInt(PAGE_LINES);
  let seq = doneSeq;
  while (seq < lastSeq && seq - doneSeq < BigInt(maxLines)) {
    const end = lastSeq - seq < size ? lastSeq : seq + size;
    pages.push({ number: Number((seq - seqBefore) / size) + 1, seqBefore: seq, lastSeq: end });
    seq = end;
  }
  return pages;
}
