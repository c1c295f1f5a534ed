import type { IsoDate } from '#lib/time/dates.ts';
import { FieldError, readAmount, readCode, readDate, readId } from '../fields.ts';
import type { RowType } from './row-type.ts';

/** A loan that is repaid in equal monthly parts, without interest. */
export type Loan = {
  readonly accountId: string;
  readonly madeOn: IsoDate;
  readonly amountMinor: bigint;
  readonly durationMonths: number;
  /** Whether something that fell due is not paid. */
  readonly isInDebt: boolean;
};

type Column = 'loan_id' | 'account_id' | 'date' | 'amount' | 'duration' | 'payments' | 'status';

/**
 * Whether a loan is in debt. A: its time is over and all is paid; B: over, and not all is paid; C: running and fine;
 * D: running and in debt.
 */
const STATUSES: ReadonlyMap<string, boolean> = new Map([
  ['A', false],
  ['B', true],
  ['C', false],
  ['D', true],
]);

/** Ten years: twice what the data has. */
const MAX_DURATION_MONTHS = 120;

export const LOAN: RowType<Column, Loan> = {
  name: 'loan',
  columns: ['loan_id', 'account_id', 'date', 'amount', 'duration', 'payments', 'status'],
  read: (texts) => {
    readId(texts.loan_id, 'loan_id');
    const madeOn = readDate(texts.date, 'date');
    const amountMinor = readAmount(texts.amount, 'amount');
    const durationMonths = Number(readId(texts.duration, 'duration'));
    const paymentMinor = readAmount(texts.payments, 'payments');
    const isInDebt = readCode(texts.status, 'status', STATUSES);
    if (durationMonths > MAX_DURATION_MONTHS) {
      throw new FieldError(`duration "${texts.duration}" is above ${MAX_DURATION_MONTHS} months`);
    }
    if (paymentMinor * BigInt(durationMonths) !== amountMinor) {
      throw new FieldError(`payments "${texts.payments}" is not the amount over its months`);
    }
    const accountId = readId(texts.account_id, 'account_id');
    return { accountId, madeOn, amountMinor, durationMonths, isInDebt };
  },
  links: ({ accountId }) => [{ to: 'account', id: accountId }],
};
