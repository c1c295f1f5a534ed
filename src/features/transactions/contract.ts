export { cashCode } from './cash-code.ts';
export { TRANSACTION_LAWS } from './laws.ts';
export type { Answer, CashRequest, TransactionService, TransferRequest } from './service.ts';
export type { Statement, StatementView } from './statement.ts';
export { openStatement, statementView } from './statement.ts';
export { storeTransactionRows } from './store-rows.ts';
export type { PaymentMode, TransactionMode, TransactionRow, TransactionType } from './transaction.ts';
export { PAYMENT_MODES, TRANSACTION_TYPES } from './transaction.ts';
export { lineView, transactionView } from './view.ts';
