import { hash } from 'node:crypto';
import type { FastifyRequest, RouteOptions } from 'fastify';
import { isObject } from '#lib/json-object.ts';
import { canonicalJson } from './canonical-json.ts';
import { hooksOf } from './hooks-of.ts';
import type { HttpServer } from './http-server.ts';
import { invalidCursor } from './pagination.ts';

/** Characters of base64url, 72 bits: nobody comes across the mark of another list by accident, and it forges nothing. */
const MARK_LENGTH = 12;

/**
 * From here on the cursors of every list bear a mark of it: the operation, the ids in its path and its filters. A
 * cursor of another list, or of the same one with other filters, is refused with 400 `validation_failed`. Call before
 * there are routes.
 */
export function addCursorMarks(server: HttpServer): void {
  server.addHook('onRoute', (route) => {
    const hooks = hooksOf(route.preHandler);
    // A HEAD has the hooks of its GET.
    if (!takesCursor(route) || hooks.includes(takeMark)) return;
    route.preHandler = [...hooks, takeMark];
    route.preSerialization = [...hooksOf(route.preSerialization), addMark];
  });
}

function takesCursor({ schema }: RouteOptions): boolean {
  const { querystring } = schema ?? {};
  return isObject(querystring) && isObject(querystring.properties) && 'cursor' in querystring.properties;
}

async function takeMark(request: FastifyRequest): Promise<void> {
  const { query } = request;
  if (!isObject(query) || typeof query.cursor !== 'string') return;
  if (query.cursor.slice(0, MARK_LENGTH) !== markOf(request)) throw invalidCursor();
  request.query = { ...query, cursor: query.cursor.slice(MARK_LENGTH) };
}

async function addMark(request: FastifyRequest, _reply: unknown, page: unknown): Promise<unknown> {
  if (!isObject(page) || typeof page.nextCursor !== 'string') return page;
  return { ...page, nextCursor: `${markOf(request)}${page.nextCursor}` };
}

/** The same for every page of a list, however many rows one has. */
function markOf({ routeOptions, params, query }: FastifyRequest): string {
  const { limit: _, cursor: __, ...filters } = isObject(query) ? query : {};
  const list = [routeOptions.url, canonicalJson(params), canonicalJson(filters)];
  return hash('sha256', JSON.stringify(list), 'base64url').slice(0, MARK_LENGTH);
}
