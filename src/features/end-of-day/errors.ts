import type { TrialDifference } from '#ledger/check-trial-balance.ts';
import type { KeptDifference } from '#ledger/end-of-day-balances.ts';
import { ConflictError, RefusedError } from '#lib/errors.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** 422: a book that follows the clock does not close days that have not come. */
export function dateNotReached(until: IsoDate, today: IsoDate): RefusedError {
  return new RefusedError(
    'date_not_reached',
    `It is ${today} in the bank's time zone: ${until} has not come yet.`,
  );
}

/** 409: the books do not add up, so that the date stays open. */
export function trialBalanceBroken({ glCode, currency, differenceMinor }: TrialDifference): ConflictError {
  const where = glCode === null ? `all lines of the chart in ${currency}` : `line ${glCode} in ${currency}`;
  return new ConflictError(
    'trial_balance_broken',
    `The trial balance is uneven by ${differenceMinor} minor units on ${where}; the date stays open. florin verify names the row.`,
  );
}

/** 409: what was kept of a date contradicts itself. */
export function balancesBroken({ glCode, currency, differenceMinor }: KeptDifference): ConflictError {
  return new ConflictError(
    'balances_broken',
    `The balances kept for line ${glCode} in ${currency} differ from its total by ${differenceMinor} minor units. florin verify names the row.`,
  );
}

/** 409: somebody else is at it, and does not get on. */
export function endOfDayInProgress(date: IsoDate): ConflictError {
  return new ConflictError('end_of_day_in_progress', `The end of ${date} is being run by another process.`);
}
