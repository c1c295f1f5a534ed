import { addOperator } from '#http/authentication.ts';
import { addAuthorisation } from '#http/authorisation.ts';
import { addDryRuns } from '#http/dry-runs.ts';
import { addKeyedRequests } from '#http/keyed-requests.ts';
import { addReadOnly } from '#http/read-only.ts';
import { createServer, type HttpServer } from '#http/server.ts';
import { addStakes } from '#http/stakes.ts';
import type { Caller } from '#lib/caller.ts';
import { operatorTable } from './access.ts';
import { dryRunsOf } from './dry-run/dry-runs.ts';
import { KEY_NEEDS, keyStore } from './key-store.ts';
import { operatingSystemUser } from './operating-system-user.ts';
import { registerRoutesOf } from './routes.ts';
import type { Services } from './services.ts';
import { stakesOf } from './stakes.ts';

/**
 * The actor of the command line: journal entries and idempotency keys belong to it. The audit trail has the user of the
 * operating system beside it, in place of an address.
 */
export const OPERATOR: Caller = {
  actor: 'cli',
  role: 'operator',
  address: operatingSystemUser(process.env),
};

export type DoorRequest = {
  /** The tag of the operation. */
  readonly tag: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string | undefined;
};

export type DoorAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
};

/** The API in this process, for the operator. */
export type OperatorDoor = {
  ask(request: DoorRequest): Promise<DoorAnswer>;
  close(): Promise<void>;
};

/**
 * Opens the API to the operator in the same process: every operation with the same checks, answers and refusals as
 * over HTTP, and no token. Nothing listens: the servers stay in here, one for each tag that is asked for, and take no
 * request from a socket.
 */
export function openOperatorDoor(
  services: Services,
  { isReadOnly = false }: { readonly isReadOnly?: boolean | undefined } = {},
): OperatorDoor {
  const servers = new Map<string, Promise<HttpServer>>();
  const serverOf = (tag: string): Promise<HttpServer> => {
    const server = servers.get(tag) ?? createDoor(tag, services, isReadOnly);
    servers.set(tag, server);
    return server;
  };
  return {
    ask: async ({ tag, method, path, headers, body }) => {
      const server = await serverOf(tag);
      const asked = { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
      const payload = body === undefined ? {} : { payload: body };
      const answer = await server.inject({ method, url: path, headers: asked, ...payload });
      const given = Object.entries(answer.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]);
      return { status: answer.statusCode, headers: new Headers(given), body: answer.rawPayload };
    },
    close: async () => {
      for (const server of servers.values()) await (await server).close();
    },
  };
}

async function createDoor(tag: string, services: Services, isReadOnly: boolean): Promise<HttpServer> {
  const server = createServer({ logger: false, compiles: 'at first use' });
  if (isReadOnly) addReadOnly(server);
  addOperator(server, OPERATOR);
  addAuthorisation(server, operatorTable(), { isPart: true });
  addStakes(server, stakesOf(services.gate));
  addDryRuns(server, dryRunsOf(services));
  addKeyedRequests(server, keyStore(services.context), KEY_NEEDS);
  await registerRoutesOf(tag, server, services);
  await server.ready();
  return server;
}
