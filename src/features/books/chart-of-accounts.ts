import type { ProductState } from '#features/products/contract.ts';
import { CHART } from '#ledger/chart.ts';
import type { AccountClass } from '#ledger/trial-balance.ts';
import type { Currency } from '#lib/money/currencies.ts';

type ChartLine = { readonly glCode: string; readonly name: string; readonly class: AccountClass };

/** A small bank's chart. Lines that customers' accounts belong to have no ledger account of the bank's own. */
export const CHART_OF_ACCOUNTS: readonly ChartLine[] = [
  { glCode: CHART.cash, name: 'Cash', class: 'asset' },
  { glCode: CHART.clearing, name: 'Clearing with other banks', class: 'asset' },
  { glCode: CHART.loans, name: 'Loans to customers', class: 'asset' },
  { glCode: CHART.loanInterestReceivable, name: 'Interest receivable on loans', class: 'asset' },
  { glCode: CHART.loanFeesReceivable, name: 'Fees receivable on loans', class: 'asset' },
  { glCode: CHART.loanPenaltiesReceivable, name: 'Penalty interest receivable on loans', class: 'asset' },
  {
    glCode: CHART.overdraftInterestReceivable,
    name: 'Interest receivable on overdrafts',
    class: 'asset',
  },
  {
    glCode: CHART.customerClaims,
    name: 'Claims on customers for credits taken back',
    class: 'asset',
  },
  { glCode: CHART.loanLossAllowance, name: 'Allowance for loan losses', class: 'asset' },
  { glCode: CHART.currencyPositions, name: 'Positions in foreign currencies', class: 'asset' },
  { glCode: CHART.currencyEquivalents, name: 'Equivalents of positions', class: 'asset' },
  { glCode: CHART.currentAccounts, name: 'Customers’ current accounts', class: 'liability' },
  { glCode: CHART.savingsAccounts, name: 'Customers’ savings accounts', class: 'liability' },
  { glCode: CHART.captureSettlement, name: 'Captured holds to be settled', class: 'liability' },
  { glCode: CHART.outgoingPayments, name: 'Outgoing payments to be settled', class: 'liability' },
  { glCode: CHART.loanInstalmentsAhead, name: 'Loan instalments paid ahead', class: 'liability' },
  { glCode: CHART.suspense, name: 'Suspense of incoming payments', class: 'liability' },
  { glCode: CHART.depositInterestPayable, name: 'Interest payable on deposits', class: 'liability' },
  { glCode: CHART.withholdingTaxPayable, name: 'Withholding tax payable', class: 'liability' },
  { glCode: CHART.feeTaxPayable, name: 'Tax on fees payable', class: 'liability' },
  { glCode: CHART.shareCapital, name: 'Share capital', class: 'equity' },
  { glCode: CHART.retainedEarnings, name: 'Retained earnings', class: 'equity' },
  { glCode: CHART.openingBalances, name: 'Opening balances brought in', class: 'equity' },
  { glCode: CHART.interestIncome, name: 'Interest income', class: 'income' },
  { glCode: CHART.penaltyInterestIncome, name: 'Penalty interest income', class: 'income' },
  { glCode: CHART.overdraftInterestIncome, name: 'Interest income on overdrafts', class: 'income' },
  { glCode: CHART.feeIncome, name: 'Fee income', class: 'income' },
  { glCode: CHART.loanRecoveries, name: 'Recoveries of loans written off', class: 'income' },
  { glCode: CHART.exchangeGains, name: 'Exchange gains', class: 'income' },
  { glCode: CHART.interestExpense, name: 'Interest expense', class: 'expense' },
  { glCode: CHART.loanLosses, name: 'Loan losses and provisions', class: 'expense' },
  { glCode: CHART.exchangeLosses, name: 'Exchange losses', class: 'expense' },
];

const CONTROL_LINES: readonly string[] = [CHART.currentAccounts, CHART.savingsAccounts];

/** Lines to which nothing is posted: each foreign currency has a line below, when it is first needed. */
export const GROUP_LINES: readonly string[] = [CHART.currencyEquivalents];

/** The lines with a ledger account of the bank's own in each currency. */
export const INTERNAL_LINES = CHART_OF_ACCOUNTS.map(({ glCode }) => glCode).filter(
  (glCode) => !CONTROL_LINES.includes(glCode) && !GROUP_LINES.includes(glCode),
);

/** The products that every currency of a book begins with. */
export function firstProducts(currency: Currency): ProductState[] {
  const common = { currency, status: 'active' } as const;
  return [
    {
      ...common,
      code: 'current',
      kind: 'current',
      name: `Current account ${currency}`,
      glCode: CHART.currentAccounts,
      overdraftAllowed: true,
      captureTolerancePercent: 0,
    },
    {
      ...common,
      code: 'savings',
      kind: 'savings',
      name: `Savings account ${currency}`,
      glCode: CHART.savingsAccounts,
      overdraftAllowed: false,
      captureTolerancePercent: 0,
    },
  ];
}
