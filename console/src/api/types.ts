/** What the API answers. */
export type { AccountView as Account } from '../../../src/features/accounts/schemas.ts';
export type { BankView as Bank } from '../../../src/features/books/schemas.ts';
export type { TodayView as BusinessDate } from '../../../src/features/calendar/schemas.ts';
export type { CustomerView as Customer } from '../../../src/features/customers/schemas.ts';
export type { HoldView as Hold } from '../../../src/features/holds/schemas.ts';
export type {
  LineView as AccountLine,
  TransactionView as Transaction,
} from '../../../src/features/transactions/schemas.ts';
export type { UserView as User } from '../../../src/identity/users/schemas.ts';

/** A page of a list. */
export type Page<Item> = { readonly data: readonly Item[]; readonly nextCursor: string | null };

export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds from now. */
  readonly expiresIn: number;
  readonly restriction: 'password_change' | 'second_factor' | null;
};
