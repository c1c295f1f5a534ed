/**
 * Whether an operation that moves money offers a dry run (http/dry-runs.ts), or why it does not. One that is missing here
 * offers none; those that move money by the table of stakes (stakes.ts) are all in it.
 */
// biome-ignore format: it is a table
export const DRY_RUNS: Readonly<Record<string, 'offered' | { readonly not: string }>> = {
  deposit:                 'offered',
  withdraw:                'offered',
  transfer:                'offered',
  reverseTransaction:      'offered',
  payOutEstate:            'offered',
  postBatch:               'offered',
  convertCurrency:         'offered',
  closeAccount:            'offered',

  captureHold:             'offered',
  settleCaptures:          'offered',

  waiveAccountFee:         'offered',
  refundAccountFee:        'offered',
  postAccountInterest:     'offered',

  openTimeDeposit:         'offered',
  closeTimeDeposit:        'offered',
  payTimeDepositInstalment: 'offered',

  disburseLoan:            'offered',
  repayLoan:               'offered',
  undoLoanRepayment:       'offered',
  rescheduleLoan:          'offered',
  chargeOffLoan:           'offered',
  writeOffLoan:            'offered',
  recoverLoan:             'offered',
  chargeLoan:              'offered',
  waiveLoan:               'offered',
  undoLoanTransaction:     'offered',

  cancelOutgoingPayment:   'offered',
  settleOutgoingPayment:   'offered',
  returnOutgoingPayment:   'offered',
  receivePayment:          'offered',
  resolveIncomingPayment:  'offered',
  returnIncomingPayment:   'offered',
  settleOutgoingPayments:  { not: 'each payment is a transaction of its own, several at once: try out one of them' },
  returnOutgoingPayments:  { not: 'each payment is a transaction of its own, several at once: try out one of them' },

  createJournalEntry:      'offered',
  reverseJournalEntry:     'offered',
};
