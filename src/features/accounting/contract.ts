export type { AccountingService } from './service.ts';
export { trialBalanceView } from './view.ts';
