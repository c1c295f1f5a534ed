import type { FastifyReply, FastifyRequest } from 'fastify';
import { operationsOf } from '#http/operations.ts';
import { PageQuery, readPage } from '#http/pagination.ts';
import { nothing, pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import type { Caller, Restriction, Role } from '#lib/caller.ts';
import { commonError } from '#lib/errors.ts';
import { fromTypeId, parseTypeId } from '#lib/ids.ts';
import type { CredentialService, OwnSession } from './credential-service.ts';
import { userError } from './errors.ts';
import type { LoginService, Tokens } from './login-service.ts';
import { noRefreshCookie, refreshCookie, refreshCookieOf } from './refresh-cookie.ts';
import {
  ChangeEmailRequest,
  ChangePasswordRequest,
  ConfirmTotpRequest,
  LoginRequest,
  LoginTokensSchema,
  OwnUserSchema,
  type OwnUserView,
  RecoveryCodesSchema,
  RefreshRequest,
  RemoveTotpRequest,
  ResetPasswordRequest,
  SessionParams,
  SessionSchema,
  sessionView,
  TokensSchema,
  TotpEnrolmentSchema,
  userView,
} from './schemas.ts';
import type { UserService } from './service.ts';
import type { StoredSession } from './session-repository.ts';

const operation = operationsOf('Authentication');

/** Of calls that check a secret of the login, and count who guesses it. */
const GUESSABLE = {
  isNotRehearsed:
    'whether more is wrong would tell whether the secret is right, and no guess would be counted',
};

export type AuthServices = {
  readonly users: UserService;
  readonly logins: LoginService;
  readonly credentials: CredentialService;
};

/** What a role may call, out of the table of access. */
type OperationsFor = (role: Role, restriction: Restriction | undefined) => OwnUserView['operations'];

/** Logging in, and what users do about their own access. */
export function registerAuthRoutes(
  server: HttpServer,
  services: AuthServices,
  operationsFor: OperationsFor,
): void {
  registerLogin(server, services);
  registerOwnUser(server, services, operationsFor);
  registerResets(server, services);
  registerSessions(server, services);
  registerTotp(server, services);
}

function registerLogin(server: HttpServer, { logins }: AuthServices): void {
  server.post(
    '/v1/auth/login',
    operation('login', 'Log in with e-mail and password, and a one-time code where TOTP is on', {
      body: LoginRequest,
      response: { 200: LoginTokensSchema },
      problems: ['invalid_credentials', 'otp_required', 'too_many_requests'],
    }),
    async (request, reply) => {
      const { body, ip, id, headers } = request;
      const { refreshCookie: asCookie = false, ...given } = body;
      const from = { address: ip, requestId: id, userAgent: headers['user-agent'] };
      const { deviceToken, ...tokens } = await logins.login({ ...given, ...from });
      return { ...handOver(request, reply, tokens, asCookie), deviceToken };
    },
  );

  server.post(
    '/v1/auth/refresh',
    operation('refresh', 'Exchange a refresh token for the next, and for a fresh access token', {
      body: RefreshRequest,
      response: { 200: TokensSchema },
      problems: ['invalid_refresh_token'],
    }),
    async (request, reply) => {
      const { body, ip, id } = request;
      const token = body.refreshToken ?? refreshCookieOf(request);
      if (token === undefined) throw userError('invalid_refresh_token');
      const tokens = await logins.refresh(token, { address: ip, requestId: id });
      return handOver(request, reply, tokens, body.refreshToken === undefined);
    },
  );

  server.post(
    '/v1/auth/logout',
    operation('logout', 'End this session', {
      response: { 204: nothing('Ended.') },
    }),
    async (request, reply) => {
      await logins.logout(ownSession(request.caller));
      return reply.header('set-cookie', noRefreshCookie(request)).code(204).send(null);
    },
  );
}

function registerOwnUser(
  server: HttpServer,
  { users, credentials }: AuthServices,
  operationsFor: OperationsFor,
): void {
  server.get(
    '/v1/auth/me',
    operation('getOwnUser', 'Get the user of the session, and what it may call', {
      response: { 200: OwnUserSchema },
      problems: ['not_found'],
    }),
    async ({ caller }) => {
      const user = await users.get(ownSession(caller).userId);
      return { ...userView(user), operations: operationsFor(user.role, caller?.restriction) };
    },
  );

  server.post(
    '/v1/auth/password',
    {
      config: GUESSABLE,
      ...operation('changeOwnPassword', 'Change the own password, and end every other session', {
        body: ChangePasswordRequest,
        response: { 204: nothing('Changed.') },
        problems: ['invalid_credentials', 'too_many_requests'],
      }),
    },
    async ({ caller, body }, reply) => {
      await credentials.changePassword(ownSession(caller), body);
      return reply.code(204).send(null);
    },
  );
}

function registerResets(server: HttpServer, { credentials }: AuthServices): void {
  server.post(
    '/v1/auth/email',
    {
      config: GUESSABLE,
      ...operation('changeOwnEmail', 'Change the own e-mail address, and end every other session', {
        body: ChangeEmailRequest,
        response: { 204: nothing('Changed.') },
        problems: ['invalid_credentials', 'too_many_requests', 'user_disabled', 'user_exists'],
      }),
    },
    async ({ caller, body }, reply) => {
      await credentials.changeEmail(ownSession(caller), body);
      return reply.code(204).send(null);
    },
  );

  server.post(
    '/v1/auth/reset',
    operation('resetPassword', 'Set a new password with the code that an admin made', {
      body: ResetPasswordRequest,
      response: { 204: nothing('Set.') },
      problems: ['invalid_credentials', 'too_many_requests'],
    }),
    async ({ body, ip, id }, reply) => {
      await credentials.resetPassword({ ...body, address: ip, requestId: id });
      return reply.code(204).send(null);
    },
  );
}

function registerSessions(server: HttpServer, { logins }: AuthServices): void {
  server.get(
    '/v1/auth/sessions',
    operation('listOwnSessions', 'List the own sessions that are open, newest first', {
      querystring: PageQuery,
      response: { 200: pageSchema(SessionSchema) },
    }),
    ({ caller, query }) =>
      readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: StoredSession) => id,
        read: (limit, after) => logins.listSessions(ownSession(caller).userId, { after, limit }),
        view: sessionView,
      }),
  );

  server.delete(
    '/v1/auth/sessions/:id',
    operation('revokeOwnSession', 'End one of the own sessions', {
      params: SessionParams,
      response: { 204: nothing('Ended.') },
    }),
    async ({ caller, params }, reply) => {
      await logins.revokeSession(ownSession(caller), fromTypeId('session', params.id));
      return reply.code(204).send(null);
    },
  );
}

