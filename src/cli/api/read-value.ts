import { InvalidArgumentError } from 'commander';
import {
  parseAccountReference,
  parseAmountOrZeroText,
  parseCurrencyValue,
  parseDateValue,
  parseIbanValue,
  parseInstantText,
} from '../values.ts';
import type { Field, Shape } from './shape.ts';

type Read = (text: string) => unknown;

/** TypeIDs: the prefix of the kind, and what every one of them has behind it. */
const TYPE_ID = /^([a-z]+)_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** The prefix of the ids that a text takes (`acc`), if it takes an id. */
export function idPrefixOf(shape: Shape): string | undefined {
  return shape.kind === 'text' ? TYPE_ID.exec(shape.example ?? '')?.[1] : undefined;
}

/** Whether a value is the id of an account, which people also name by its IBAN or number. */
export function isAccount(shape: Shape): boolean {
  return idPrefixOf(shape) === 'acc';
}

/** Whether a value is an amount of money. */
export function isAmount(shape: Shape): boolean {
  return (
    shape.kind === 'text' && (shape.code === 'invalid_amount' || shape.pattern?.startsWith('^-?(0|') === true)
  );
}

/**
 * Reads a value from the command line as far as it can be judged without the bank. Throws InvalidArgumentError, or
 * UsageError `invalid_amount`.
 */
export function readerOf(name: string, shape: Shape): Read {
  switch (shape.kind) {
    case 'text':
      return readerOfText(name, shape);
    case 'number':
      return (text) => readNumber(text, shape);
    case 'boolean':
      return readBoolean;
    case 'object':
      return (text) => readObject(text, shape.fields);
    case 'map':
    case 'list':
    case 'any':
      return readJson;
  }
}

function readerOfText(name: string, shape: Shape & { kind: 'text' }): Read {
  const { choices, format, pattern, example } = shape;
  if (choices !== undefined) return (text) => readChoice(text, choices);
  const prefix = idPrefixOf(shape);
  if (prefix === 'acc') return (text) => parseAccountReference(text).text;
  if (prefix !== undefined) return (text) => readId(text, prefix);
  if (format === 'date') return parseDateValue;
  if (format === 'date-time') return parseInstantText;
  if (shape.code === 'invalid_amount') return parseAmountOrZeroText;
  if (/currency$/i.test(name)) return parseCurrencyValue;
  if (/iban$/i.test(name)) return parseIbanValue;
  if (pattern === undefined) return (text) => text;
  const form = new RegExp(pattern);
  return (text) => {
    if (form.test(text)) return text;
    throw new InvalidArgumentError(`It takes a value like ${example ?? pattern}.`);
  };
}

function readChoice(text: string, choices: readonly string[]): string {
  if (choices.includes(text)) return text;
  throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
}

function readId(text: string, prefix: string): string {
  if (TYPE_ID.exec(text)?.[1] === prefix) return text;
  throw new InvalidArgumentError(`It takes an id (${prefix}_…).`);
}

/** Exact in a number, and more than any count of the API. */
const WHOLE_NUMBER = /^-?\d{1,15}$/;
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/;

function readNumber(text: string, { isInteger, minimum, maximum }: Shape & { kind: 'number' }): number {
  const value = (isInteger ? WHOLE_NUMBER : NUMBER).test(text) ? Number(text) : Number.NaN;
  const isWithin = value >= (minimum ?? value) && value <= (maximum ?? value);
  if (isWithin) return value;
  const bounds =
    minimum === undefined
      ? ''
      : maximum === undefined
        ? ` from ${minimum} on`
        : ` from ${minimum} to ${maximum}`;
  throw new InvalidArgumentError(`It takes a ${isInteger ? 'whole ' : ''}number${bounds}.`);
}

function readBoolean(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new InvalidArgumentError('It takes true or false.');
}

/** `kind=origination,percent=1.5`, or JSON. */
function readObject(text: string, fields: readonly Field[]): unknown {
  if (text.startsWith('{')) return readJson(text);
  const pairs = text.split(',').map((pair) => readPair(pair, fields));
  const given = new Set(pairs.map(([name]) => name));
  const missing = fields.find(({ name, isRequired }) => isRequired && !given.has(name));
  if (missing !== undefined) throw new InvalidArgumentError(`${missing.name} is missing.`);
  return Object.fromEntries(pairs);
}

function readPair(pair: string, fields: readonly Field[]): [string, unknown] {
  const [, name = '', text = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
  const field = fields.find((one) => one.name === name);
  if (field === undefined) {
    const names = fields.map((one) => one.name).join(', ');
    throw new InvalidArgumentError(
      `It takes name=value, more of them after commas, with the names ${names}; or JSON.`,
    );
  }
  return [name, readerOf(name, field.shape)(text)];
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It takes JSON.');
  }
}
