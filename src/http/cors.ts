import cors from '@fastify/cors';
import type { HttpServer } from './server.ts';

/**
 * Request headers of our calls beyond those that every page may send (Fetch standard, CORS-safelisted request headers).
 */
const REQUEST_HEADERS = ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match'];
/** Headers of our answers that pages may read. */
const RESPONSE_HEADERS = [
  'ETag',
  'Idempotent-Replayed',
  'RateLimit',
  'RateLimit-Policy',
  'Request-Id',
  'Retry-After',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** A browser sends a preflight once in ten minutes; by then a removed origin has no more access. */
const PREFLIGHT_SECONDS = 600;

/**
 * Lets pages of these origins, and of no other, read our answers; without cookies, for tokens come in a header. Call
 * only where there are any, after addRateLimit, so that preflights count, and before addAuthentication, since they have
 * no token.
 */
export async function addCors(server: HttpServer, origins: readonly string[]): Promise<void> {
  const allowed = new Set(origins);
  server.addHook('onRoute', (route) => {
    // The plugin's own, for preflights: an OPTIONS that is not one is a 404.
    if (route.method === 'OPTIONS' && route.url === '*') route.config = { ...route.config, isPublic: true };
  });
  await server.register(cors, {
    origin: (origin, allow) => allow(null, origin !== undefined && allowed.has(origin) ? origin : false),
    methods: METHODS,
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: RESPONSE_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
    // Its own refusal is not in problem+json.
    strictPreflight: false,
  });
}
