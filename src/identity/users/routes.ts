import { etagOf, IfMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId, type UserId } from '#lib/ids.ts';
import { ChangeUser, CreateUser, ListUsersQuery, UserParams, UserSchema } from './schemas.ts';
import type { UserService } from './service.ts';
import { userView } from './view.ts';

const tags = ['Users'];

/** Who may log in. */
export function registerUserRoutes(server: HttpServer, users: UserService): void {
  registerWrites(server, users);
  registerReads(server, users);
}

function registerWrites(server: HttpServer, users: UserService): void {
  server.post(
    '/v1/users',
    {
      schema: {
        operationId: 'createUser',
        summary: 'Take on a user with an initial password',
        tags,
        body: CreateUser,
        response: { 201: UserSchema, ...problemResponses(400, 404, 409, 413, 415) },
      },
    },
    async ({ caller, body }, reply) => {
      const { password, customerId, ...details } = body;
      const owner = customerId === undefined ? undefined : fromTypeId('customer', customerId);
      const user = await users.create(caller, { ...details, customerId: owner }, password);
      const view = userView(user);
      return reply
        .code(201)
        .header('etag', etagOf(user.version))
        .header('location', `/v1/users/${view.id}`)
        .send(view);
    },
  );

  server.patch(
    '/v1/users/:id',
    {
      schema: {
        operationId: 'changeUser',
        summary: 'Change a user’s name or role; another role ends the user’s sessions',
        tags,
        params: UserParams,
        headers: IfMatchHeaders,
        body: ChangeUser,
        response: { 200: UserSchema, ...problemResponses(400, 404, 409, 412, 413, 415, 428) },
      },
    },
    async (request, reply) => {
      const id = fromTypeId('user', request.params.id);
      const user = await users.change(request.caller, id, requireIfMatch(request), request.body);
      return reply.header('etag', etagOf(user.version)).send(userView(user));
    },
  );

  server.post(
    '/v1/users/:id/disable',
    {
      schema: {
        operationId: 'disableUser',
        summary: 'End a user’s access, and every session',
        tags,
        params: UserParams,
        response: { 200: UserSchema, ...problemResponses(400, 404, 409, 413, 415) },
      },
    },
    async ({ caller, params }, reply) => {
      const user = await users.disable(caller, fromTypeId('user', params.id));
      return reply.header('etag', etagOf(user.version)).send(userView(user));
    },
  );
}

function registerReads(server: HttpServer, users: UserService): void {
  server.get(
    '/v1/users',
    {
      schema: {
        operationId: 'listUsers',
        summary: 'List users, newest first',
        tags,
        querystring: ListUsersQuery,
        response: { 200: pageSchema(UserSchema), ...problemResponses(400) },
      },
    },
    async ({ query }) => {
      const limit = pageLimit(query);
      const { role, status, email, cursor } = query;
      const [after] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid']);
      const filter = { role, status, email, after: after as UserId | undefined };
      const rows = await users.list({ ...filter, limit: limit + 1 });
      const page = toPage(rows, limit, ({ id }) => [id]);
      return { ...page, data: page.data.map(userView) };
    },
  );

  server.get(
    '/v1/users/:id',
    {
      schema: {
        operationId: 'getUser',
        summary: 'Get a user',
        tags,
        params: UserParams,
        response: { 200: UserSchema, ...problemResponses(404) },
      },
    },
    async ({ params }, reply) => {
      const user = await users.get(fromTypeId('user', params.id));
      return reply.header('etag', etagOf(user.version)).send(userView(user));
    },
  );
}
