import { decodeCursor, PageQuery, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { type ApiKeyId, fromTypeId } from '#lib/ids.ts';
import { ApiKeyParams, ApiKeySchema, CreateApiKey, CreatedApiKeySchema } from './schemas.ts';
import type { ApiKeyService } from './service.ts';
import { apiKeyView } from './view.ts';

const tags = ['Access'];

/** Keys with which services call the API. */
export function registerApiKeyRoutes(server: HttpServer, apiKeys: ApiKeyService): void {
  server.post(
    '/v1/api-keys',
    {
      schema: {
        operationId: 'createApiKey',
        summary: 'Make an API key; its token is shown this once',
        tags,
        body: CreateApiKey,
        response: { 201: CreatedApiKeySchema, ...problemResponses(400, 401, 413, 415) },
      },
    },
    async ({ body, caller }, reply) => {
      const { name, scopes, expiresAt } = body;
      const expiresAtMs = expiresAt === undefined ? undefined : Date.parse(expiresAt);
      const { key, token } = await apiKeys.create(caller, { name, scopes, expiresAtMs });
      return reply.code(201).send({ ...apiKeyView(key), token });
    },
  );

  server.get(
    '/v1/api-keys',
    {
      schema: {
        operationId: 'listApiKeys',
        summary: 'List API keys, newest first',
        tags,
        querystring: PageQuery,
        response: { 200: pageSchema(ApiKeySchema), ...problemResponses(400, 401) },
      },
    },
    async ({ query }) => {
      const limit = pageLimit(query);
      const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['uuid']);
      const rows = await apiKeys.list({ after: after as ApiKeyId | undefined, limit: limit + 1 });
      const page = toPage(rows, limit, ({ state }) => [state.id]);
      return { ...page, data: page.data.map(apiKeyView) };
    },
  );

  server.get(
    '/v1/api-keys/:id',
    {
      schema: {
        operationId: 'getApiKey',
        summary: 'Get an API key',
        tags,
        params: ApiKeyParams,
        response: { 200: ApiKeySchema, ...problemResponses(401, 404) },
      },
    },
    async ({ params }) => apiKeyView(await apiKeys.get(fromTypeId('apiKey', params.id))),
  );

  server.delete(
    '/v1/api-keys/:id',
    {
      schema: {
        operationId: 'revokeApiKey',
        summary: 'Revoke an API key; it stays in the list',
        tags,
        params: ApiKeyParams,
        response: {
          204: { type: 'null', description: 'Revoked.' },
          ...problemResponses(400, 401, 404, 413, 415),
        },
      },
    },
    async ({ caller, params }, reply) => {
      await apiKeys.revoke(caller, fromTypeId('apiKey', params.id));
      return reply.code(204).send(null);
    },
  );
}
