import type { StandingOrderId, TransactionId } from '#lib/ids.ts';
import type { BusinessCalendar } from '#lib/time/business-calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** The first one, and one on each of the next two business days. */
const MAX_ATTEMPTS = 3;

/** What may be different on another day; everything else is as it is, and tried once. */
const WORTH_REPEATING: readonly string[] = [
  'insufficient_funds',
  'account_frozen',
  'account_dormant',
  'below_minimum_balance',
  'limit_exceeded',
  'beneficiary_cooling_off',
];

export const EXECUTION_STATUSES = ['paid', 'retrying', 'failed'] as const;

/** The outcome of a due date. */
export type Execution = {
  readonly standingOrderId: StandingOrderId;
  readonly dueOn: IsoDate;
  readonly status: (typeof EXECUTION_STATUSES)[number];
  readonly attempts: number;
  /** The date of the last attempt. */
  readonly attemptedOn: IsoDate;
  readonly nextAttemptOn: IsoDate | undefined;
  readonly failureCode: string | undefined;
  readonly transactionId: TransactionId | undefined;
};

/** What a payment may come to later: returned by the other bank, or reversed by this one, whole or in part. */
export const TAKEN_BACK = ['returned', 'reversed', 'partly_reversed'] as const;

/** The outcome of a payment later, with the last entry, if it is one. */
export type TakenBack = {
  readonly how: (typeof TAKEN_BACK)[number];
  readonly by: TransactionId | undefined;
};

/** A due date as it stands now. */
export type SeenExecution = Execution & { readonly takenBack: TakenBack | undefined };

/** What another day does not change: the payee is gone, or takes no such money. */
const HOPELESS: readonly string[] = ['account_closed', 'not_found', 'unknown_payee', 'currency_mismatch'];

/** The code of an attempt that failed, and would on every other day. */
export function hopelessCode({ status, failureCode }: Execution): string | undefined {
  if (status !== 'failed' || failureCode === undefined) return undefined;
  return HOPELESS.includes(failureCode) ? failureCode : undefined;
}

/** A due date that is to be tried, and how often it was before. */
export type Attempt = Pick<Execution, 'standingOrderId' | 'dueOn'> & { readonly attemptsBefore: number };

/** What an attempt came to: a payment, or a refusal, which is tried again on the next business days if it may pass. */
export function settle(
  { standingOrderId, dueOn, attemptsBefore }: Attempt,
  outcome: { readonly transactionId: TransactionId } | { readonly code: string },
  today: IsoDate,
  calendar: BusinessCalendar,
): Execution {
  const attempts = attemptsBefore + 1;
  const common = { standingOrderId, dueOn, attempts, attemptedOn: today };
  if ('transactionId' in outcome) {
    const { transactionId } = outcome;
    return { ...common, status: 'paid', nextAttemptOn: undefined, failureCode: undefined, transactionId };
  }
  const isRetried = WORTH_REPEATING.includes(outcome.code) && attempts < MAX_ATTEMPTS;
  return {
    ...common,
    status: isRetried ? 'retrying' : 'failed',
    nextAttemptOn: isRetried ? calendar.after(today) : undefined,
    failureCode: outcome.code,
    transactionId: undefined,
  };
}
