import type { IsoDate } from '#lib/time/dates.ts';
import { classifyMovement, type Movement } from '../classify-movement.ts';
import { readAmount, readBalance, readDate, readId, readText } from '../fields.ts';
import type { RowType } from './row-type.ts';

export type BankTransaction = {
  readonly accountId: string;
  readonly date: IsoDate;
  readonly movement: Movement;
  /** Minor units; a debit is negative. */
  readonly signedMinor: bigint;
  /** What the file says the balance is after it, in minor units. */
  readonly balanceMinor: bigint;
  /** The other side at another bank. */
  readonly counterpartyBank: string | undefined;
  readonly counterpartyAccount: string | undefined;
};

type Column =
  | 'trans_id'
  | 'account_id'
  | 'date'
  | 'type'
  | 'operation'
  | 'amount'
  | 'balance'
  | 'k_symbol'
  | 'bank'
  | 'account';

/** What a transaction can store of the other side. */
const MAX_COUNTERPARTY_LENGTH = 35;
/** Cash withdrawals have this where there is no other account. */
const NO_ACCOUNT = '0';

export const TRANSACTION: RowType<Column, BankTransaction> = {
  name: 'transaction',
  columns: [
    'trans_id',
    'account_id',
    'date',
    'type',
    'operation',
    'amount',
    'balance',
    'k_symbol',
    'bank',
    'account',
  ],
  read: (texts) => {
    readId(texts.trans_id, 'trans_id');
    const movement = classifyMovement(texts.type, texts.operation.trim(), texts.k_symbol.trim());
    const amountMinor = readAmount(texts.amount, 'amount');
    const account = readText(texts.account, 'account', MAX_COUNTERPARTY_LENGTH);
    return {
      accountId: readId(texts.account_id, 'account_id'),
      date: readDate(texts.date, 'date'),
      movement,
      signedMinor: movement.direction === 'credit' ? amountMinor : -amountMinor,
      balanceMinor: readBalance(texts.balance, 'balance'),
      counterpartyBank: readText(texts.bank, 'bank', MAX_COUNTERPARTY_LENGTH),
      counterpartyAccount: account === NO_ACCOUNT ? undefined : account,
    };
  },
  links: ({ accountId }) => [{ to: 'account', id: accountId }],
};
