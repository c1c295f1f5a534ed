import type { FeeEvent } from './fee.ts';

/** The kinds of payment that a fee may be for, by event: others have none. */
const OF_EVENT = {
  /** How it was paid out. */
  withdrawal: ['cash', 'cheque', 'card', 'online', 'branch', 'atm'],
  /** To another account of the same owner, or of somebody else. */
  transfer: ['own', 'other'],
  /** To a bank in the country of the payer’s own account, or elsewhere, or to an account without IBAN. */
  outgoing_payment: ['domestic', 'foreign', 'without_iban'],
} as const;

export const FEE_PAYMENT_TYPES = [
  ...OF_EVENT.withdrawal,
  ...OF_EVENT.transfer,
  ...OF_EVENT.outgoing_payment,
] as const;
export type FeePaymentType = (typeof FEE_PAYMENT_TYPES)[number];

/** The kinds of payment of an event. */
export function paymentTypesOf(event: FeeEvent): readonly FeePaymentType[] {
  return event in OF_EVENT ? OF_EVENT[event as keyof typeof OF_EVENT] : [];
}

/** Whether a payment stays in the country of the payer’s account, by the IBANs of both. */
export function outgoingType(payerIban: string | null, payeeAccount: string | undefined): FeePaymentType {
  const country = /^[A-Z]{2}(?=\d{2})/.exec(payeeAccount ?? '')?.[0];
  if (country === undefined) return 'without_iban';
  return payerIban?.startsWith(country) === true ? 'domestic' : 'foreign';
}
