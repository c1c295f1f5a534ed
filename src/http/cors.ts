import cors from '@fastify/cors';
import type { HttpServer } from './server.ts';

/** What our calls take beyond what every page may send (Fetch standard, CORS-safelisted request headers). */
const REQUEST_HEADERS = ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match'];
/** What our answers say beside their bodies. */
const RESPONSE_HEADERS = [
  'ETag',
  'Idempotent-Replayed',
  'RateLimit',
  'RateLimit-Policy',
  'Request-Id',
  'Retry-After',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** A browser asks first once in ten minutes; an origin that is taken out is out by then. */
const PREFLIGHT_SECONDS = 600;

/**
 * Lets pages of these origins, and of no other, read our answers; without cookies, for tokens come in a header.
 * Call only where there are any, after addRateLimit, so that questions count, and before addAuthentication, since
 * browsers ask without a token.
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
