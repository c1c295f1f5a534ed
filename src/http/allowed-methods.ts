import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpError } from './errors.ts';
import type { HttpServer } from './http-server.ts';
import { handleNotFound, sendError } from './problem.ts';

type Path = { readonly pattern: RegExp; readonly methods: Set<string> };

/**
 * Answers what no route takes: 404 for a path that does not exist, and 405 `method_not_allowed` with the methods in
 * Allow (RFC 9110, 15.5.6) for one that does. OPTIONS of a path is 204 with the same header. Call before there are
 * routes.
 */
export function addAllowedMethods(server: HttpServer): void {
  const paths = new Map<string, Path>();
  server.addHook('onRoute', ({ url, method }) => {
    // The plugin's for CORS takes OPTIONS everywhere.
    if (url === '*') return;
    const path = paths.get(url) ?? { pattern: patternOf(url), methods: new Set(['OPTIONS']) };
    paths.set(url, path);
    for (const one of [method].flat()) path.methods.add(one);
  });
  server.setNotFoundHandler((request, reply) => answer(request, reply, methodsAt(paths, request.url)));
}

function answer(request: FastifyRequest, reply: FastifyReply, methods: readonly string[]): FastifyReply {
  // A browser's question about another origin is not answered, whatever the path: it is CORS that would.
  const isPreflight = request.headers['access-control-request-method'] !== undefined;
  if (methods.length === 0 || isPreflight) return handleNotFound(request, reply);
  reply.header('allow', methods.join(', '));
  if (request.method === 'OPTIONS') return reply.code(204).send();
  return sendError(httpError('method_not_allowed', { methods: methods.join(', ') }), request, reply);
}

function methodsAt(paths: ReadonlyMap<string, Path>, url: string): string[] {
  const [path = ''] = url.split('?', 1);
  const found = [...paths.values()].filter(({ pattern }) => pattern.test(path));
  return [...new Set(found.flatMap(({ methods }) => [...methods]))].toSorted();
}

/** What a route's path matches, with a slash at its end or without. */
function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : RegExp.escape(part);
  });
  return new RegExp(`^${parts.join('/')}/?$`);
}
