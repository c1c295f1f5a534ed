import type { Static } from 'typebox';
import { operationsOf } from '#http/operations.ts';
import { PageQuery, readPage } from '#http/pagination.ts';
import { nothing, pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { checkAll } from '#lib/check-all.ts';
import { fromTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import { instantMs } from '#lib/time/instants.ts';
import type { ApiKey, NewApiKey } from './api-key.ts';
import {
  ApiKeyParams,
  ApiKeySchema,
  apiKeyView,
  boundsOf,
  CreateApiKeyRequest,
  CreatedApiKeySchema,
  RotateApiKeyRequest,
} from './schemas.ts';
import type { ApiKeyService } from './service.ts';

const operation = operationsOf('Access');

type NewKeyRequest = Static<typeof CreateApiKeyRequest>;

/** What a request asks for. Throws 400 `validation_failed` with all that is wrong with it. */
function newKeyOf(apiKeys: ApiKeyService, body: NewKeyRequest): NewApiKey {
  const { name, scopes, addresses } = body;
  const expiresAtMs = optional(body.expiresAt, instantMs);
  const { bounds } = checkAll({
    bounds: () => boundsOf(body),
    key: () => apiKeys.judge({ name, scopes, bounds: { networks: addresses }, expiresAtMs }),
  });
  return { name, scopes, bounds, expiresAtMs };
}

/** Keys with which services call the API. */
export function registerApiKeyRoutes(server: HttpServer, apiKeys: ApiKeyService): void {
  server.post(
    '/v1/api-keys',
    operation('createApiKey', 'Make an API key; its token is shown this once', {
      body: CreateApiKeyRequest,
      response: { 201: CreatedApiKeySchema },
    }),
    async ({ body, caller }, reply) => {
      const { key, token } = await apiKeys.create(caller, newKeyOf(apiKeys, body));
      return reply.code(201).send({ ...apiKeyView(key), token });
    },
  );

  server.get(
    '/v1/api-keys',
    operation('listApiKeys', 'List API keys, newest first', {
      querystring: PageQuery,
      response: { 200: pageSchema(ApiKeySchema) },
    }),
    ({ query }) =>
      readPage(query, {
        order: 'uuid',
        placeOf: ({ state }: ApiKey) => state.id,
        read: (limit, after) => apiKeys.list({ after, limit }),
        view: apiKeyView,
      }),
  );

  server.get(
    '/v1/api-keys/:id',
    operation('getApiKey', 'Get an API key', {
      params: ApiKeyParams,
      response: { 200: ApiKeySchema },
    }),
    async ({ params }) => apiKeyView(await apiKeys.get(fromTypeId('apiKey', params.id))),
  );

  server.post(
    '/v1/api-keys/:id/rotate',
    operation(
      'rotateApiKey',
      'Make the key that follows another for the same caller; both are valid for a while',
      {
        params: ApiKeyParams,
        body: RotateApiKeyRequest,
        response: { 201: CreatedApiKeySchema },
        problems: ['api_key_ended'],
      },
    ),
    async ({ caller, params, body }, reply) => {
      const previousUntilMs = optional(body.previousUntil, instantMs);
      const expiresAtMs = optional(body.expiresAt, instantMs);
      const id = fromTypeId('apiKey', params.id);
      const { key, token } = await apiKeys.rotate(caller, id, { previousUntilMs, expiresAtMs });
      return reply.code(201).send({ ...apiKeyView(key), token });
    },
  );

  server.delete(
    '/v1/api-keys/:id',
    operation('revokeApiKey', 'Revoke an API key; it stays in the list', {
      params: ApiKeyParams,
      response: {
        204: nothing('Revoked.'),
      },
    }),
    async ({ caller, params }, reply) => {
      await apiKeys.revoke(caller, fromTypeId('apiKey', params.id));
      return reply.code(204).send(null);
    },
  );
}
