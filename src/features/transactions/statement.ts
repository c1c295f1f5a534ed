import type { Context } from '#db/context.ts';
import { accountFor, type StoredAccount } from '#features/accounts/contract.ts';
import { type Bank, type IssuingBankView, issuingBankView, selectBank } from '#features/books/contract.ts';
import { selectBalanceAt, selectSeqAsOf } from '#ledger/balances.ts';
import { assert } from '#lib/assert.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { type AccountId, type CustomerId, toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { addDays, type IsoDate, isoDate } from '#lib/time/dates.ts';
import { type AccountLine, listAccountLines } from './lines.ts';

/** Lines in memory at once: large enough that the round trip does not count, small beside everything else. */
const PAGE_LINES = 1_000n;

/** The last date there is: until now, since nothing is booked ahead. */
const LAST_DATE = isoDate('9999-12-31');

/** Business dates, both included; from the first line and to the last where they are not given. */
export type StatementPeriod = { readonly from?: IsoDate | undefined; readonly to?: IsoDate | undefined };

/** The lines of an account in a period, between two balances (minor units): opening + Σ lines = closing. */
export type Statement = StatementPeriod & {
  readonly account: StoredAccount;
  readonly bank: Bank;
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  readonly lineCount: bigint;
  /** The numbers of the line before the first one, and of the last one. */
  readonly seqBefore: bigint;
  readonly lastSeq: bigint;
  /** Oldest first, in pages of at most 1,000 lines. What is booked in the meantime is not among them. */
  readonly pages: () => AsyncGenerator<readonly AccountLine[], void>;
};

/**
 * Opens a statement of any length: which lines belong to it is decided now, and they never change; they are read
 * when they are asked for. Takes no locks. Throws 404 `not_found`.
 */
export async function openStatement(
  context: Context,
  caller: Caller,
  accountId: AccountId,
  { from, to }: StatementPeriod,
): Promise<Statement> {
  const { db, bookId } = context;
  const account = await accountFor(db, bookId, { caller, accountId }, 'see');
  const lastSeq = await selectSeqAsOf(db, bookId, accountId, { businessDate: to ?? LAST_DATE });
  const seqBefore =
    from === undefined ? 0n : await selectSeqAsOf(db, bookId, accountId, { businessDate: addDays(from, -1) });
  // A period that is still to come holds nothing, even if lines were booked between the two look-ups.
  const range = { seqBefore, lastSeq: lastSeq < seqBefore ? seqBefore : lastSeq };
  const openingMinor = await selectBalanceAt(db, bookId, accountId, range.seqBefore);
  const closingMinor = await selectBalanceAt(db, bookId, accountId, range.lastSeq);
  return {
    account,
    bank: await selectBank(db, bookId),
    from,
    to,
    openingMinor,
    closingMinor,
    lineCount: range.lastSeq - range.seqBefore,
    ...range,
    pages: () =>
      readPages(context, { accountId, seenBy: ownCustomerOf(caller) }, range, openingMinor, closingMinor),
  };
}

/**
 * Sequence numbers are gapless: the newest lines below a number are exactly those that come before it, so that
 * every page is one range of the index. Asserts that the lines lead from the one balance to the other.
 */
async function* readPages(
  { db, bookId }: Context,
  { accountId, seenBy }: { readonly accountId: AccountId; readonly seenBy: CustomerId | undefined },
  { seqBefore, lastSeq }: { readonly seqBefore: bigint; readonly lastSeq: bigint },
  openingMinor: bigint,
  closingMinor: bigint,
): AsyncGenerator<readonly AccountLine[], void> {
  let balanceMinor = openingMinor;
  let seq = seqBefore;
  while (seq < lastSeq) {
    const count = lastSeq - seq < PAGE_LINES ? lastSeq - seq : PAGE_LINES;
    const filter = { beforeSeq: seq + count + 1n, limit: Number(count), seenBy };
    const lines = (await listAccountLines(db, bookId, accountId, filter)).toReversed();
    for (const line of lines) {
      seq += 1n;
      balanceMinor += line.signedMinor;
      assert(line.seq === seq && line.balanceAfterMinor === balanceMinor, 'a statement has no gap');
    }
    assert(lines.length === Number(count), 'a statement has every line');
    yield lines;
  }
  assert(balanceMinor === closingMinor, 'a statement adds up');
}

/** All of a statement but its lines, as it is shown. Amounts in major units. */
export type StatementView = {
  bank: IssuingBankView;
  accountId: string;
  number: string;
  iban: string | null;
  currency: string;
  from: string | null;
  to: string | null;
  openingBalance: string;
  closingBalance: string;
};

export function statementView({
  account,
  bank,
  from,
  to,
  openingMinor,
  closingMinor,
}: Statement): StatementView {
  const { currency } = account;
  return {
    bank: issuingBankView(bank),
    accountId: toTypeId('account', account.id),
    number: account.number,
    iban: account.iban ?? null,
    currency,
    from: from ?? null,
    to: to ?? null,
    openingBalance: formatAmount(openingMinor, currency),
    closingBalance: formatAmount(closingMinor, currency),
  };
}
