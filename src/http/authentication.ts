import { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '#lib/caller.ts';
import { unauthenticated } from '#lib/errors.ts';
import { isWithin } from '#lib/networks.ts';
import { httpError } from './errors.ts';
import type { HttpServer } from './server.ts';

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyRequest {
    /** The caller; set before the handler of every route that is not public. */
    caller: Caller;
  }
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyContextConfig {
    /** Set on routes that answer without a token: probes, login, public keys. */
    isPublic?: boolean;
  }
}

const SCHEME = 'Bearer ';
/** Ours have 500 bytes; with the claims of others two or three thousand. */
const MAX_TOKEN_LENGTH = 4096;

/**
 * From here on every route needs `Authorization: Bearer …`, except those with `config: {isPublic: true}`; a path
 * without a route answers 404 to all. 401 `unauthenticated` is the same whatever was wrong. A key that came from an
 * address outside its bounds is refused with 403 `address_not_allowed` before anything of the request is judged.
 */
export function addAuthentication(
  server: HttpServer,
  authenticate: (token: string) => Promise<Caller>,
): void {
  server.addHook('onRequest', async (request) => {
    if (request.is404 || request.routeOptions.config.isPublic === true) return;
    const caller = await authenticate(bearerToken(request));
    request.caller = { ...caller, address: request.ip, requestId: request.id };
    const networks = caller.bounds?.networks;
    if (networks !== undefined && !isWithin(networks, request.ip)) throw httpError('address_not_allowed');
  });
}

/**
 * From here on every request is the operator's, who has the database itself. For a server that is called in its own
 * process and never listens: a request that came over a socket, whatever it carries, is refused with 401
 * `unauthenticated`.
 */
export function addOperator(server: HttpServer, operator: Caller): void {
  server.addHook('onRequest', async (request) => {
    if (request.raw.socket instanceof Socket) throw unauthenticated();
    request.caller = operator;
  });
}

/** Throws 401 `unauthenticated`: without the header, with two, another scheme, or an impossible token. */
function bearerToken(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (header === undefined || countAuthorizations(request.raw.rawHeaders) !== 1) throw unauthenticated();
  const token = header.slice(SCHEME.length);
  if (!header.startsWith(SCHEME) || token === '' || token.length > MAX_TOKEN_LENGTH) throw unauthenticated();
  return token;
}

/** Node keeps the first of several silently: a proxy before us may have looked at the last. */
function countAuthorizations(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 'authorization'.length && name.toLowerCase() === 'authorization') count += 1;
  }
  return count;
}
