import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from '#bank/app.ts';
import { adminPasswordFile, EMBEDDED_ADMIN_EMAIL, makeFirstAdmin } from '#bank/first-admin.ts';
import { type Bank, joinBank, openBank } from '#bank/open-bank.ts';
import { type Config, ConfigError, isLoopback } from '#config/config.ts';
import { isDemoBank, isSeededDemo, seedFirstDemo } from '#demo/first-demo.ts';
import { hireStaff } from '#demo/staff.ts';
import { VERSION } from '#src/version.ts';
import { shareMetrics } from '#watch/shared-metrics.ts';
import { addStateMetrics } from '#watch/state-metrics.ts';
import { openWatch, type Watch } from '#watch/watch.ts';
import { startBackground } from './background.ts';
import { hasConsole, loadConsole } from './console-files.ts';
import { LogStream } from './log-stream.ts';
import { untilEnded } from './stopping.ts';
import { choosePort, isWorker, type Served, serveAsWorker, WorkerPool } from './workers.ts';

/** The address cannot be listened on: one line for the operator. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export type RunningServer = Served & {
  /** Resolves when another process asks it to stop; rejects when it cannot go on. */
  readonly over: Promise<void>;
};

/**
 * Runs the bank: database, demo data on an embedded server's first start, API, by this process or by the workers it
 * forks. In a worker: only the API. `say` gets lines for the person at the terminal. Throws ConfigError,
 * EmbeddedPostgresError, DatabaseStartError, ListenError or WorkersError.
 */
export async function startServer(config: Config, say: (line: string) => void): Promise<RunningServer> {
  const watch = await openWatch(VERSION, config.tracing);
  if (isWorker()) return serveAsWorker(() => serve(joinBank(config, watch.observer), config, watch));
  await requirePrivateDemo(config);
  await requireAddress(config);
  const bank = await openBank(config, {
    migrates: true,
    onProgress: say,
    observer: watch.observer,
    beforeOpening: async (databaseUrl, embedded, dataKey) => {
      if (embedded !== undefined) await seedDemo({ ...config, dataKey }, databaseUrl, say);
    },
  });
  try {
    const admin = config.isReadOnly ? undefined : await makeFirstAdmin(bank, config);
    const isNewDemo = admin !== undefined && (await isSeededDemo(config));
    const staff = isNewDemo ? await hireStaff(bank.services, config) : undefined;
    const server =
      config.workers === 1 ? await serveAlone(bank, config, watch) : await serveByWorkers(bank, config, say);
    greet(bank, server.url, config, say);
    if (admin !== undefined) say(`  Admin     ${admin}`);
    if (staff !== undefined) say(`  Staff     ${staff}`);
    return server;
  } catch (error) {
    await bank.close();
    throw error;
  }
}

async function serve(bank: Bank, config: Config, watch: Watch): Promise<Served> {
  await bank.services.accessTokens.start();
  const { rateLimit, trustedProxies, corsOrigins, isReadOnly } = config;
  addStateMetrics(watch.metrics.registry, { ...bank.services, poolUse: bank.poolUse });
  const metrics = { read: shareMetrics(watch.metrics.registry), token: config.metricsToken };
  const { observer } = watch;
  const draining = new AbortController();
  const options = {
    rateLimit,
    trustedProxies,
    corsOrigins,
    isReadOnly,
    observer,
    metrics,
    draining: draining.signal,
  };
  const app = await createApp(
    bank.services,
    { level: config.logLevel, stream: new LogStream(process.stdout.fd) },
    { ...options, compiles: 'at first use', console: await loadConsole() },
  );
  const url = await app.listen({ host: config.host, port: config.port }).catch((error: unknown) => {
    throw asListenError(error, config);
  });
  const background = isReadOnly
    ? undefined
    : startBackground(bank.services, config.endOfDay, (error, what) =>
        app.log.error({ err: error }, `${what} failed`),
      );
  const close = async (): Promise<void> => {
    draining.abort();
    await delay(config.drainSeconds * 1_000);
    await untilEnded('requests under way', app.close());
    await untilEnded('the timers and what is to be posted', background?.close());
    await untilEnded('the database', bank.close());
    await untilEnded('traces', watch.close());
  };
  return { url, close };
}

