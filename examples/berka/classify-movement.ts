import type { TransactionMode, TransactionType } from '#features/transactions/contract.ts';
import { CHART } from '#ledger/chart.ts';
import { FieldError, readCode } from './fields.ts';
import { PURPOSES } from './purposes.ts';

/** What a row's codes mean for the customer's account and for the bank's own account on the other side. */
export type Movement = {
  readonly direction: 'credit' | 'debit';
  readonly type: TransactionType;
  readonly mode: TransactionMode;
  /** The line of the chart that the bank's side is booked on. */
  readonly glCode: string;
  readonly purpose: string | undefined;
};

type Kind = Omit<Movement, 'purpose'>;

/** type: PRIJEM is a credit; VYDAJ and the older VYBER are debits. */
const DIRECTIONS: ReadonlyMap<string, Movement['direction']> = new Map([
  ['PRIJEM', 'credit'],
  ['VYDAJ', 'debit'],
  ['VYBER', 'debit'],
]);

/** operation: how the money came or went. */
const BY_OPERATION: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['VKLAD', { direction: 'credit', type: 'deposit', mode: 'cash', glCode: CHART.cash }],
  ['VYBER', { direction: 'debit', type: 'withdrawal', mode: 'cash', glCode: CHART.cash }],
  ['VYBER KARTOU', { direction: 'debit', type: 'withdrawal', mode: 'card', glCode: CHART.clearing }],
  [
    'PREVOD Z UCTU',
    { direction: 'credit', type: 'incoming_payment', mode: 'clearing', glCode: CHART.clearing },
  ],
  [
    'PREVOD NA UCET',
    { direction: 'debit', type: 'outgoing_payment', mode: 'clearing', glCode: CHART.clearing },
  ],
]);

/** k_symbol, where it says that the bank itself is the other side; then the operation says nothing. */
const BY_SYMBOL: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['UROK', { direction: 'credit', type: 'interest', mode: 'internal', glCode: CHART.interestExpense }],
  [
    'SANKC. UROK',
    { direction: 'debit', type: 'penalty_interest', mode: 'internal', glCode: CHART.interestIncome },
  ],
  ['SLUZBY', { direction: 'debit', type: 'fee', mode: 'internal', glCode: CHART.feeIncome }],
]);

/** What type, operation and k_symbol mean together. Throws FieldError when they are unknown or contradict. */
export function classifyMovement(type: string, operation: string, symbol: string): Movement {
  const direction = readCode(type, 'type', DIRECTIONS);
  const bySymbol = BY_SYMBOL.get(symbol);
  const purpose = bySymbol === undefined ? readCode(symbol, 'k_symbol', PURPOSES) : null;
  const byOperation =
    bySymbol !== undefined && operation === '' ? bySymbol : readCode(operation, 'operation', BY_OPERATION);
  const kind = bySymbol ?? byOperation;
  if (kind.direction !== direction || byOperation.direction !== direction) {
    throw new FieldError(`type "${type}" does not go with operation "${operation}" and k_symbol "${symbol}"`);
  }
  return { ...kind, purpose: purpose ?? undefined };
}
