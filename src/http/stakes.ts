import type { preSerializationAsyncHookHandler, RouteOptions } from 'fastify';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import { hooksOf } from './hooks-of.ts';
import type { HttpServer } from './server.ts';

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyContextConfig {
    /** Whether the operation moves, promises or lends money: then it asks the gate. */
    isAtStake?: boolean;
  }
}

/** What operations commit, by operationId, and whether one has asked the gate about it in a request. */
export type Stakes = {
  readonly table: Readonly<Record<string, string>>;
  /** Whether an operation is the bank's, and not about the caller's own login. */
  readonly isOfBank: (operation: string) => boolean;
  readonly wasAsked: (caller: Caller, operation: string) => boolean;
};

/**
 * From here on every route that changes something says what it commits, in the table of stakes: a route without an
 * entry stops the start. An operation that moves, promises or lends money and succeeds without having asked the gate is
 * a bug, and answers 500. Call after addAuthorisation.
 */
export function addStakes(server: HttpServer, { table, isOfBank, wasAsked }: Stakes): void {
  const routes: RouteOptions[] = [];
  server.addHook('onRoute', (route) => {
    routes.push(route);
    const stake = table[route.schema?.operationId ?? ''];
    if (stake === undefined || stake === 'none') return;
    route.config = { ...route.config, isAtStake: true };
    route.preSerialization = [...hooksOf(route.preSerialization), assertAsked];
  });
  server.addHook('onReady', (done) => done(findMissing(routes, { table, isOfBank })));
  const assertAsked: preSerializationAsyncHookHandler = async ({ caller, routeOptions }, reply, payload) => {
    if (reply.statusCode >= 300) return payload;
    const isReplay = reply.getHeader('idempotent-replayed') !== undefined;
    const operation = routeOptions.schema?.operationId ?? '';
    assert(
      isReplay || wasAsked(caller, operation),
      `${operation} asks the gate about the money that it commits`,
    );
    return payload;
  };
}

function findMissing(
  routes: readonly RouteOptions[],
  { table, isOfBank }: Omit<Stakes, 'wasAsked'>,
): Error | undefined {
  const missing = routes.flatMap(({ method, schema }) => {
    const id = schema?.operationId ?? '';
    const isRead = method === 'GET' || method === 'HEAD';
    return isRead || !isOfBank(id) || table[id] !== undefined ? [] : [id];
  });
  if (missing.length === 0) return undefined;
  return new TypeError(`${missing.join(', ')}: src/bank/stakes.ts does not say what it commits.`);
}
