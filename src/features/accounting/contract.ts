// The trial balance: the bank’s own view of its books.

export type { AccountingService } from './service.ts';
export { trialBalanceView } from './view.ts';
