import { type Static, Type } from 'typebox';
import { choice, currency, date, id, list, signedAmount, text } from '#http/fields.ts';
import { jsonOrFile } from '#http/file-answers.ts';
import { pageQuery } from '#http/pagination.ts';
import { nullable, pageSchema, resource } from '#http/schemas.ts';
import { toJournalEntryId, toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { GlAccount } from '../chart/gl-account.ts';
import type { GlAccountLine } from './service.ts';

export const GlAccountLinesQuery = pageQuery({
  currency: Type.Optional(
    currency('The currency; that of the bank if not given, or the only one of the line.'),
  ),
  from: Type.Optional(date('That count on this date or later.')),
  to: Type.Optional(date('That count on this date or earlier.')),
  format: Type.Optional(
    choice('GlAccountLinesFormat', 'The format; `json` if not given. A file has no pages.', [
      'json',
      'csv',
      'pdf',
    ]),
  ),
});

const GlAccountLineSchema = resource(
  'GlAccountLine',
  'What an entry moved on a line of the chart, and the balance after it.',
  {
    entryId: id('journalEntry', 'The entry (`GET /v1/accounting/journal-entries/{id}`).'),
    date: date('The date on which it counts in the books.'),
    kind: text('`journal` if it was booked by hand, else what it is of.', 'deposit'),
    currency: currency('The currency of the amounts.'),
    debit: signedAmount('What it debited.'),
    credit: signedAmount('What it credited.'),
    balance: signedAmount(
      'The balance after it: debits less credits of assets and expenses, credits less debits of the others.',
    ),
    contra: list(
      'The other lines of the chart that it posted to, by code.',
      text('The code of a line.', '2000'),
    ),
    reason: nullable(text('Why it was made; null if nobody made it by hand.', 'Rent of the branch, January')),
    createdBy: text('Who booked it.', 'usr_01h455vb4pex5vsknk084sn02q'),
  },
);
export type GlAccountLineView = Static<typeof GlAccountLineSchema>;

/** For `response` of the route. */
export const glAccountLinesAnswer = jsonOrFile(pageSchema(GlAccountLineSchema), 'The lines.', {
  csv: 'UTF-8, one row a line, between the balances before and after.',
  pdf: 'One or more pages.',
});

/** A balance (credits less debits) as it is shown on a line of a class. */
export function shownBalance(accountClass: GlAccount['class'], balanceMinor: bigint): bigint {
  return accountClass === 'asset' || accountClass === 'expense' ? -balanceMinor : balanceMinor;
}

export function glAccountLineView(accountClass: GlAccount['class'], line: GlAccountLine): GlAccountLineView {
  const { entryId, debitMinor, creditMinor, balanceMinor, actor, contra, ...rest } = line;
  return {
    ...rest,
    entryId: toTypeId('journalEntry', toJournalEntryId(entryId)),
    debit: formatAmount(debitMinor, line.currency),
    credit: formatAmount(creditMinor, line.currency),
    balance: formatAmount(shownBalance(accountClass, balanceMinor), line.currency),
    contra: [...contra],
    createdBy: actor,
  };
}
