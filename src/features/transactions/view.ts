import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { AccountLine } from './lines.ts';
import type { Settlement, SettlementStatus, Transaction, TransactionType } from './transaction.ts';

/** The other side, where it is outside the bank. */
export type CounterpartyView = {
  name: string | null;
  bank: string | null;
  account: string | null;
};

/** A transaction as the API and the CLI show it. Amounts in major units. */
export type TransactionView = {
  id: string;
  type: TransactionType;
  mode: string;
  status: 'posted' | 'reversed';
  amount: string;
  currency: string;
  accountId: string;
  counterpartyAccountId: string | null;
  counterparty: CounterpartyView | null;
  /** Of `accountId`; null for a customer who only holds the other side. */
  balanceAfter: string | null;
  description: string | null;
  reference: string | null;
  purpose: string | null;
  settlement: { status: SettlementStatus; reason: string | null; updatedAt: string } | null;
  reverses: string | null;
  reversedBy: string | null;
  businessDate: string;
  valueDate: string;
  createdAt: string;
};

export function transactionView(transaction: Transaction): TransactionView {
  const { state } = transaction;
  const { counterparty, currency } = state;
  return {
    id: toTypeId('transaction', state.id),
    type: state.type,
    mode: state.mode,
    status: transaction.status,
    amount: formatAmount(state.amountMinor, currency),
    currency,
    accountId: toTypeId('account', state.accountId),
    counterpartyAccountId:
      state.counterpartyAccountId === undefined ? null : toTypeId('account', state.counterpartyAccountId),
    counterparty:
      counterparty === undefined
        ? null
        : {
            name: counterparty.name ?? null,
            bank: counterparty.bank ?? null,
            account: counterparty.account ?? null,
          },
    balanceAfter:
      state.balanceAfterMinor === undefined ? null : formatAmount(state.balanceAfterMinor, currency),
    description: state.description ?? null,
    reference: state.reference ?? null,
    purpose: state.purpose ?? null,
    settlement: settlementView(state.settlement),
    reverses: state.reverses === undefined ? null : toTypeId('transaction', state.reverses),
    reversedBy: state.reversedBy === undefined ? null : toTypeId('transaction', state.reversedBy),
    businessDate: state.businessDate,
    valueDate: state.valueDate,
    createdAt: toIsoInstant(state.postedAtMs),
  };
}

function settlementView(settlement: Settlement | undefined): TransactionView['settlement'] {
  if (settlement === undefined) return null;
  const { status, reason, updatedAtMs } = settlement;
  return { status, reason: reason ?? null, updatedAt: toIsoInstant(updatedAtMs) };
}

/** One line of an account: a signed amount and the balance after it. */
export type LineView = {
  transactionId: string;
  type: TransactionType;
  mode: string | null;
  amount: string;
  currency: string;
  balanceAfter: string;
  description: string | null;
  reference: string | null;
  purpose: string | null;
  counterparty: (CounterpartyView & { accountId: string | null; iban: string | null }) | null;
  businessDate: string;
  valueDate: string;
  createdAt: string;
};

export function lineView(line: AccountLine): LineView {
  const { currency, counterpartyAccountId } = line;
  const accountId = counterpartyAccountId === null ? null : toTypeId('account', counterpartyAccountId);
  const counterparty = {
    accountId,
    iban: line.counterpartyIban,
    name: line.counterpartyName,
    bank: line.counterpartyBank,
    account: line.counterpartyAccount,
  };
  return {
    transactionId: toTypeId('transaction', line.transactionId),
    type: line.type,
    mode: line.mode,
    amount: formatAmount(line.signedMinor, currency),
    currency,
    balanceAfter: formatAmount(line.balanceAfterMinor, currency),
    description: line.description,
    reference: line.reference,
    purpose: line.purpose,
    counterparty: Object.values(counterparty).every((value) => value === null) ? null : counterparty,
    businessDate: line.businessDate,
    valueDate: line.valueDate,
    createdAt: line.postedAt.toISOString(),
  };
}
