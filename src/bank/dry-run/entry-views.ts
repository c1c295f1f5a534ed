import type { LedgerSide, PostedEntry, PostedSide, Posting } from '#ledger/entry.ts';
import { type AccountId, toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { DryRunView } from './schemas.ts';

type EntryView = DryRunView['entries'][number];
type LineView = EntryView['lines'][number];

/** What the caller may see of an entry: the balances of these accounts, and the lines of the chart or not. */
export type Sight = { readonly accounts: ReadonlySet<AccountId>; readonly seesChart: boolean };

export function entryView({ kind, businessDate, valueDate, postings }: PostedEntry, sight: Sight): EntryView {
  const lines = postings.flatMap((posting) => [
    lineView('debit', posting.debit, posting.debitAfter, posting, sight),
    lineView('credit', posting.credit, posting.creditAfter, posting, sight),
  ]);
  return { kind, businessDate, valueDate, lines };
}

function lineView(
  side: LineView['side'],
  account: LedgerSide,
  after: PostedSide | undefined,
  { amountMinor, currency }: Posting,
  { accounts, seesChart }: Sight,
): LineView {
  const ofCustomer = typeof account === 'string' ? account : undefined;
  const isSeen = ofCustomer !== undefined && accounts.has(ofCustomer);
  const minor = isSeen ? after?.balanceMinor : undefined;
  const change = side === 'debit' ? -amountMinor : amountMinor;
  const shown = (value: bigint | undefined): string | null =>
    value === undefined ? null : formatAmount(value, currency);
  return {
    side,
    accountId: ofCustomer === undefined ? null : toTypeId('account', ofCustomer),
    glAccount: typeof account === 'string' || !seesChart ? null : account.glCode,
    amount: formatAmount(amountMinor, currency),
    currency,
    balanceBefore: shown(minor === undefined ? undefined : minor - change),
    balanceAfter: shown(minor),
  };
}

/** The accounts of customers that entries touch, each once. */
export function accountsIn(entries: readonly PostedEntry[]): AccountId[] {
  const sides = entries.flatMap(({ postings }) => postings.flatMap(({ debit, credit }) => [debit, credit]));
  return [...new Set(sides.filter((side) => typeof side === 'string'))];
}
