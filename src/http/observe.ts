import type { FastifyReply, FastifyRequest, onResponseHookHandler } from 'fastify';
import type { Answer, RequestObserver } from '#lib/observer.ts';
import type { HttpServer } from './http-server.ts';

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyInstance {
    /** The observer of answers. */
    requestObserver: RequestObserver;
  }
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyRequest {
    /** The code of the problem that it was answered with; null if it was done. */
    refusalCode: string | null;
  }
}

/** The pattern under which requests without a route are counted: their own paths could be anything. */
const UNMATCHED = 'unmatched';

/** From here on the observer gets every answer, by the pattern of its route. Call before there are routes. */
export function addObserver(server: HttpServer, observer: RequestObserver): void {
  server.decorate('requestObserver', observer);
  server.decorateRequest('refusalCode', null);
  server.addHook('onRoute', (route) => {
    // HEAD and GET come one after the other: a route has one method here.
    const hook = tell(observer.route(String(route.method), route.url));
    const { onResponse = [] } = route;
    route.onResponse = [hook, ...(Array.isArray(onResponse) ? onResponse : [onResponse])];
  });
  const tellUnmatched = tell(observer.route('any', UNMATCHED));
  server.addHook('onResponse', function (request, reply, done) {
    if (request.is404) tellUnmatched.call(this, request, reply, done);
    else done();
  });
}

/** A hook of one route: the observer's function for the route is found once. */
function tell(listen: (answer: Answer) => void): onResponseHookHandler {
  return (request, reply, done) => {
    listen(answerOf(request, reply));
    done();
  };
}

function answerOf(request: FastifyRequest, reply: FastifyReply): Answer {
  return {
    status: reply.statusCode,
    durationMs: reply.elapsedTime,
    code: request.refusalCode ?? undefined,
    isReplay: reply.hasHeader('idempotent-replayed'),
  };
}
