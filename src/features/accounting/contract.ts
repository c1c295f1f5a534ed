// Accounting: the bank’s own books: its chart of accounts and what they come to.

export { ACCOUNTING_LAWS } from './laws.ts';
export { hasPeriodClosedFrom } from './periods/dated-after.ts';
export { POSITION_LAWS } from './positions/laws.ts';
export { findEquivalents, openEquivalent } from './positions/repository.ts';
export { revaluePositions } from './positions/revalue.ts';
export { SHEET_LAWS } from './sheet-laws.ts';
