import type { PaymentMode } from '#features/transactions/contract.ts';
import type { Recurrence } from './calendar.ts';

/** Money that comes or goes again and again, between two amounts in minor units (both included). */
export type Flow = {
  readonly when: Recurrence;
  readonly minor: readonly [low: bigint, high: bigint];
  readonly text: string;
} & (
  | {
      /** From and to other banks, or over the counter. */
      readonly kind: 'in' | 'out';
      /** Online if not given. */
      readonly mode?: PaymentMode;
      /** Which of the customer's accounts; the current one if not given. */
      readonly at?: AccountSuffix;
    }
  | {
      /** To an account of this bank, named as `accounts.ts` says. */
      readonly kind: 'to';
      readonly to: string;
      readonly at?: AccountSuffix;
    }
);

/** What tells a customer's accounts apart. */
export type AccountSuffix = 'savings' | 'usd' | 'usd-savings' | 'chf' | 'household';
