import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Span, Tracer } from '#lib/observer.ts';
import type { HttpServer } from './http-server.ts';

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyRequest {
    /** The span of the request, where requests are traced; null where not. */
    span: Span | null;
  }
}

/**
 * From here on every request is a span, part of the trace that its `traceparent` names (W3C Trace Context), and what is
 * done for it is a part of it. Call before everything else that uses the database.
 */
export function addTracing(server: HttpServer, tracer: Tracer): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const span = startSpan(tracer, request);
    request.span = span;
    tracer.within(span, done);
  });
  // The body came by events of the socket, which know nothing about the request.
  server.addHook('preValidation', ({ span }, _reply, done) => {
    if (span === null) done();
    else tracer.within(span, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    if (request.span !== null) endSpan(request.span, request, reply);
    done();
  });
}

function startSpan(tracer: Tracer, { method, id, headers, is404, routeOptions }: FastifyRequest): Span {
  const route = is404 ? 'unmatched' : (routeOptions.url ?? 'unmatched');
  const { traceparent } = headers;
  return tracer.start(`${method} ${route}`, {
    kind: 'server',
    attributes: { 'http.request.method': method, 'http.route': route, 'florin.request_id': id },
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
  });
}

function endSpan(span: Span, { refusalCode }: FastifyRequest, { statusCode }: FastifyReply): void {
  span.set('http.response.status_code', statusCode);
  if (refusalCode !== null) span.set('florin.outcome', refusalCode);
  if (statusCode >= 500) span.fail(refusalCode ?? String(statusCode));
  span.end();
}
