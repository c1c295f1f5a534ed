import type { FastifyRequest } from 'fastify';
import type { FieldError, RequestPart } from '#lib/errors.ts';
import { isObject } from '#lib/json-object.ts';

/** A wrong field as a problem shows it. `pointer` (RFC 6901) leads to it in a body. */
export type ShownField = {
  readonly path: string;
  readonly in: RequestPart;
  readonly pointer?: string;
  readonly code: string;
  readonly message: string;
};

/** The fields of a refusal, each with the part of the request that it is in. */
export function shownFields(
  fields: readonly FieldError[],
  request: FastifyRequest | undefined,
): ShownField[] {
  return fields.map(({ path, message, code = 'invalid', in: part = partOf(path, request) }) => ({
    path,
    in: part,
    ...(part === 'body' ? { pointer: pointerOf(path) } : {}),
    code,
    message,
  }));
}

/** The part of a request whose schema has the field. */
function partOf(path: string, request: FastifyRequest | undefined): RequestPart {
  const { querystring, headers, params } = request?.routeOptions.schema ?? {};
  const [name = ''] = path.split(/[.[]/);
  if (hasField(headers, name)) return 'header';
  if (request?.method === 'GET' || hasField(querystring, name)) return 'query';
  return hasField(params, name) && !hasField(request?.routeOptions.schema?.body, name) ? 'path' : 'body';
}

function hasField(schema: unknown, name: string): boolean {
  if (!isObject(schema)) return false;
  const alternatives = [schema.oneOf, schema.anyOf, schema.allOf].flatMap((one) =>
    Array.isArray(one) ? one : [],
  );
  const isOwn = isObject(schema.properties) && Object.hasOwn(schema.properties, name);
  return isOwn || alternatives.some((one) => hasField(one, name));
}

/** `items[3].amount` as `/items/3/amount`; the whole body as an empty text. */
function pointerOf(path: string): string {
  if (path === 'body') return '';
  const names = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
