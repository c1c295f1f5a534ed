/** Codes of the lines of the chart of accounts that the code itself posts to. */
export const CHART = {
  cash: '1000',
  clearing: '1100',
  currentAccounts: '2000',
  savingsAccounts: '2100',
  captureSettlement: '2300',
  outgoingPayments: '2400',
  suspense: '2500',
  shareCapital: '3000',
  interestIncome: '4000',
  feeIncome: '4100',
  interestExpense: '5000',
} as const;
