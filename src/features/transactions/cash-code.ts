import { CHART } from '#ledger/chart.ts';
import type { PaymentMode } from './transaction.ts';

/** Where the money of a payment mode is while the customer's account is booked: the till, or on its way. */
export function cashCode(mode: PaymentMode): string {
  switch (mode) {
    case 'cash':
    case 'branch':
    case 'atm':
      return CHART.cash;
    case 'cheque':
    case 'card':
    case 'online':
      return CHART.clearing;
  }
}
