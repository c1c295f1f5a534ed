import type { FastifyRequest } from 'fastify';
import { commonError } from '#lib/errors.ts';
import type { HttpServer } from './server.ts';

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyContextConfig {
    /** Set on a POST that stores nothing, like a quote: it is answered while the bank is read-only. */
    changesNothing?: boolean;
  }
}

const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** One for all: its stack tells nothing. */
const REFUSAL = commonError('read_only');

/**
 * From here on changes are refused with 503 `read_only`, before the body is read. It spares the database the work;
 * changes by another way would be refused by the read-only transactions of its connections.
 */
export function addReadOnly(server: HttpServer): void {
  server.addHook('onRequest', (request, _reply, done) => done(onlyReads(request) ? undefined : REFUSAL));
}

function onlyReads({ method, is404, routeOptions }: FastifyRequest): boolean {
  return is404 || READING_METHODS.has(method) || routeOptions.config.changesNothing === true;
}
