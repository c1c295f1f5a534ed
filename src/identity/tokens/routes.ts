import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import type { AccessTokens } from './access-tokens.ts';
import { JWKS_MAX_AGE_SECONDS } from './lifetimes.ts';
import { KeySetSchema } from './schemas.ts';

const operation = operationsOf('Access');

/** The public keys of our access tokens. */
export function registerTokenRoutes(server: HttpServer, tokens: AccessTokens): void {
  server.get(
    '/.well-known/jwks.json',
    operation('getKeySet', 'Get the public keys that access tokens are signed with', {
      response: { 200: KeySetSchema },
    }),
    async (_request, reply) => {
      const keys = await tokens.publishedKeys();
      return reply.header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`).send({ keys });
    },
  );
}
