import type { Field } from '../forms/description.ts';
import { plainText } from '../forms/plain-text.ts';
import type { Row } from './bank.ts';

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a dotted path, `balance.posted`; the row itself for an empty path. */
export function valueAt(row: unknown, path: string): unknown {
  if (path === '') return row;
  return path.split('.').reduce<unknown>((value, name) => {
    if (Array.isArray(value)) return (value as unknown[])[Number(name)];
    return isRow(value) ? value[name] : undefined;
  }, row);
}

/** The text of an id, a code or a number at a path; undefined for anything else. */
export function textAt(row: unknown, path: string): string | undefined {
  const value = valueAt(row, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** The currency of an amount: one that is named after it, or that of its row, or that of what is around it. */
export function currencyOf(
  field: Pick<Field, 'name'>,
  row: Row,
  around: string | undefined,
): string | undefined {
  const own = [
    `${field.name}Currency`,
    field.name.startsWith('base') ? 'baseCurrency' : 'currency',
    'currency',
  ];
  return own.map((name) => row[name]).find((value) => typeof value === 'string') ?? around;
}

const NAMES = [
  'name',
  'legalName',
  'title',
  'reference',
  'legalReference',
  'creditorName',
  'debtorName',
  'toName',
];
const NUMBERS = ['iban', 'number', 'code', 'period', 'year', 'report', 'product'];

/** What a person calls a record: its name, or its number, or its id. */
export function titleOf(row: Row): string | undefined {
  const given = [row.givenName, row.familyName].filter((part) => typeof part === 'string').join(' ');
  if (given !== '') return given;
  const named = [...NAMES, ...NUMBERS, 'id'].map((name) => row[name]);
  const found = named.find(
    (value) => (typeof value === 'string' && value !== '') || typeof value === 'number',
  );
  return found === undefined ? undefined : plainText(found);
}
