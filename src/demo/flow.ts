import type { PaymentMode } from '#features/transactions/contract.ts';
import type { Recurrence } from './calendar.ts';

/** Money that comes or goes again and again, between two amounts in minor units (both included). */
export type Flow = {
  /** Which of the customer's accounts; the current one if not given. */
  readonly at?: AccountSuffix;
  readonly when: Recurrence;
  readonly minor: readonly [low: bigint, high: bigint];
  readonly text: string;
  /** What the reference begins with; the month follows. */
  readonly reference?: string;
} /** From and to other banks, or over the counter; online if no mode is given. */ & (
  | { readonly kind: 'in' | 'out'; readonly mode?: PaymentMode }
  /** To an account of this bank, by its key. */
  | { readonly kind: 'to'; readonly to: string }
);

/** A flow with the account that it comes to or goes from. */
export type AccountFlow = { readonly account: string; readonly flow: Flow };

/** What tells a customer's accounts apart. */
export type AccountSuffix = 'usd' | 'chf' | 'household';
