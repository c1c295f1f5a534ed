/**
 * Codes of the lines of the chart of accounts that the code posts to, for all features. They are in the kernel, which
 * otherwise knows no feature, because there is one chart: a line is opened once, whichever feature posts to it.
 */
export const CHART = {
  cash: '1000',
  clearing: '1100',
  loans: '1200',
  loanInterestReceivable: '1210',
  loanFeesReceivable: '1220',
  loanPenaltiesReceivable: '1230',
  loanLossAllowance: '1290',
  overdraftInterestReceivable: '1300',
  currentAccounts: '2000',
  savingsAccounts: '2100',
  captureSettlement: '2300',
  outgoingPayments: '2400',
  loanInstalmentsAhead: '2450',
  suspense: '2500',
  depositInterestPayable: '2600',
  withholdingTaxPayable: '2610',
  shareCapital: '3000',
  retainedEarnings: '3100',
  openingBalances: '3900',
  interestIncome: '4000',
  penaltyInterestIncome: '4010',
  overdraftInterestIncome: '4020',
  feeIncome: '4100',
  loanRecoveries: '4200',
  interestExpense: '5000',
  loanLosses: '5100',
} as const;
