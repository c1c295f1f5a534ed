import type { KeywordDefinition, SchemaValidateFunction } from 'ajv/dist/types/index.js';
import { isObject } from '#lib/json-object.ts';
import { type Currency, parseCurrency } from '#lib/money/currencies.ts';
import { amountFault } from '#lib/money/money.ts';
import { ERROR_KEYWORD } from './field-errors.ts';

/** Ajv reads the errors of a keyword from its function. */
const checkAmount: SchemaValidateFunction = (_code: string, text: unknown, _schema, place) => {
  if (typeof text !== 'string' || place === undefined) return true;
  const name = String(place.parentDataProperty);
  const currency = currencyIn(place.parentData) ?? currencyIn(place.rootData);
  // What an operation moves is called `amount`, and is not nothing. The ends of a range may lie above every amount.
  const message = amountFault(text, currency, {
    mayBeZero: name !== 'amount',
    isBound: /^m(in|ax)[A-Z]/.test(name),
  });
  checkAmount.errors = message === undefined ? [] : [{ keyword: ERROR_KEYWORD, params: {}, message }];
  return message === undefined;
};

function currencyIn(fields: unknown): Currency | undefined {
  return isObject(fields) && typeof fields.currency === 'string' ? parseCurrency(fields.currency) : undefined;
}

/** Judges an amount by the currency beside it, or that of the whole request. */
export const AMOUNT_KEYWORD: KeywordDefinition = {
  keyword: ERROR_KEYWORD,
  schemaType: 'string',
  validate: checkAmount,
  errors: true,
};
