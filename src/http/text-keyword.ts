import type { KeywordDefinition, SchemaValidateFunction } from 'ajv/dist/types/index.js';
import { textFault } from '#lib/text.ts';

/** The annotation of a text that a person writes: a `line`, or a `name`, which has a letter. The document shows none. */
export const TEXT_KEYWORD = 'x-florin-text';

/** Ajv reads the errors of a keyword from its function. */
const checkText: SchemaValidateFunction = (kind: string, text: unknown) => {
  if (typeof text !== 'string') return true;
  // Of an empty text minLength tells.
  const message = text === '' ? undefined : textFault(text, { isName: kind === 'name' });
  checkText.errors = message === undefined ? [] : [{ keyword: TEXT_KEYWORD, params: {}, message }];
  return message === undefined;
};

/** Judges a text by the rules of `cleanText` and `cleanName`, so that one answer says all that is wrong. */
export const TEXT_RULE: KeywordDefinition = {
  keyword: TEXT_KEYWORD,
  schemaType: 'string',
  validate: checkText,
  errors: true,
};
