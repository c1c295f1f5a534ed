import type { AccountId, TransactionId } from '#lib/ids.ts';
import { type FeePaymentType, outgoingType } from './payment-types.ts';
import type { PricedAccount } from './schedule.ts';

/** A payment that may cost a fee: which entry it is, and what decides about its price. */
export type PricedPayment = { readonly entryId: TransactionId; readonly accountId: AccountId } & (
  | { readonly event: 'withdrawal'; readonly mode: string }
  | { readonly event: 'transfer'; readonly payeeId: AccountId }
  | { readonly event: 'outgoing_payment'; readonly payeeAccount: string | undefined }
  | { readonly event: 'card' }
);

/** An entry that takes a payment back, and what it cost with it. */
export type ReturnedPayment = {
  readonly entryId: TransactionId;
  readonly paymentId: TransactionId;
};

/** Accounts beside the payer whose owner decides about the kind of a payment. */
export function otherAccounts(payment: PricedPayment): AccountId[] {
  return payment.event === 'transfer' ? [payment.payeeId] : [];
}

/** The kind of a payment; undefined for one that has none. */
export function paymentTypeOf(
  payment: PricedPayment,
  accounts: ReadonlyMap<AccountId, PricedAccount>,
): FeePaymentType | undefined {
  const payer = accounts.get(payment.accountId);
  switch (payment.event) {
    case 'withdrawal':
      return payment.mode as FeePaymentType;
    case 'transfer':
      return payer?.ownerId === accounts.get(payment.payeeId)?.ownerId ? 'own' : 'other';
    case 'outgoing_payment':
      return outgoingType(payer?.iban ?? null, payment.payeeAccount);
    case 'card':
      return undefined;
  }
}
