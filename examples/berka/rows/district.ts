import { FieldError, readId, readText } from '../fields.ts';
import type { RowType } from './row-type.ts';

/** A district of the country: where clients live and branches are. The demographics stay in the record. */
export type District = { readonly name: string; readonly region: string };

const MAX_NAME_LENGTH = 100;

type Column =
  | 'A1'
  | 'A2'
  | 'A3'
  | 'A4'
  | 'A5'
  | 'A6'
  | 'A7'
  | 'A8'
  | 'A9'
  | 'A10'
  | 'A11'
  | 'A12'
  | 'A13'
  | 'A14'
  | 'A15'
  | 'A16';

export const DISTRICT: RowType<Column, District> = {
  name: 'district',
  columns: [
    'A1',
    'A2',
    'A3',
    'A4',
    'A5',
    'A6',
    'A7',
    'A8',
    'A9',
    'A10',
    'A11',
    'A12',
    'A13',
    'A14',
    'A15',
    'A16',
  ],
  read: ({ A1, A2, A3 }) => {
    readId(A1, 'A1');
    return { name: readName(A2, 'A2'), region: readName(A3, 'A3') };
  },
  links: () => [],
};

function readName(text: string, column: string): string {
  const name = readText(text, column, MAX_NAME_LENGTH);
  if (name === undefined) throw new FieldError(`${column} is empty`);
  return name;
}
