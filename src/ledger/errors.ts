import { COMMON_ERRORS, type ErrorEntry, type ErrorTable, errorsOf } from '#lib/errors.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Refusal, RefusalCode } from './entry.ts';

/** Of which currency an amount is not, or which one the bank does not keep. */
type Mismatch = { readonly currency?: string; readonly notKept?: string };

/** Errors of the kernel, which the features above it answer in the same words. */
export const LEDGER_ERRORS = {
  idempotency_key_reused: {
    status: 422,
    message: 'This Idempotency-Key was used for a different request.',
    action: 'Make up a new key for a new request; repeat a request exactly under its own.',
  },
  idempotency_in_progress: {
    status: 409,
    retryAfterSeconds: 1,
    message: 'The first request with this key is still running.',
    action: 'Repeat the request after Retry-After: it gets the answer of the first one.',
  },
  already_reversed: {
    status: 409,
    message: 'It has been reversed before.',
    meaning: 'The transaction was reversed, whole or in parts, and nothing of it is left.',
    action: 'Nothing: no more is taken back than was booked.',
  },
  reversal_exceeds_rest: {
    status: 422,
    message: 'Less than this amount of the transaction is left to be reversed.',
    meaning: 'Parts of the transaction were reversed before, or the amount is above the whole of it.',
    action: 'Reverse at most what is left: its amount less `reversedAmount`.',
  },
  same_account: {
    status: 422,
    message: 'Payer and payee are the same account.',
    action: 'Name two accounts.',
  },
  account_closed: {
    status: 409,
    message: 'The account is closed.',
    action: 'Use another account: a closed one does not come back.',
  },
  account_frozen: {
    status: 409,
    message: 'The account is frozen.',
    action: 'Have it unfrozen first.',
  },
  account_dormant: {
    status: 409,
    message: 'The account is dormant.',
    meaning:
      'Its holders have not used it for as long as its terms say. Money comes in, and none is paid out.',
    action: 'Have the bank make it active again (reactivateAccount).',
  },
  account_under_contract: {
    status: 409,
    message: 'The account holds a deposit: its contract alone moves the money.',
    meaning: 'The money is bound until the maturity of the deposit.',
    action: 'Wait for its maturity, or close the deposit early (`POST /v1/time-deposits/{id}/close`).',
  },
  customer_deceased: {
    status: 409,
    message: 'The customer has died.',
    meaning: 'Nobody who is alive owns the account, or the customer who is named has died.',
    action: 'Pay the money out to the estate (payOutEstate), or withdraw a report that was a mistake.',
  },
  customer_not_deceased: {
    status: 409,
    message: 'The customer, or an owner of the account, is not reported dead.',
    meaning: 'Only an account whose owners have all died is paid out to an estate; so is a report withdrawn.',
    action: 'Report the death first, or have the living owner pay.',
  },
  currency_mismatch: {
    status: 422,
    message: ({ currency = 'the currency of the account', notKept }: Mismatch) =>
      notKept === undefined ? `The amount is not in ${currency}.` : `The bank keeps no money in ${notKept}.`,
    meaning: 'The currency is not that of the account, the product or the bank.',
    action:
      'Give the amount in the currency of the account, or convert it (`POST /v1/conversions`). Have a currency that the bank does not keep switched on (`POST /v1/currencies/{currency}/enable`).',
  },
  business_date_closed: {
    status: 409,
    message: ({ businessDate }: { readonly businessDate?: IsoDate }) =>
      businessDate === undefined
        ? 'The account has later entries; this date is closed for it.'
        : `The business date is ${businessDate} and never goes back.`,
    meaning: 'The date has been closed, or the account has entries of a later one.',
    action: 'Use the open business date or a later one.',
  },
  period_closed: {
    status: 409,
    message: ({ closedTo }: { readonly closedTo?: IsoDate | undefined }) =>
      closedTo === undefined
        ? 'The accounting period of this date is closed.'
        : `The accounting periods up to ${closedTo} are closed.`,
    meaning: 'The business date or the value date lies in a month of the bank’s books that is closed.',
    action: 'Use a later date, or have the period reopened (`POST /v1/accounting/periods/{period}/reopen`).',
  },
  insufficient_funds: {
    status: 422,
    message: 'The available balance is too low.',
    meaning: 'The balance without what is held, and with the overdraft, is less than the amount.',
    action: 'Pay less, or pay in first.',
  },
  below_minimum_balance: {
    status: 422,
    message: 'The payment would leave less than the minimum balance.',
    meaning: 'The terms of the account ask for a balance that stays on it (`minimumBalance`).',
    action: 'Pay less, or close the account with payoutTo.',
  },
  below_opening_deposit: {
    status: 422,
    message: 'The first deposit is below what the terms of the account ask for.',
    meaning: 'The account has no money yet, and its product names the least that is first paid in.',
    action: 'Pay in as much as `terms.balance.openingDeposit` of the product says.',
  },
  balance_overflow: {
    status: 422,
    message: 'The balance would exceed what can be stored.',
    action: 'Nothing: the amount is absurd.',
  },
} as const satisfies ErrorTable & Record<Exclude<RefusalCode, 'not_found'>, ErrorEntry>;

/** The error of a code of the kernel. */
export const ledgerError = errorsOf({ ...LEDGER_ERRORS, not_found: COMMON_ERRORS.not_found });

/** The error of a draft that was refused. */
export const refusalError = ({ code, closedTo }: Omit<Refusal, 'status'>) => ledgerError(code, { closedTo });
