import { type TransactionId, toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { Hold, HoldStatus } from './hold.ts';

/** A hold as the API and the CLI show it. Amounts in major units. */
export type HoldView = {
  id: string;
  accountId: string;
  status: HoldStatus;
  amount: string;
  currency: string;
  capturedAmount: string;
  remainingAmount: string;
  reference: string | null;
  placedBy: 'bank' | 'holder';
  captures: { transactionId: string; amount: string; createdAt: string }[];
  businessDate: string;
  expiresAt: string | null;
  createdAt: string;
  endedAt: string | null;
};

export function holdView(hold: Hold): HoldView {
  const { currency, ...state } = hold.state;
  const instant = (ms: number | undefined) => (ms === undefined ? null : toIsoInstant(ms));
  return {
    id: toTypeId('hold', state.id),
    accountId: toTypeId('account', state.accountId),
    status: state.status,
    amount: formatAmount(state.amountMinor, currency),
    currency,
    capturedAmount: formatAmount(state.capturedMinor, currency),
    remainingAmount: formatAmount(hold.remainingMinor, currency),
    reference: state.reference ?? null,
    placedBy: state.placedBy,
    captures: state.captures.map(({ transactionId, amountMinor, createdAtMs }) => ({
      transactionId: toTypeId('transaction', transactionId),
      amount: formatAmount(amountMinor, currency),
      createdAt: toIsoInstant(createdAtMs),
    })),
    businessDate: state.placedOn,
    expiresAt: instant(state.expiresAtMs),
    createdAt: toIsoInstant(state.createdAtMs),
    endedAt: instant(state.endedAtMs),
  };
}

/** The hold as a capture left it, and the transaction that the capture was. */
export type CapturedView = HoldView & { transactionId: string };

export function capturedView(hold: Hold, transactionId: TransactionId): CapturedView {
  return { ...holdView(hold), transactionId: toTypeId('transaction', transactionId) };
}
