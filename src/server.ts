import { Sealer } from '#features/audit/contract.ts';
import { createApp } from './app.ts';
import type { Bank } from './bank.ts';
import { openBank } from './bank.ts';
import type { Config } from './config.ts';
import { ConfigError, isLoopback } from './config.ts';
import { isDemoBank, seedFirstDemo } from './demo.ts';
import { adminPasswordFile, EMBEDDED_ADMIN_EMAIL, makeFirstAdmin } from './first-admin.ts';
import { VERSION } from './version.ts';

/** The address cannot be listened on: one line for whoever starts the server. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export type RunningServer = {
  readonly url: string;
  /** Answers what was accepted, refuses what comes, and stops. */
  close(): Promise<void>;
};

/**
 * Runs the bank: database, demo data on an embedded server's first start, API. `say` gets lines for the person
 * at the terminal. Throws ConfigError, EmbeddedPostgresError, DatabaseStartError or ListenError.
 */
export async function startServer(config: Config, say: (line: string) => void): Promise<RunningServer> {
  await requirePrivateDemo(config);
  const bank = await openBank(config, {
    onProgress: say,
    beforeOpening: async (databaseUrl, embedded, dataKey) => {
      if (embedded !== undefined) await seedDemo({ ...config, dataKey }, databaseUrl, say);
    },
  });
  try {
    const admin = await makeFirstAdmin(bank, config);
    await bank.services.accessTokens.start();
    const app = await createApp(
      bank.services,
      { level: config.logLevel },
      {
        rateLimit: config.rateLimit,
        trustedProxies: config.trustedProxies,
      },
    );
    const url = await app.listen({ host: config.host, port: config.port }).catch((error: unknown) => {
      throw asListenError(error, config);
    });
    const sealer = new Sealer(bank.services.context, (error) =>
      app.log.error({ err: error }, 'sealing failed'),
    );
    sealer.start();
    greet(bank, url, config, say);
    if (admin !== undefined) say(`  Admin     ${admin}`);
    return {
      url,
      close: async () => {
        await app.close();
        // Whatever was waiting is posted, so that it is sealed too.
        await bank.services.drain();
        await sealer.close();
        await bank.close();
      },
    };
  } catch (error) {
    await bank.close();
    throw error;
  }
}

/** The demo is the same everywhere, so that its accounts and people are known to all: it is for one machine. */
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
  say(`  API       ${url}/v1`);
  say(`  Docs      ${url}/docs`);
  say(`  Database  ${database}`);
  say(`  Login     ${describeLogin(embedded, config)}`);
}

function describeLogin(embedded: Bank['embedded'], config: Config): string {
  if (config.admin !== undefined) return `as ${config.admin.email}, unless the bank had users before`;
  if (embedded === undefined) return 'as a user of the bank; `florin user create` makes one';
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
