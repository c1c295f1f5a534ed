/** What the API answers. */
import type { Static } from 'typebox';
import type { TrialBalanceSchema } from '../../../src/features/accounting/schemas.ts';
import type { auditProofView } from '../../../src/features/audit/proof-schemas.ts';
import type { EndOfDayProgressSchema } from '../../../src/features/end-of-day/schemas.ts';

export type { AccountView as Account } from '../../../src/features/accounts/schemas.ts';
export type { AuditEntryView as AuditRow } from '../../../src/features/audit/schemas.ts';
export type { BankView as Bank } from '../../../src/features/books/schemas.ts';
export type { TodayView as BusinessDate } from '../../../src/features/calendar/schemas.ts';
export type { CustomerView as Customer } from '../../../src/features/customers/schemas.ts';
export type {
  EndOfDayView as EndOfDay,
  RunView as DayRun,
} from '../../../src/features/end-of-day/schemas.ts';
export type { HoldView as Hold } from '../../../src/features/holds/schemas.ts';
export type { QuoteView as LoanQuote } from '../../../src/features/loans/products/quote-schemas.ts';
export type { PortfolioView as Portfolio } from '../../../src/features/loans/reports/schemas.ts';
export type { LoanScheduleView as LoanSchedule } from '../../../src/features/loans/schedule-schemas.ts';
export type { LoanView as Loan } from '../../../src/features/loans/schemas.ts';
export type {
  IncomingView as IncomingPayment,
  OutgoingView as OutgoingPayment,
} from '../../../src/features/payments/schemas.ts';
export type { ProductView as Product } from '../../../src/features/products/schemas.ts';
export type {
  LineView as AccountLine,
  TransactionView as Transaction,
} from '../../../src/features/transactions/schemas.ts';
export type { OwnUserView as User } from '../../../src/identity/users/schemas.ts';

export type AuditProof = ReturnType<typeof auditProofView>;
export type DayProgress = Static<typeof EndOfDayProgressSchema>;
export type TrialBalance = Static<typeof TrialBalanceSchema>;

/** A page of a list. */
export type Page<Item> = { readonly data: readonly Item[]; readonly nextCursor: string | null };

export type Tokens = {
  readonly accessToken: string;
  /** Seconds from now. */
  readonly expiresIn: number;
  readonly restriction: 'password_change' | 'second_factor' | null;
};
