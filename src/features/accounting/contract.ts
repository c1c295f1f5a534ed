// Accounting: the bank’s own books: its chart of accounts and what they come to.

export { ACCOUNTING_LAWS } from './laws.ts';
export { hasPeriodClosedFrom } from './periods/dated-after.ts';
export { SHEET_LAWS } from './sheet-laws.ts';
