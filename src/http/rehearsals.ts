import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpServer } from './http-server.ts';

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyInstance {
    rehearse?: Rehearse;
  }
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyContextConfig {
    /**
     * Judges a body by what its handler asks late, after other fields were used, and stores nothing: it throws as the
     * handler would. Where the schema refused a field, UNJUDGED stands in its place.
     */
    judge?: (body: never) => unknown;
    /** Why the handler does not say what else is wrong with a request that its schema refused. */
    isNotRehearsed?: string;
  }
}

/** Runs work that stores nothing, whatever it does, for a request of whose bounds it has made sure. */
export type Rehearse = (request: FastifyRequest, work: () => Promise<unknown>) => Promise<void>;

/**
 * From here on the handler of a request runs, as far as its first write, also where the schema has refused the request.
 * So the answer names what the bank's own rules refuse, too (other-faults.ts). This holds for every route whose caller is
 * known, unless its `config.isNotRehearsed` says why not.
 */
export function addRehearsals(server: HttpServer, rehearse: Rehearse): void {
  server.decorate('rehearse', rehearse);
}

/** What stands in the place of parts of a request that were refused. */
export type Parts = Pick<FastifyRequest, 'body' | 'query'>;

/** The refusals of the handler, and of its late rules, of a request with these parts, a fresh key, and the version that there is. */
export async function refusalsOf(request: FastifyRequest, parts: Parts): Promise<unknown[]> {
  const { server, routeOptions } = request;
  const { judge, isNotRehearsed, bareHandler: handler = routeOptions.handler } = routeOptions.config;
  const { rehearse } = server;
  const caller: FastifyRequest['caller'] | undefined = request.caller;
  if (rehearse === undefined || caller === undefined || isNotRehearsed !== undefined) return [];
  const asked = standInFor(request, parts);
  const rules = [
    async () => rehearse(asked, async () => handler.call(server, asked, NO_REPLY)),
    async () => judge?.(parts.body as never),
  ];
  const results = await Promise.allSettled(rules.map((rule) => rule()));
  return results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
}

function standInFor(request: FastifyRequest, { body, query }: Parts): FastifyRequest {
  const headers = { ...request.raw.headers, 'idempotency-key': randomUUID(), 'if-match': '*' };
  const raw = Object.create(request.raw, { headers: { value: headers } });
  return Object.create(request, {
    body: { value: body },
    query: { value: query },
    headers: { value: headers },
    raw: { value: raw },
  });
}

/** Takes all that is said to it, and says nothing: the request is answered already. */
const NO_REPLY: FastifyReply = new Proxy(() => undefined, {
  get: (_, name) => (name === 'then' ? undefined : () => NO_REPLY),
}) as unknown as FastifyReply;
