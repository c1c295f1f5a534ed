import { ACCOUNTING_ERRORS } from '#features/accounting/errors.ts';
import { ACCOUNT_ERRORS } from '#features/accounts/errors.ts';
import { AUDIT_ERRORS } from '#features/audit/errors.ts';
import { AUTHORITY_ERRORS } from '#features/authority/errors.ts';
import { BENEFICIARY_ERRORS } from '#features/beneficiaries/errors.ts';
import { BOOK_ERRORS } from '#features/books/errors.ts';
import { CALENDAR_ERRORS } from '#features/calendar/errors.ts';
import { CHARGE_ERRORS } from '#features/charges/errors.ts';
import { CONVERSION_ERRORS } from '#features/conversions/errors.ts';
import { CUSTOMER_ERRORS } from '#features/customers/errors.ts';
import { DEPOSIT_ERRORS } from '#features/deposits/errors.ts';
import { END_OF_DAY_ERRORS } from '#features/end-of-day/errors.ts';
import { EXCHANGE_RATE_ERRORS } from '#features/exchange-rates/errors.ts';
import { HOLD_ERRORS } from '#features/holds/errors.ts';
import { INTEREST_ERRORS } from '#features/interest/errors.ts';
import { LOAN_ERRORS } from '#features/loans/errors.ts';
import { LOAN_PRODUCT_ERRORS } from '#features/loans/products/errors.ts';
import { SCHEDULE_ERRORS } from '#features/loans/schedule/errors.ts';
import { PAYMENT_ERRORS } from '#features/payments/errors.ts';
import { PRODUCT_ERRORS } from '#features/products/errors.ts';
import { REFERENCE_RATE_ERRORS } from '#features/reference-rates/errors.ts';
import { STANDING_ORDER_ERRORS } from '#features/standing-orders/errors.ts';
import { STATEMENT_ERRORS } from '#features/statements/errors.ts';
import { TRANSACTION_ERRORS } from '#features/transactions/errors.ts';
import { HTTP_ERRORS } from '#http/errors.ts';
import { API_KEY_ERRORS } from '#identity/api-keys/errors.ts';
import { TOKEN_ERRORS } from '#identity/tokens/errors.ts';
import { USER_ERRORS } from '#identity/users/errors.ts';
import { LEDGER_ERRORS } from '#ledger/errors.ts';
import { COMMON_ERRORS, type ErrorTable } from '#lib/errors.ts';

/** The tables of all modules whose errors the API answers. */
export const PROBLEM_TABLES: readonly ErrorTable[] = [
  COMMON_ERRORS,
  HTTP_ERRORS,
  LEDGER_ERRORS,
  ACCOUNT_ERRORS,
  ACCOUNTING_ERRORS,
  API_KEY_ERRORS,
  AUDIT_ERRORS,
  AUTHORITY_ERRORS,
  BENEFICIARY_ERRORS,
  BOOK_ERRORS,
  CALENDAR_ERRORS,
  CHARGE_ERRORS,
  CONVERSION_ERRORS,
  CUSTOMER_ERRORS,
  DEPOSIT_ERRORS,
  END_OF_DAY_ERRORS,
  EXCHANGE_RATE_ERRORS,
  HOLD_ERRORS,
  INTEREST_ERRORS,
  LOAN_ERRORS,
  LOAN_PRODUCT_ERRORS,
  PAYMENT_ERRORS,
  PRODUCT_ERRORS,
  REFERENCE_RATE_ERRORS,
  SCHEDULE_ERRORS,
  STANDING_ORDER_ERRORS,
  STATEMENT_ERRORS,
  TOKEN_ERRORS,
  TRANSACTION_ERRORS,
  USER_ERRORS,
];

/** Every problem that the API can answer, by its code. */
export const PROBLEMS: ErrorTable = Object.assign({}, ...PROBLEM_TABLES);
