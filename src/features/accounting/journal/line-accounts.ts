import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import type { InternalAccount, PostingDraft } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import { openInternalAccounts, selectKeptCurrencies } from '#ledger/internal-accounts.ts';
import { assert } from '#lib/assert.ts';
import type { FieldError } from '#lib/errors.ts';
import type { InternalAccountId } from '#lib/ids.ts';
import type { GlAccount } from '../chart/gl-account.ts';
import { shareLines } from '../chart/repository.ts';
import { accountingError } from '../errors.ts';
import type { EntryLine, LinePair } from './journal-entry.ts';
import { findLineAccounts } from './repository.ts';

/**
 * Locks the lines of the chart that an entry by hand names (shared), and holds it to them. Throws 422
 * `unknown_gl_account`, `gl_control_line`, `gl_account_not_manual`, with the lines of the entry that they are about.
 */
export async function assertManualLines(tx: Tx, bookId: number, lines: readonly EntryLine[]): Promise<void> {
  const codes = [...new Set(lines.map(({ glCode }) => glCode))];
  const found = new Map((await shareLines(tx, bookId, codes)).map((line) => [line.code, line]));
  const fieldsOf = (code: string, message: string): FieldError[] =>
    lines.flatMap(({ glCode }, index) =>
      glCode === code ? [{ path: `lines[${index}].glAccount`, message }] : [],
    );
  for (const code of codes) {
    const line = found.get(code);
    if (line === undefined) {
      throw accountingError('unknown_gl_account', {
        code,
        fields: fieldsOf(code, 'is not a line of the chart'),
      });
    }
    if (line.control) {
      throw accountingError('gl_control_line', { code, fields: fieldsOf(code, 'is a control line') });
    }
    const why = closedFor(line);
    if (why !== undefined) {
      throw accountingError('gl_account_not_manual', { code, why, fields: fieldsOf(code, why) });
    }
  }
}

function closedFor({ isGroup, retired, manualPosting }: GlAccount): string | undefined {
  if (isGroup) return 'is a group';
  if (retired) return 'is retired';
  return manualPosting ? undefined : 'is not posted to by hand';
}

/**
 * The postings of pairs of lines of the chart. A line gets its ledger account in a currency when it is first needed.
 * Throws 422 `currency_mismatch` for a currency that the book does not keep. Another process may open the same ledger
 * account first: `ledger_accounts_internal` is violated, and the work runs again.
 */
export async function draftPairs(
  tx: Tx,
  { bookId, ids }: Pick<Context, 'bookId' | 'ids'>,
  pairs: readonly LinePair[],
): Promise<PostingDraft[]> {
  const kept = await selectKeptCurrencies(tx, bookId);
  const strange = pairs.find(({ currency }) => !kept.has(currency));
  if (strange !== undefined) throw ledgerError('currency_mismatch');
  const sides = pairs.flatMap(({ debit, credit, currency }) => [
    { glCode: debit, currency },
    { glCode: credit, currency },
  ]);
  const wanted = new Map(sides.map((side) => [side.glCode + side.currency, side]));
  const codes = [...new Set(sides.map(({ glCode }) => glCode))];
  const found = await findLineAccounts(tx, bookId, codes, [
    ...new Set(sides.map(({ currency }) => currency)),
  ]);
  const accounts = new Map(found.map((account) => [account.glCode + account.currency, account]));
  const opened: InternalAccount[] = [...wanted]
    .filter(([key]) => !accounts.has(key))
    .map(([, side]) => ({ id: ids.next() as InternalAccountId, ...side }));
  await openInternalAccounts(tx, bookId, opened);
  for (const account of opened) accounts.set(account.glCode + account.currency, account);
  const accountOf = (glCode: string, currency: string): InternalAccount => {
    const account = accounts.get(glCode + currency);
    assert(account !== undefined, 'every line of the entry has its ledger account');
    return account;
  };
  return pairs.map(({ debit, credit, amountMinor, currency }) => ({
    debit: accountOf(debit, currency),
    credit: accountOf(credit, currency),
    amountMinor,
    currency,
  }));
}
