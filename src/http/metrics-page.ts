import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { unauthenticated } from '#lib/errors.ts';
import { httpError } from './errors.ts';
import type { HttpServer } from './server.ts';

export type MetricsPage = {
  /** The page in Prometheus's text format. */
  readonly read: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** The bearer token to read it with; undefined allows only this machine. */
  readonly token: string | undefined;
};

/** Headers by which a proxy shows that a request came from elsewhere. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/**
 * `/metrics`: never public. Access to it needs no database: it is needed most when there is none. Throws 401
 * `unauthenticated` without the token where there is one, and 403 `metrics_private` for other machines where there is
 * none.
 */
export function registerMetrics(server: HttpServer, { read, token }: MetricsPage): void {
  const options = { config: { answersWhileClosing: true, isPublic: true }, schema: { hide: true } };
  server.get('/metrics', options, async (request, reply) => {
    requireReader(request, token);
    const { contentType, text } = await read();
    return reply.type(contentType).send(text);
  });
}

function requireReader(request: FastifyRequest, token: string | undefined): void {
  if (token === undefined) {
    if (isFromThisMachine(request)) return;
    throw httpError('metrics_private');
  }
  const given = request.headers.authorization ?? '';
  if (!timingSafeEqual(digest(given), digest(`Bearer ${token}`))) {
    throw unauthenticated();
  }
}

function isFromThisMachine({ socket, headers }: FastifyRequest): boolean {
  const { remoteAddress = '' } = socket;
  const isLoopback = remoteAddress === '::1' || /^(::ffff:)?127\./.test(remoteAddress);
  return isLoopback && !PROXY_HEADERS.some((name) => headers[name] !== undefined);
}

/** Of one length, whatever was given. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
