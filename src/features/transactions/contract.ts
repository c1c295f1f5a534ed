export { cashCode } from './cash-code.ts';
export { TRANSACTION_LAWS } from './laws.ts';
export type { Answer, CashRequest, TransactionService, TransferRequest } from './service.ts';
export { storeTransactionRows } from './store-rows.ts';
export type { PaymentMode, TransactionMode, TransactionRow, TransactionType } from './transaction.ts';
export { lineView, transactionView } from './view.ts';
