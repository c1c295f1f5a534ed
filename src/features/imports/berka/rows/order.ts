import { readAmount, readCode, readId } from '../fields.ts';
import { PURPOSES } from '../purposes.ts';
import type { RowType } from './row-type.ts';

/** A standing order to another bank. Checked and kept as a record; it does not pay anything yet. */
export type StandingOrder = { readonly accountId: string };

type Column = 'order_id' | 'account_id' | 'bank_to' | 'account_to' | 'amount' | 'k_symbol';

export const ORDER: RowType<Column, StandingOrder> = {
  name: 'order',
  columns: ['order_id', 'account_id', 'bank_to', 'account_to', 'amount', 'k_symbol'],
  read: (texts) => {
    readId(texts.order_id, 'order_id');
    readAmount(texts.amount, 'amount');
    readCode(texts.k_symbol.trim(), 'k_symbol', PURPOSES);
    return { accountId: readId(texts.account_id, 'account_id') };
  },
  links: ({ accountId }) => [{ to: 'account', id: accountId }],
};
