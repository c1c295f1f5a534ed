import { etagged, IfMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import type { StoredUser } from './repository.ts';
import {
  ChangeUserRequest,
  CreateUserRequest,
  ListUsersQuery,
  UserParams,
  UserSchema,
  userView,
} from './schemas.ts';
import type { UserService } from './service.ts';

const operation = operationsOf('Users');

/** Who may log in. */
export function registerUserRoutes(server: HttpServer, users: UserService): void {
  registerWrites(server, users);
  registerReads(server, users);
}

function registerWrites(server: HttpServer, users: UserService): void {
  server.post(
    '/v1/users',
    operation('createUser', 'Take on a user with an initial password', {
      body: CreateUserRequest,
      response: { 201: UserSchema },
      problems: ['not_found', 'customer_closed', 'user_exists'],
    }),
    async ({ caller, body }, reply) => {
      const { password, customerId, ...details } = body;
      const owner = optional(customerId, (text) => fromTypeId('customer', text));
      const user = await users.create(caller, { ...details, customerId: owner }, password);
      const view = etagged(reply, user, userView);
      return reply.code(201).header('location', `/v1/users/${view.id}`).send(view);
    },
  );

  server.patch(
    '/v1/users/:id',
    operation('changeUser', 'Change a user’s name or role; another role ends the user’s sessions', {
      params: UserParams,
      headers: IfMatchHeaders,
      body: ChangeUserRequest,
      response: { 200: UserSchema },
      problems: ['last_admin', 'user_disabled'],
    }),
    async (request, reply) => {
      const id = fromTypeId('user', request.params.id);
      const user = await users.change(request.caller, id, requireIfMatch(request), request.body);
      return etagged(reply, user, userView);
    },
  );

  server.post(
    '/v1/users/:id/disable',
    operation('disableUser', 'End a user’s access, and every session', {
      params: UserParams,
      response: { 200: UserSchema },
      problems: ['last_admin', 'user_disabled'],
    }),
    async ({ caller, params }, reply) => {
      const user = await users.disable(caller, fromTypeId('user', params.id));
      return etagged(reply, user, userView);
    },
  );
}

function registerReads(server: HttpServer, users: UserService): void {
  server.get(
    '/v1/users',
    operation('listUsers', 'List users, newest first', {
      querystring: ListUsersQuery,
      response: { 200: pageSchema(UserSchema) },
    }),
    ({ query }) => {
      const { role, status, email } = query;
      return readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: StoredUser) => id,
        read: (limit, after) => users.list({ role, status, email, after, limit }),
        view: userView,
      });
    },
  );

  server.get(
    '/v1/users/:id',
    operation('getUser', 'Get a user', {
      params: UserParams,
      response: { 200: UserSchema },
    }),
    async ({ params }, reply) => {
      const user = await users.get(fromTypeId('user', params.id));
      return etagged(reply, user, userView);
    },
  );
}
