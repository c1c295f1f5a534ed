import { stringify } from 'csv-stringify/sync';
import { spreadsheetText } from '#lib/spreadsheet-text.ts';
import type { PartsView } from '../schemas.ts';
import type { LoanStatementView } from './schemas.ts';

const COLUMNS = [
  'number',
  'date',
  'businessDate',
  'type',
  'instalment',
  'amount',
  'currency',
  'principal',
  'interest',
  'fees',
  'penalties',
  'owedPrincipal',
  'owedInterest',
  'owedFees',
  'owedPenalties',
  'owedTotal',
  'transactionId',
  'reason',
  'valueDate',
  'change',
  'customerReason',
] as const;

type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string | number | null>>>;

/** A statement as CSV (RFC 4180): a row for each line, between two rows with the debt before and after. */
export function loanStatementCsv({ loan, from, to, opening, closing, lines }: LoanStatementView): string {
  const { currency } = loan;
  const rows: Row[] = [
    { type: 'opening', date: from, currency, ...owed(opening) },
    ...lines.map(({ outstanding, change, reason, customerReason, ...line }): Row => {
      const row = { ...line, currency, ...owed(outstanding), change: change.total };
      return {
        ...row,
        reason: spreadsheetText(reason),
        customerReason: spreadsheetText(customerReason),
      };
    }),
    { type: 'closing', date: to, currency, ...owed(closing) },
  ];
  return stringify(rows, { header: true, columns: [...COLUMNS] });
}

function owed({ principal, interest, fees, penalties, total }: PartsView): Row {
  return {
    owedPrincipal: principal,
    owedInterest: interest,
    owedFees: fees,
    owedPenalties: penalties,
    owedTotal: total,
  };
}
