import type { IsoDate } from '#lib/time/dates.ts';
import { decodeBirthNumber } from '../decode-birth-number.ts';
import { readId } from '../fields.ts';
import type { RowType } from './row-type.ts';

/** A person; the data set has no names. */
export type Client = {
  readonly clientId: string;
  readonly dateOfBirth: IsoDate;
  readonly sex: 'female' | 'male';
  readonly districtId: string;
};

export const CLIENT: RowType<'client_id' | 'birth_number' | 'district_id', Client> = {
  name: 'client',
  columns: ['client_id', 'birth_number', 'district_id'],
  read: (texts) => ({
    clientId: readId(texts.client_id, 'client_id'),
    ...decodeBirthNumber(texts.birth_number),
    districtId: readId(texts.district_id, 'district_id'),
  }),
  links: ({ districtId }) => [{ to: 'district', id: districtId }],
};
