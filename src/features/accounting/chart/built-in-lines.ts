import { CHART } from '#ledger/chart.ts';

/** Lines whose balance a law holds to other rows: customers' accounts, loans, payments, captures. Never by hand. */
const CONTROL_LINES: ReadonlySet<string> = new Set([
  CHART.loans,
  CHART.loanInterestReceivable,
  CHART.loanFeesReceivable,
  CHART.loanPenaltiesReceivable,
  CHART.loanLossAllowance,
  CHART.currentAccounts,
  CHART.savingsAccounts,
  CHART.overdraftInterestReceivable,
  CHART.currencyPositions,
  CHART.currencyEquivalents,
  CHART.depositInterestPayable,
  CHART.captureSettlement,
  CHART.outgoingPayments,
  CHART.loanInstalmentsAhead,
  CHART.suspense,
]);

/** Lines on which the bank books by hand from the beginning. The others of the program are opened for it one by one. */
const MANUAL_LINES: ReadonlySet<string> = new Set([
  CHART.cash,
  CHART.customerClaims,
  CHART.withholdingTaxPayable,
  CHART.feeTaxPayable,
  CHART.shareCapital,
  CHART.retainedEarnings,
  CHART.openingBalances,
  CHART.interestIncome,
  CHART.penaltyInterestIncome,
  CHART.overdraftInterestIncome,
  CHART.feeIncome,
  CHART.loanRecoveries,
  CHART.interestExpense,
  CHART.loanLosses,
]);

const BUILT_IN_LINES: ReadonlySet<string> = new Set(Object.values(CHART));

/** Whether the program itself posts to a line. */
export const isBuiltIn = (code: string): boolean => BUILT_IN_LINES.has(code);

/** What the program says of a line that it brings along, until the bank says otherwise. */
export const builtInRules = (
  code: string,
): { readonly control: boolean; readonly manualPosting: boolean } => ({
  control: CONTROL_LINES.has(code),
  manualPosting: MANUAL_LINES.has(code),
});
