import { FieldError, readAmount, readCode, readId, readText } from '../fields.ts';
import { PURPOSES } from '../purposes.ts';
import type { RowType } from './row-type.ts';

/** A standing order to an account of another bank. The file does not say when it is due. */
export type StandingOrderRow = {
  readonly accountId: string;
  readonly bank: string;
  readonly accountNumber: string;
  readonly amountMinor: bigint;
  readonly purpose: string | undefined;
};

type Column = 'order_id' | 'account_id' | 'bank_to' | 'account_to' | 'amount' | 'k_symbol';

/** What an order can store of its payee. */
const MAX_PAYEE_LENGTH = 35;

export const ORDER: RowType<Column, StandingOrderRow> = {
  name: 'order',
  columns: ['order_id', 'account_id', 'bank_to', 'account_to', 'amount', 'k_symbol'],
  read: (texts) => {
    readId(texts.order_id, 'order_id');
    const bank = readText(texts.bank_to, 'bank_to', MAX_PAYEE_LENGTH);
    const accountNumber = readText(texts.account_to, 'account_to', MAX_PAYEE_LENGTH);
    if (bank === undefined) throw new FieldError('bank_to is empty');
    if (accountNumber === undefined) throw new FieldError('account_to is empty');
    return {
      accountId: readId(texts.account_id, 'account_id'),
      bank,
      accountNumber,
      amountMinor: readAmount(texts.amount, 'amount'),
      purpose: readCode(texts.k_symbol.trim(), 'k_symbol', PURPOSES) ?? undefined,
    };
  },
  links: ({ accountId }) => [{ to: 'account', id: accountId }],
};
