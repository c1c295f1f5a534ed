import fc from 'fast-check';
import { chance } from '../draw.ts';
import type { Operation, Parameter } from '../operations.ts';
import { refine } from './refined.ts';
import type { Request } from './request.ts';
import { kindOf, madeOf, type Source } from './values.ts';

/** The percentage of optional parameters that are given. */
const OPTIONAL_PERCENT = 30;

/** A request that the document allows, with ids from earlier answers. */
export function validRequest(operation: Operation, caller: string, source: Source): Request {
  const { draw, pool } = source;
  let { path } = operation;
  const query: [string, string][] = [];
  const headers: Record<string, string> = {};
  for (const parameter of operation.parameters) {
    const { in: place, name, required = false } = parameter;
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(textOf(parameter, source)));
    else if (place === 'query' && (required || chance(draw, OPTIONAL_PERCENT))) {
      query.push(...pairsOf(parameter, source));
    } else if (name === 'Idempotency-Key') headers['idempotency-key'] = draw(fc.uuid());
    else if (name === 'If-Match') headers['if-match'] = pool.any(`etag ${path}`, draw) ?? '*';
  }
  const body =
    operation.body === undefined ? undefined : refine(operation.id, madeOf(operation.body, source), source);
  const { method } = operation;
  return { operation, caller, kind: 'valid', method, path, query, headers, body };
}

/** An object is given pair by pair: `metadata[branch]=north`. */
function pairsOf(parameter: Parameter, source: Source): [string, string][] {
  const { name, schema } = parameter;
  if (schema.type !== 'object') return [[name, encodeURIComponent(textOf(parameter, source))]];
  const made = Object.entries(madeOf(schema, source, name) as object);
  return made.map(([key, text]) => [`${name}[${encodeURIComponent(key)}]`, encodeURIComponent(String(text))]);
}

function textOf({ name, schema, example }: Parameter, source: Source): string {
  if (schema.format === 'typeid') return source.pool.id(kindOf(schema, example), source.draw);
  return String(madeOf(schema, source, name));
}
