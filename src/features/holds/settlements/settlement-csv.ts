import { stringify } from 'csv-stringify/sync';
import { spreadsheetText } from '#lib/spreadsheet-text.ts';
import { itemView } from './schemas.ts';
import type { CaptureItem } from './settlement.ts';

const COLUMNS = [
  'transactionId',
  'kind',
  'amount',
  'currency',
  'businessDate',
  'reverses',
  'holdId',
  'accountId',
  'reference',
];

/** What was settled as CSV (RFC 4180), one row for each. */
export function settlementCsv(items: readonly CaptureItem[]): string {
  const rows = items.map((item) => {
    const view = itemView(item);
    return { ...view, reference: spreadsheetText(view.reference) };
  });
  return stringify(rows, { header: true, columns: COLUMNS });
}
