import type { StoredAccount } from '#features/accounts/contract.ts';
import { displayName } from '#features/customers/contract.ts';
import type { StoredCustomer } from '#features/customers/repository.ts';
import type { Hold } from '#features/holds/hold.ts';
import type { LoanDetails } from '#features/loans/commands.ts';
import type { IncomingPayment } from '#features/payments/incoming-payment.ts';
import type { StandingOrderDetails } from '#features/standing-orders/service.ts';
import type { Transaction } from '#features/transactions/transaction.ts';
import type { StoredUser } from '#identity/users/repository.ts';
import { toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { Hit, Match } from './schemas.ts';

/** What is there of the parts, one after the other. */
const joined = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(' · ');
const money = (minor: bigint, currency: Currency): string => `${formatAmount(minor, currency)} ${currency}`;

export function customerHit({ id, identity, address, status }: StoredCustomer, match: Match): Hit {
  const born = identity.type === 'person' ? identity.dateOfBirth : identity.registrationNumber;
  return {
    type: 'customer',
    id: toTypeId('customer', id),
    title: displayName(identity),
    subtitle: joined(born, address?.city, status),
    match,
  };
}

/** With the name of the owner, for callers who may read it. */
export function accountHit(account: StoredAccount, owner: string | undefined, match: Match): Hit {
  const { id, iban, number, product, currency, funds } = account;
  return {
    type: 'account',
    id: toTypeId('account', id),
    title: iban ?? number,
    subtitle: joined(owner, `${product} ${currency}`, funds.status),
    match,
  };
}

export function transactionHit({ state }: Transaction, match: Match): Hit {
  const { id, type, amountMinor, currency, businessDate, reference, description } = state;
  return {
    type: 'transaction',
    id: toTypeId('transaction', id),
    title: `${type.replaceAll('_', ' ')} ${money(amountMinor, currency)}`,
    subtitle: joined(businessDate, reference ?? description),
    match,
  };
}

export function loanHit({ loan, product }: LoanDetails, match: Match): Hit {
  return {
    type: 'loan',
    id: toTypeId('loan', loan.id),
    title: `${product.state.name} ${money(loan.approvedMinor ?? loan.requestedMinor, loan.currency)}`,
    subtitle: joined(loan.appliedOn, loan.status),
    match,
  };
}

export function holdHit(hold: Hold, match: Match): Hit {
  const { id, amountMinor, currency, placedOn, reference, status } = hold.state;
  return {
    type: 'hold',
    id: toTypeId('hold', id),
    title: `hold ${money(amountMinor, currency)}`,
    subtitle: joined(placedOn, reference, status),
    match,
  };
}

export function orderHit(order: StandingOrderDetails, match: Match): Hit {
  const { id, amountMinor, currency, status, reference, nextRunOn } = order;
  return {
    type: 'standing_order',
    id: toTypeId('standingOrder', id),
    title: `standing order ${money(amountMinor, currency)}`,
    subtitle: joined(nextRunOn, reference, status),
    match,
  };
}

export function incomingHit({ state }: IncomingPayment, match: Match): Hit {
  const { id, amountMinor, currency, debtorName, reference, status } = state;
  return {
    type: 'incoming_payment',
    id: toTypeId('incomingPayment', id),
    title: `incoming payment ${money(amountMinor, currency)}`,
    subtitle: joined(debtorName, reference, status),
    match,
  };
}

export function userHit({ id, name, email, role, status }: StoredUser, match: Match): Hit {
  return {
    type: 'user',
    id: toTypeId('user', id),
    title: name,
    subtitle: joined(email, role, status),
    match,
  };
}
