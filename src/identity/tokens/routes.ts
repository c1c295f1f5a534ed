import { problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import type { AccessTokens } from './access-tokens.ts';
import { JWKS_MAX_AGE_SECONDS } from './lifetimes.ts';
import { KeySetSchema } from './schemas.ts';

/** The public keys of our access tokens. */
export function registerTokenRoutes(server: HttpServer, tokens: AccessTokens): void {
  server.get(
    '/.well-known/jwks.json',
    {
      schema: {
        operationId: 'getKeySet',
        summary: 'Get the public keys that access tokens are signed with',
        tags: ['Access'],
        response: { 200: KeySetSchema, ...problemResponses(503) },
      },
    },
    async (_request, reply) => {
      const keys = await tokens.publishedKeys();
      return reply.header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`).send({ keys });
    },
  );
}
