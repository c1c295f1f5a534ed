import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What accounts, their holders and their overdrafts may answer, beside the ledger's `account_closed` and the like. */
export const ACCOUNT_ERRORS = {
  account_exists: {
    status: 409,
    message: 'An account with this externalId exists.',
    action: 'Use the account that there is, or another externalId.',
  },
  account_numbers_exhausted: {
    status: 409,
    message: ({ country, bankCode }: { readonly country: string; readonly bankCode: string }) =>
      `The bank code ${bankCode} has no account number left in ${country}.`,
    meaning:
      'Every account number of the bank code is given out, or the code has not the form of its country.',
    action: 'Open a bank with another bank code, and bring the accounts there.',
  },
  account_not_frozen: {
    status: 409,
    message: 'The account is not frozen.',
    action: 'Nothing: it can be used.',
  },
  account_not_dormant: {
    status: 409,
    message: 'The account is not dormant.',
    action: 'Nothing: it can be used.',
  },
  closing_notice_given: {
    status: 409,
    message: ({ on }: { readonly on: string }) => `Notice was given on ${on}.`,
    meaning: 'Notice was given before that the account is to be closed; the first one counts.',
    action: 'Close the account once the notice is over.',
  },
  payout_not_to_owner: {
    status: 422,
    message: 'The account to pay out to is not one of the same owner.',
    meaning:
      'What is left on an account that is closed goes to another account of its owner, in its currency.',
    action: 'Name such an account, or move the balance away before.',
  },
  account_not_empty: {
    status: 409,
    message: ({
      what,
    }: {
      readonly what:
        | 'balance or a hold'
        | 'attachment in force'
        | 'fee that is due'
        | 'sum of interest that is not posted'
        | 'loan that is paid out to it or repaid from it'
        | 'deposit that is paid out to it or collects from it';
    }) => `The account has ${what.startsWith('a') ? 'an' : 'a'} ${what}.`,
    meaning:
      'An account is closed without a balance, interest, fees that are due, holds, attachments, loans and deposits.',
    action:
      'Post the interest with postAccountInterest, collect or waive the fees, move the balance away, release the holds and attachments, repay the loans, or name another account for loans and deposits.',
  },
  holder_exists: {
    status: 409,
    message: 'The customer holds this account already.',
    action: 'Change the role of the holder instead.',
  },
  not_a_holder: {
    status: 409,
    message: 'The customer does not hold this account beside its owner.',
    action: 'Add the customer as a holder first.',
  },
  holder_borrows: {
    status: 409,
    message: 'The holder has a loan that is repaid from this account.',
    action: 'Have the loan repaid first.',
  },
  invitation_exists: {
    status: 409,
    message: 'The customer is asked already.',
    action: 'Wait for the answer, or withdraw the invitation.',
  },
  invitation_not_open: {
    status: 409,
    message: 'The invitation was answered, or its time is over.',
    action: 'Ask the owner for another one.',
  },
  owner_stays: {
    status: 422,
    message: 'The owner whom the account was opened for cannot be taken off it.',
    action: 'Open another account and close this one, or have staff name another owner (changeOwner).',
  },
  overdraft_in_use: {
    status: 422,
    message: 'More than this limit is drawn or held already.',
    action: 'Pay in first, or choose a higher limit.',
  },
  customer_has_balances: {
    status: 409,
    message: 'The customer has accounts with a balance.',
    meaning: 'A customer is deleted when no account of theirs has a balance or a hold.',
    action: 'Move the balances away and release the holds.',
  },
  customer_has_attachments: {
    status: 409,
    message: 'An account of the customer is attached.',
    meaning: 'A court or an authority has an order on an account of the customer that was not released.',
    action: 'Release the attachment once the order is at an end.',
  },
  customer_has_joint_accounts: {
    status: 409,
    message: 'Others hold accounts of the customer too.',
    action: 'Close the joint accounts, or take the other holders off them.',
  },
  retention_period: {
    status: 409,
    message: ({ years }: { readonly years: number }) =>
      `Transactions are kept for ${years} years; the customer has younger ones.`,
    meaning: 'The customer has transactions that the law says are kept.',
    action: 'Wait, or erase the personal data: the books stay whole.',
  },
} as const satisfies ErrorTable;

export const accountError = errorsOf(ACCOUNT_ERRORS);
