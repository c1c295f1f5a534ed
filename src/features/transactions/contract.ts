// Transactions: deposits, withdrawals, transfers, batches, reversals and account statements.

export { bankReference } from './bank-reference.ts';
export { payOutClosing } from './closing-payout.ts';
export { MovementFlights } from './flight-rules.ts';
export { hideDeletedAccount } from './hide-deleted-account.ts';
export { TRANSACTION_LAWS } from './laws.ts';
export type { LineRange } from './lines.ts';
export { listLinesInRanges } from './lines.ts';
export type { TransferMovement } from './movement.ts';
export { draftMovement } from './movement.ts';
export { payeeOf } from './payee-schemas.ts';
export { chargesOf } from './payment-charges.ts';
export { openPaymentGuard } from './payment-guard.ts';
export { requireRoute, resolvePayees } from './resolve-payees.ts';
export type { LineView } from './schemas.ts';
export { AccountLineSchema, lineView, transactionView } from './schemas.ts';
export type { Answer, CashRequest } from './service.ts';
export type { Statement, StatementPeriod } from './statement.ts';
export { openStatement, statementView } from './statement.ts';
export type { MovementRow } from './store-movements.ts';
export { storeMovements } from './store-movements.ts';
export { storeTransactionRows } from './store-rows.ts';
export type {
  LineType,
  PaymentMode,
  TransactionMode,
  TransactionRow,
  TransactionType,
} from './transaction.ts';
export { PAYMENT_MODES, TRANSACTION_TYPES } from './transaction.ts';
export { assertNearToday } from './value-dates.ts';
