import { etagged, IfMatchHeaders, IfNoneMatchHeaders, requireIfMatch } from '#http/etag.ts';
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
  LoginPolicyRequest,
  LoginPolicySchema,
  ResetUserRequest,
  UserParams,
  UserResetSchema,
  UserSchema,
  userView,
} from './schemas.ts';
import type { UserService } from './service.ts';

const operation = operationsOf('Users');

/** Who may log in. */
export function registerUserRoutes(server: HttpServer, users: UserService): void {
  registerWrites(server, users);
  registerWaysBack(server, users);
  registerPolicy(server, users);
  registerReads(server, users);
}

function registerWrites(server: HttpServer, users: UserService): void {
  server.post(
    '/v1/users',
    operation('createUser', 'Take on a user with an initial password', {
      body: CreateUserRequest,
      response: { 201: UserSchema },
      problems: ['not_found', 'customer_closed', 'customer_deceased', 'user_exists'],
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
    operation(
      'changeUser',
      'Change a user’s name, role or e-mail address; the latter two end the user’s sessions',
      {
        params: UserParams,
        headers: IfMatchHeaders,
        body: ChangeUserRequest,
        response: { 200: UserSchema },
        problems: ['last_admin', 'user_disabled', 'user_exists'],
      },
    ),
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

function registerWaysBack(server: HttpServer, users: UserService): void {
  server.post(
    '/v1/users/:id/enable',
    operation('enableUser', 'Give a disabled user the access back', {
      params: UserParams,
      response: { 200: UserSchema },
      problems: ['user_active', 'customer_closed', 'customer_deceased'],
    }),
    async ({ caller, params }, reply) =>
      etagged(reply, await users.enable(caller, fromTypeId('user', params.id)), userView),
  );

  server.post(
    '/v1/users/:id/reset',
    operation('resetUser', 'Give a user who cannot log in a code for a new password; ends every session', {
      params: UserParams,
      body: ResetUserRequest,
      response: { 201: UserResetSchema },
      problems: ['own_user', 'user_disabled'],
    }),
    async ({ caller, params, body }, reply) => {
      const removesSecondFactor = body.secondFactor === true;
      const { code, expiresAt } = await users.reset(caller, fromTypeId('user', params.id), {
        removesSecondFactor,
      });
      return reply.code(201).send({ code, expiresAt: expiresAt.toISOString() });
    },
  );
}

function registerPolicy(server: HttpServer, users: UserService): void {
  server.get(
    '/v1/login-policy',
    operation('getLoginPolicy', 'Get what the bank asks of logins', { response: { 200: LoginPolicySchema } }),
    () => users.policy(),
  );

  server.put(
    '/v1/login-policy',
    operation('setLoginPolicy', 'Set what the bank asks of logins', {
      body: LoginPolicyRequest,
      response: { 200: LoginPolicySchema },
    }),
    ({ caller, body }) => users.setPolicy(caller, body),
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
      headers: IfNoneMatchHeaders,
      response: { 200: UserSchema },
    }),
    async ({ params }, reply) => {
      const user = await users.get(fromTypeId('user', params.id));
      return etagged(reply, user, userView);
    },
  );
}