function registerTotp(server: HttpServer, { credentials }: AuthServices): void {
  server.post(
    '/v1/auth/totp',
    operation('enrolTotp', 'Make a secret for an authenticator; it counts once confirmed', {
      response: { 201: TotpEnrolmentSchema },
      problems: ['totp_enabled'],
    }),
    async ({ caller }, reply) => reply.code(201).send(await credentials.enrolTotp(ownSession(caller))),
  );

  server.post(
    '/v1/auth/totp/confirm',
    {
      config: GUESSABLE,
      ...operation('confirmTotp', 'Put TOTP in force with a first code; answers the recovery codes', {
        body: ConfirmTotpRequest,
        response: { 200: RecoveryCodesSchema },
        problems: ['invalid_credentials', 'totp_enabled', 'totp_not_enrolled'],
      }),
    },
    async ({ caller, body }) => ({
      recoveryCodes: await credentials.confirmTotp(ownSession(caller), body.code),
    }),
  );

  server.delete(
    '/v1/auth/totp',
    {
      config: GUESSABLE,
      ...operation('removeTotp', 'Take the second factor away; needs the password', {
        body: RemoveTotpRequest,
        response: { 204: nothing('Taken away.') },
        problems: ['invalid_credentials', 'password_too_short', 'too_many_requests'],
      }),
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

/** Tokens as they are answered: the refresh token as a cookie, where a page asked for that. */
function handOver(request: FastifyRequest, reply: FastifyReply, tokens: Tokens, asCookie: boolean) {
  if (!asCookie) return tokensView(tokens);
  reply.header('set-cookie', refreshCookie(request, tokens.refreshToken));
  return { ...tokensView(tokens), refreshToken: null };
}

function tokensView({ accessToken, refreshToken, expiresInSeconds, restriction }: Tokens) {
  const tokenType = 'Bearer' as const;
  const expiresIn = expiresInSeconds;
  return { accessToken, refreshToken, tokenType, expiresIn, restriction: restriction ?? null };
}
