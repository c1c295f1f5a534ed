import type { RouteOptions } from 'fastify';
import type { Caller, Role } from '#lib/caller.ts';
import { commonError, type FlorinError } from '#lib/errors.ts';
import type { Scope } from '#lib/scopes.ts';
import { httpError } from './errors.ts';
import type { HttpServer } from './server.ts';

/** Who may call an operation: users by their role, API keys by a scope, or by none; in the operator's own process the operator. */
export type Access = {
  readonly roles: ReadonlySet<Role | 'operator'>;
  readonly scope: Scope | undefined;
  /** About the caller's own login: also for users who must first do something about it. */
  readonly isAboutOwnLogin?: boolean;
};

/** The access of every operation by its operationId; `public` needs no token. */
export type AccessTable = ReadonlyMap<string, Access | 'public'>;

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyContextConfig {
    /** From the table of access; routes that are not public have it. */
    access?: Access;
  }
}

/** The name of the bearer token in the OpenAPI document. */
export const SECURITY_SCHEME = 'bearer';

/**
 * From here on every route is in the table, or public by itself (pages, probes): a route without an entry and an entry
 * without a route stop the start. A caller without access to an operation gets 403 `forbidden` before anything of the
 * body is read. Documents what it does on every route. Call after addAuthentication and addRateLimit: refused requests
 * count. A server that is a part of the API leaves entries of the table without a route.
 */
export function addAuthorisation(
  server: HttpServer,
  table: AccessTable,
  { isPart = false }: { readonly isPart?: boolean } = {},
): void {
  const routes: RouteOptions[] = [];
  server.addHook('onRoute', (route) => {
    routes.push(route);
    const entry = table.get(route.schema?.operationId ?? '');
    if (entry === 'public') {
      route.config = { ...route.config, isPublic: true };
      route.schema = { ...route.schema, security: [] };
    } else if (entry !== undefined) {
      route.config = { ...route.config, access: entry };
    }
  });
  server.addHook('onReady', (done) => done(findMismatch(routes, isPart ? new Map() : table)));
  server.addHook('preParsing', ({ is404, caller, routeOptions: { config } }, _reply, _payload, done) => {
    const restriction = is404 || config.isPublic === true ? undefined : restrictionOn(caller, config.access);
    if (restriction !== undefined) return done(httpError(restriction));
    const mayPass = is404 || config.isPublic === true || mayCall(caller, config.access);
    done(mayPass ? null : refusalOf(caller, config.access));
  });
}

/** 403 `forbidden`, with the scope that an API key lacks, or the roles that may. */
function refusalOf({ role }: Caller, access: Access | undefined): FlorinError<'forbidden'> {
  const scope = role === 'service' ? access?.scope : undefined;
  if (scope !== undefined) return commonError('forbidden', { scope, members: { scope } });
  const roles = [...(access?.roles ?? [])].join(' or ');
  return commonError('forbidden', roles === '' ? {} : { role: roles, members: { role: roles } });
}

/**
 * Whether the table lets a caller in. Access that it does not grant is refused; the table of the server names no
 * operator.
 */
export function mayCall({ role, scopes }: Caller, access: Access | undefined): boolean {
  if (access === undefined) return false;
  if (role !== 'service') return access.roles.has(role);
  return access.scope !== undefined && scopes?.includes(access.scope) === true;
}

/** Why a caller must first do something about the own login. */
function restrictionOn({ restriction }: Caller, access: Access | undefined) {
  if (restriction === undefined || access?.isAboutOwnLogin === true) return undefined;
  return restriction === 'second_factor' ? 'second_factor_required' : 'password_change_required';
}

function findMismatch(routes: readonly RouteOptions[], table: AccessTable): Error | undefined {
  const isOpen = ({ config }: RouteOptions) => config?.isPublic === true || config?.access !== undefined;
  const unlisted = routes.filter((route) => !isOpen(route));
  const served = new Set(routes.map(({ schema }) => schema?.operationId));
  const unserved = [...table.keys()].filter((operation) => !served.has(operation));
  const lacks = [
    ...unlisted.map(({ method, url }) => `${String(method)} ${url} has no entry in the table of access`),
    ...unserved.map((operation) => `${operation} of the table of access has no route`),
  ];
  return lacks.length === 0 ? undefined : new TypeError(`${lacks.join('; ')}.`);
}