async function serveAlone(bank: Bank, config: Config, watch: Watch): Promise<RunningServer> {
  const server = await serve(bank, config, watch);
  return { ...server, over: Promise.withResolvers<void>().promise };
}

async function serveByWorkers(
  bank: Bank,
  config: Config,
  say: (line: string) => void,
): Promise<RunningServer> {
  const port = await choosePort(config.host, config.port).catch((error: unknown) => {
    throw asListenError(error, config);
  });
  const environment = {
    DATABASE_URL: bank.databaseUrl,
    FLORIN_DATA_KEY: bank.services.context.dataKey.toText(),
    PORT: String(port),
  };
  const workers = new WorkerPool(config.workers, environment, say);
  try {
    const close = async (): Promise<void> => {
      await workers.stop();
      await bank.close();
    };
    return { url: await workers.listening, over: workers.over, close };
  } catch (error) {
    await workers.stop();
    throw error;
  }
}

/**
 * Whether the address can be listened on, asked before a database is made or a year of demo data: it is let go
 * again until there is something to serve. Throws ListenError.
 */
async function requireAddress(config: Config): Promise<void> {
  await choosePort(config.host, config.port).catch((error: unknown) => {
    throw asListenError(error, config);
  });
}

/** The demo is the same everywhere, so everybody knows its accounts and people: it is for one machine. */
async function requirePrivateDemo(config: Config): Promise<void> {
  if (isLoopback(config.host) || !(await isDemoBank(config))) return;
  throw new ConfigError(
    `HOST takes a loopback address for the demo bank in ${config.dataDir}, not "${config.host}"; FLORIN_DEMO=off with another FLORIN_DATA_DIR, or DATABASE_URL, makes a bank that may listen there`,
  );
}

async function seedDemo(config: Config, databaseUrl: string, say: (line: string) => void): Promise<void> {
  let announced = false;
  const summary = await seedFirstDemo(config, databaseUrl, () => {
    if (!announced) say('Filling the bank with a year of demo data …');
    announced = true;
  });
  if (summary === undefined) return;
  const { customers, accounts, transactions } = summary;
  say(`Demo data: ${customers} customers, ${accounts} accounts, ${transactions} transactions.`);
}

function greet({ embedded }: Bank, url: string, config: Config, say: (line: string) => void): void {
  const database =
    embedded === undefined
      ? 'the PostgreSQL of DATABASE_URL'
      : `embedded PostgreSQL ${embedded.version} in ${config.dataDir}`;
  say(`Florin ${VERSION} is running.`);
  if (hasConsole()) say(`  Console   ${url}/console/`);
  say(`  API       ${url}/v1`);
  say(`  Docs      ${url}/docs`);
  say(`  Database  ${database}`);
  if (config.workers > 1) say(`  Workers   ${config.workers} processes`);
  if (config.isReadOnly) say('  Mode      read-only: changes are refused');
  say(`  Login     ${describeLogin(embedded, config)}`);
}

function describeLogin(embedded: Bank['embedded'], config: Config): string {
  if (config.admin !== undefined) return `as ${config.admin.email}, unless the bank had users before`;
  if (embedded === undefined) return 'as a user of the bank; `florin users create` makes one';
  return `as ${EMBEDDED_ADMIN_EMAIL}, with the password in ${adminPasswordFile(config)}`;
}

function asListenError(error: unknown, { host, port }: Config): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'EADDRINUSE') {
    return new ListenError(`port ${port} on ${host} is in use; set PORT to another one`, { cause: error });
  }
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL') {
    return new ListenError(`cannot listen on port ${port} of ${host} (${error.code})`, { cause: error });
  }
  return error;
}
