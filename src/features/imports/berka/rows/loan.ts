import { readAmount, readCode, readDate, readId } from '../fields.ts';
import type { RowType } from './row-type.ts';

/** A loan. Checked and kept as a record; it does not run yet. */
export type Loan = { readonly accountId: string };

type Column = 'loan_id' | 'account_id' | 'date' | 'amount' | 'duration' | 'payments' | 'status';

/** A: finished and paid; B: finished and unpaid; C: running and fine; D: running and in debt. */
const STATUSES: ReadonlyMap<string, true> = new Map(['A', 'B', 'C', 'D'].map((status) => [status, true]));

export const LOAN: RowType<Column, Loan> = {
  name: 'loan',
  columns: ['loan_id', 'account_id', 'date', 'amount', 'duration', 'payments', 'status'],
  read: (texts) => {
    readId(texts.loan_id, 'loan_id');
    readDate(texts.date, 'date');
    readAmount(texts.amount, 'amount');
    readId(texts.duration, 'duration');
    readAmount(texts.payments, 'payments');
    readCode(texts.status, 'status', STATUSES);
    return { accountId: readId(texts.account_id, 'account_id') };
  },
  links: ({ accountId }) => [{ to: 'account', id: accountId }],
};
