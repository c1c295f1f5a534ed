import { type ErrorTable, errorsOf } from '#lib/errors.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** The errors of deposits, beside the ledger's and the products' own codes. */
export const DEPOSIT_ERRORS = {
  deposit_over: {
    status: 409,
    message: 'The deposit is over.',
    meaning: 'It was paid out, renewed or closed early.',
    action: 'Read the deposit: `status` says how it ended, and `renewedAsId` what it became.',
  },
  deposit_matures: {
    status: 409,
    message: ({ on }: { readonly on: IsoDate }) => `The deposit matures on ${on}.`,
    meaning: 'Its term is over: it is paid out at the end of that day, and cannot be closed early any more.',
    action: 'Wait for the end of the day. If its money waits, `waitsFor` says for what.',
  },
  early_closure_not_agreed: {
    status: 422,
    message: 'The terms of the deposit do not let it be closed before its maturity.',
    action: 'Wait for its maturity.',
  },
  deposit_term_not_offered: {
    status: 422,
    message: ({ product, term }: { readonly product: string; readonly term: string }) =>
      `The product ${product} has no rate for this amount and ${term}.`,
    meaning: 'No row of the rate chart has the term and the amount.',
    action: 'Choose a term and an amount of the chart: `deposit.rates` of getProduct.',
  },
  deposit_amount_not_offered: {
    status: 422,
    message: ({ product, range }: { readonly product: string; readonly range: string }) =>
      `Deposits of the product ${product} are ${range}.`,
    meaning: 'The terms of the product name the smallest and the largest deposit.',
    action: 'Choose an amount between them.',
  },
  deposit_without_instalments: {
    status: 409,
    message: 'The deposit has no instalments.',
    meaning: 'It was paid in at once.',
    action: 'Leave out what is about instalments.',
  },
  instalment_not_due: {
    status: 409,
    message: ({ nextDueOn }: { readonly nextDueOn: IsoDate | undefined }) =>
      nextDueOn === undefined
        ? 'No instalment of the deposit is left to be paid.'
        : `No instalment of the deposit is due: the next one falls due on ${nextDueOn}.`,
    meaning: 'All that fell due were paid, or are collected later.',
    action: 'Wait until an instalment falls due: listTimeDepositInstalments shows them.',
  },
  account_not_of_depositor: {
    status: 422,
    message: 'The customer does not own an account that is named.',
    meaning: 'Deposits are paid from accounts of their customer, and to them: as owner or joint holder.',
    action: 'Name accounts of the customer, in the fields that `errors` lists.',
  },
  account_serves_deposit_of_others: {
    status: 409,
    message: 'A deposit of another customer is paid out to an account of this customer.',
    action: 'Have the other deposit paid out to another account first.',
  },
} as const satisfies ErrorTable;

export const depositError = errorsOf(DEPOSIT_ERRORS);
