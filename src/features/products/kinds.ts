import { CHART } from '#ledger/chart.ts';
import type { ProductKind } from './product.ts';

/** The line of the chart that customers' accounts of a kind usually belong to. */
export function controlLineOf(kind: ProductKind): string {
  return kind === 'current' ? CHART.currentAccounts : CHART.savingsAccounts;
}

/** Whether accounts of a kind hold deposits, each with a contract. */
export function isDepositKind(kind: ProductKind): boolean {
  return kind === 'term_deposit' || kind === 'recurring_deposit';
}
