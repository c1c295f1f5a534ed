import type { FastifySchema } from 'fastify';
import { Type } from 'typebox';
import { validationFailed } from '#lib/errors.ts';
import { type Id, type IdName, parseTypeId } from '#lib/ids.ts';
import { typeIdSchema } from './schemas.ts';

/**
 * Describes the operations of a tag: `operation('getAccount', 'Get an account', {params, response})` is the options of
 * a route. Its id is that of the OpenAPI document and of the table of access.
 */
export function operationsOf(tag: string) {
  const tags = [tag];
  return <const Schema extends FastifySchema>(operationId: string, summary: string, schema: Schema) => ({
    schema: { operationId, summary, tags, ...schema },
  });
}

/** The parameters of a path with the id of one resource: `/v1/accounts/:id`. */
export function idParams(name: IdName) {
  return Type.Object({ id: typeIdSchema(name) });
}

const NUMBER_PATTERN = '^[1-9][0-9]{0,8}$';

/** A number in a path, like that of a statement. Read it with numberInPath: paths are not judged by their schema. */
export function numberParam(description: string, example: string) {
  return Type.String({ description, pattern: NUMBER_PATTERN, examples: [example] });
}

/** The number in a path; 0, which nothing has, for a text that is not one. */
export function numberInPath(text: string): number {
  return new RegExp(NUMBER_PATTERN).test(text) ? Number(text) : 0;
}

/** The id in a filter of a list; undefined without one. Throws 400 `validation_failed` where it is not such an id. */
export function idFilter<Name extends IdName>(
  name: Name,
  text: string | undefined,
  path = `${name}Id`,
): Id<Name> | undefined {
  const id = text === undefined ? undefined : parseTypeId(name, text);
  if (text !== undefined && id === undefined) {
    throw validationFailed({ path, message: `must be the id of ${nounOf(name)}` });
  }
  return id;
}

/** A resource in words: `an account`, `a loan product`. */
function nounOf(name: IdName): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${/^[aeio]/.test(words) ? 'an' : 'a'} ${words}`;
}
