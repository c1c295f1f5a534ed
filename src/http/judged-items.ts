import type { AnySchemaObject } from 'ajv/dist/2020.js';
import type { FastifySchemaCompiler } from 'fastify';
import { FlorinError } from '#lib/errors.ts';
import { isObject } from '#lib/json-object.ts';
import type { HttpServer } from './http-server.ts';

/** In the place of an item of a body that its schema refuses: why, and the item as it was given. */
export class InvalidItem {
  readonly refusal: FlorinError;
  readonly given: unknown;

  constructor(refusal: FlorinError, given: unknown) {
    this.refusal = refusal;
    this.given = given;
  }
}

type Check = ReturnType<FastifySchemaCompiler<AnySchemaObject>>;

/**
 * For `validatorCompiler` of a route whose body has `items`: where `isEach` says so of a body, each item is judged for
 * itself. One that its schema refuses comes to the handler as an InvalidItem, with paths that begin in it. The rest of
 * the body is judged as ever.
 */
export function judgeItems(
  server: HttpServer,
  isEach: (body: Readonly<Record<string, unknown>>) => boolean,
): FastifySchemaCompiler<AnySchemaObject> {
  return (route) => {
    const compile = server.validatorCompiler;
    if (compile === undefined) throw new TypeError('The server has a compiler of schemas.');
    const whole: Check = compile(route);
    if (route.httpPart !== 'body') return whole;
    const { items: list, ...properties } = route.schema.properties;
    const { items: itemSchema, ...anyList } = list;
    const around = { ...route.schema, properties: { ...properties, items: anyList } };
    const checkAround: Check = compile({ ...route, schema: around });
    const checkItem: Check = compile({ ...route, schema: itemSchema });
    return (body: unknown) => {
      if (!isObject(body) || !isEach(body)) return whole(body);
      const refusal = refusalIn(checkAround(body));
      if (refusal !== undefined || !Array.isArray(body.items))
        return { error: refusal ?? new TypeError('no items') };
      return { value: { ...body, items: body.items.map((item) => judged(item, checkItem)) } };
    };
  };
}

function judged(item: unknown, check: Check): unknown {
  const refusal = refusalIn(check(item));
  return refusal === undefined ? item : new InvalidItem(refusal, item);
}

function refusalIn(checked: unknown): FlorinError | undefined {
  return isObject(checked) && checked.error instanceof FlorinError ? checked.error : undefined;
}
