import type { IsoDate } from '#lib/time/dates.ts';
import { readCode, readDate, readId } from '../fields.ts';
import type { RowType } from './row-type.ts';

export type BankAccount = {
  readonly accountId: string;
  /** The branch's district. */
  readonly districtId: string;
  readonly statementFrequency: string;
  readonly openedOn: IsoDate;
};

/** When statements are sent. */
const FREQUENCIES: ReadonlyMap<string, string> = new Map([
  ['POPLATEK MESICNE', 'monthly'],
  ['POPLATEK TYDNE', 'weekly'],
  ['POPLATEK PO OBRATU', 'after_each_transaction'],
]);

export const ACCOUNT: RowType<'account_id' | 'district_id' | 'frequency' | 'date', BankAccount> = {
  name: 'account',
  columns: ['account_id', 'district_id', 'frequency', 'date'],
  read: (texts) => ({
    accountId: readId(texts.account_id, 'account_id'),
    districtId: readId(texts.district_id, 'district_id'),
    statementFrequency: readCode(texts.frequency, 'frequency', FREQUENCIES),
    openedOn: readDate(texts.date, 'date'),
  }),
  links: ({ districtId }) => [{ to: 'district', id: districtId }],
};
