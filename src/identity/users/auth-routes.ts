import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import type { Caller } from '#lib/caller.ts';
import { commonError } from '#lib/errors.ts';
import { fromTypeId, parseTypeId, type SessionId } from '#lib/ids.ts';
import type { CredentialService, OwnSession } from './credential-service.ts';
import type { LoginService, Tokens } from './login-service.ts';
import {
  ChangePassword,
  ConfirmTotp,
  ListSessionsQuery,
  Login,
  RecoveryCodesSchema,
  Refresh,
  RemoveTotp,
  SessionParams,
  SessionSchema,
  TokensSchema,
  TotpEnrolmentSchema,
  UserSchema,
} from './schemas.ts';
import type { UserService } from './service.ts';
import { sessionView, userView } from './view.ts';

const tags = ['Authentication'];

const NOTHING = (description: string) => ({ type: 'null', description }) as const;

export type AuthServices = {
  readonly users: UserService;
  readonly logins: LoginService;
  readonly credentials: CredentialService;
};

/** Logging in, and what users do about their own access. */
export function registerAuthRoutes(server: HttpServer, services: AuthServices): void {
  registerLogin(server, services);
  registerOwnUser(server, services);
  registerSessions(server, services);
  registerTotp(server, services);
}

function registerLogin(server: HttpServer, { logins }: AuthServices): void {
  server.post(
    '/v1/auth/login',
    {
      schema: {
        operationId: 'login',
        summary: 'Log in with e-mail and password, and a one-time code where TOTP is on',
        tags,
        body: Login,
        response: { 200: TokensSchema, ...problemResponses(400, 401, 413, 415, 429) },
      },
    },
    async ({ body, ip, id, headers }) =>
      tokensView(
        await logins.login({ ...body, address: ip, requestId: id, userAgent: headers['user-agent'] }),
      ),
  );

  server.post(
    '/v1/auth/refresh',
    {
      schema: {
        operationId: 'refresh',
        summary: 'Exchange a refresh token for the next, and for a fresh access token',
        tags,
        body: Refresh,
        response: { 200: TokensSchema, ...problemResponses(400, 401, 413, 415) },
      },
    },
    async ({ body, ip, id }) =>
      tokensView(await logins.refresh(body.refreshToken, { address: ip, requestId: id })),
  );

  server.post(
    '/v1/auth/logout',
    {
      schema: {
        operationId: 'logout',
        summary: 'End this session',
        tags,
        response: { 204: NOTHING('Ended.'), ...problemResponses(400, 401, 413, 415) },
      },
    },
    async ({ caller }, reply) => {
      await logins.logout(ownSession(caller));
      return reply.code(204).send(null);
    },
  );
}

function registerOwnUser(server: HttpServer, { users, credentials }: AuthServices): void {
  server.get(
    '/v1/auth/me',
    {
      schema: {
        operationId: 'getOwnUser',
        summary: 'Get the user who asks',
        tags,
        response: { 200: UserSchema, ...problemResponses(401, 404) },
      },
    },
    async ({ caller }) => userView(await users.get(ownSession(caller).userId)),
  );

  server.post(
    '/v1/auth/password',
    {
      schema: {
        operationId: 'changeOwnPassword',
        summary: 'Change the own password, and end every other session',
        tags,
        body: ChangePassword,
        response: { 204: NOTHING('Changed.'), ...problemResponses(400, 401, 413, 415, 429) },
      },
    },
    async ({ caller, body }, reply) => {
      await credentials.changePassword(ownSession(caller), body);
      return reply.code(204).send(null);
    },
  );
}

function registerSessions(server: HttpServer, { logins }: AuthServices): void {
  server.get(
    '/v1/auth/sessions',
    {
      schema: {
        operationId: 'listOwnSessions',
        summary: 'List the own sessions that are open, newest first',
        tags,
        querystring: ListSessionsQuery,
        response: { 200: pageSchema(SessionSchema), ...problemResponses(400, 401) },
      },
    },
    async ({ caller, query }) => {
      const limit = pageLimit(query);
      const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['uuid']);
      const { userId } = ownSession(caller);
      const options = { after: after as SessionId | undefined, limit: limit + 1 };
      const rows = await logins.listSessions(userId, options);
      const page = toPage(rows, limit, ({ id }) => [id]);
      return { ...page, data: page.data.map(sessionView) };
    },
  );

  server.delete(
    '/v1/auth/sessions/:id',
    {
      schema: {
        operationId: 'revokeOwnSession',
        summary: 'End one of the own sessions',
        tags,
        params: SessionParams,
        response: { 204: NOTHING('Ended.'), ...problemResponses(400, 401, 404, 413, 415) },
      },
    },
    async ({ caller, params }, reply) => {
      await logins.revokeSession(ownSession(caller), fromTypeId('session', params.id));
      return reply.code(204).send(null);
    },
  );
}

function registerTotp(server: HttpServer, { credentials }: AuthServices): void {
  server.post(
    '/v1/auth/totp',
    {
      schema: {
        operationId: 'enrolTotp',
        summary: 'Make a secret for an authenticator; it counts once confirmed',
        tags,
        response: { 201: TotpEnrolmentSchema, ...problemResponses(400, 401, 409, 413, 415) },
      },
    },
    async ({ caller }, reply) => reply.code(201).send(await credentials.enrolTotp(ownSession(caller))),
  );

  server.post(
    '/v1/auth/totp/confirm',
    {
      schema: {
        operationId: 'confirmTotp',
        summary: 'Put TOTP in force with a first code; answers the recovery codes',
        tags,
        body: ConfirmTotp,
        response: { 200: RecoveryCodesSchema, ...problemResponses(400, 401, 409, 413, 415) },
      },
    },
    async ({ caller, body }) => ({
      recoveryCodes: await credentials.confirmTotp(ownSession(caller), body.code),
    }),
  );

  server.delete(
    '/v1/auth/totp',
    {
      schema: {
        operationId: 'removeTotp',
        summary: 'Take the second factor away; needs the password',
        tags,
        body: RemoveTotp,
        response: { 204: NOTHING('Taken away.'), ...problemResponses(400, 401, 409, 413, 415, 429) },
      },
    },
    async ({ caller, body }, reply) => {
      await credentials.removeTotp(ownSession(caller), body.password);
      return reply.code(204).send(null);
    },
  );
}

/**
 * The session of a caller who logged in here. Throws 401 `unauthenticated` for everybody else: API keys and users
 * of an external issuer have none, and nothing here is theirs.
 */
function ownSession(caller: Caller | undefined): OwnSession {
  const userId = caller === undefined ? undefined : parseTypeId('user', caller.actor);
  const sessionId = caller?.sessionId;
  if (caller === undefined || userId === undefined || sessionId === undefined) {
    throw commonError('unauthenticated', { needs: 'a login' });
  }
  return { userId, sessionId, caller };
}

function tokensView({ accessToken, refreshToken, expiresInSeconds }: Tokens) {
  return { accessToken, refreshToken, tokenType: 'Bearer' as const, expiresIn: expiresInSeconds };
}
