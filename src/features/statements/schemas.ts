import { type Static, Type } from 'typebox';
import { IssuingBankSchema } from '#features/books/contract.ts';
import { AccountLineSchema } from '#features/transactions/contract.ts';
import { choice, currency, date, id, instant, list, signedAmount, text, whole } from '#http/fields.ts';
import { numberParam } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { closedObject, described, nullable, requestObject, resource, typeIdSchema } from '#http/schemas.ts';
import { storedHead } from './document.ts';
import { StatementInterestSchema } from './interest-schemas.ts';
import { KEPT_FIELDS, type StoredStatement } from './statement.ts';

const NUMBERED_FORMATS = ['json', 'csv', 'csv_semicolon', 'pdf', 'camt053', 'mt940', 'ofx', 'ofx1'] as const;
const PERIOD_FORMATS = [...NUMBERED_FORMATS, 'camt052', 'camt054'] as const;
export type StatementFormat = (typeof PERIOD_FORMATS)[number];

const NumberedFormat = choice(
  'NumberedStatementFormat',
  'The format; `json` if not given. `csv_semicolon`: with semicolons and decimal commas, for spreadsheets. `ofx1`: OFX 1.0.3.',
  NUMBERED_FORMATS,
);
const PeriodFormat = choice(
  'AccountStatementFormat',
  'The format; `json` if not given. `camt052`: a report of a day that goes on. `camt054`: what came in, without balances.',
  PERIOD_FORMATS,
);

export const PeriodStatementQuery = closedObject({
  from: Type.Optional(date('The first business date; from the first line if not given.')),
  to: Type.Optional(date('The last business date; to the last line if not given.')),
  format: Type.Optional(PeriodFormat),
});
export const NumberedStatementQuery = closedObject({ format: Type.Optional(NumberedFormat) });
export const ListStatementsQuery = pageQuery({});

export const StatementParams = Type.Object({
  id: typeIdSchema('account'),
  number: numberParam('The number of the statement.', '3'),
});

export const MakeStatementRequest = requestObject(
  'MakeStatementRequest',
  'Up to when the next statement of an account goes.',
  { to: Type.Optional(date('The last business date, a closed one; the last closed date if not given.')) },
);

const IBAN = 'DE88100100101000000001';

const head = {
  accountId: id('account', 'The account.'),
  currency: currency('The currency of the amounts.'),
  openingBalance: signedAmount('The balance before the first line.'),
  closingBalance: signedAmount('The balance after the last line.'),
};

export const StatementSummarySchema = resource(
  'StatementSummary',
  'A numbered statement of an account, without its lines. It never changes.',
  {
    id: id('statement', 'The id.'),
    number: whole('1, 2, 3, … of the account, without a gap.', 3),
    ...head,
    from: date('The first business date: the day after the statement before.'),
    to: date('The last business date.'),
    lineCount: whole('How many lines it has.', 12),
    madeAt: instant('When it was made.'),
  },
);
export type StatementSummaryView = Static<typeof StatementSummarySchema>;

export function summaryView(statement: StoredStatement): StatementSummaryView {
  const { id, number, accountId, openingBalance, closingBalance, madeAt } = storedHead(statement);
  return {
    id: id ?? '',
    number: number ?? 0,
    accountId,
    currency: statement.currency,
    openingBalance,
    closingBalance,
    from: statement.from,
    to: statement.to,
    lineCount: Number(statement.lastSeq - statement.seqBefore),
    madeAt,
  };
}

/** What a line says permanently. */
const StatementLineSchema = resource(
  'StatementLine',
  'A line of a statement: what it says permanently.',
  Type.Pick(AccountLineSchema, KEPT_FIELDS).properties,
);

const Totals = resource('StatementTotals', 'What the lines come to.', {
  credits: signedAmount('All that came in.'),
  debits: signedAmount('All that went out, above zero.'),
  interestEarned: signedAmount('Interest that was earned, less what corrections took of it.'),
  interestCharged: signedAmount('Interest that was charged, less what corrections gave back.'),
  fees: signedAmount('Of that which went out, fees, less what was given back.'),
  feeTaxes: signedAmount('Of that which went out, taxes on fees, less what was given back.'),
  taxes: signedAmount('Of that which went out, taxes on interest.'),
});

export const AccountStatementSchema = resource(
  'AccountStatement',
  'The lines of an account in a period, between two balances.',
  {
    id: nullable(id('statement', 'The id; null where it is not a numbered one.')),
    number: nullable(whole('The number; null where it is not a numbered one.', 3)),
    ...head,
    accountNumber: text('The number of the account.', '1000000001'),
    iban: nullable(text('Its IBAN; null in a country without IBANs.', IBAN)),
    product: text('The name of its product.', 'Current account EUR'),
    bank: described(IssuingBankSchema, 'The bank.'),
    holders: list('The names of the owner and of joint holders.', text('A name.', 'Anna Sommer')),
    address: list('The address of the owner, line by line.', text('A line.', '1 Quay Street')),
    from: nullable(date('The first business date; null for the first line.')),
    to: nullable(date('The last business date; null for the last line.')),
    madeAt: instant('When it was made.'),
    lines: list('The lines, the oldest first.', StatementLineSchema),
    totals: Totals,
    interest: StatementInterestSchema,
  },
);
