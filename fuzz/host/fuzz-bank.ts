import { mkdtempSync, readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServices, type Services } from '#bank/services.ts';
import { openDatabase } from '#db/database.ts';
import { openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { DataKey, newDataKeyText } from '#lib/data-key.ts';
import { randomIds } from '#lib/ids.ts';
import { systemClock } from '#lib/time/clock.ts';
import { freePort, LabServer } from '../../crash-lab/host/lab-server.ts';

const MONITOR = fileURLToPath(new URL('event-loop-monitor.ts', import.meta.url));

/** Quick: nothing here asks what survives a power cut. */
const SETTINGS = { fsync: 'off', shared_buffers: '128MB', max_wal_size: '512MB' };

/** A time in which the server's event loop stood still. `busyMs`: CPU time that it used during the stall. */
export type Stall = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stalledMs: number;
  readonly busyMs: number;
};

/** The bank under test: its server as users start it, and direct access to its services. */
export type FuzzBank = {
  readonly server: LabServer;
  readonly services: Services;
  readonly databaseUrl: string;
  readonly dataKey: string;
  readonly folder: string;
  readonly serverLog: string;
  readonly stalls: () => Stall[];
};

/** A folder for a bank and its logs. */
export async function makeFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'florin-fuzz-'));
  // PostgreSQL runs on another account when we are root, and must get through.
  await chmod(folder, 0o755);
  return folder;
}

/** Starts a bank in a folder. What it starts goes on the stack. */
export async function openFuzzBank(folder: string, stack: AsyncDisposableStack): Promise<FuzzBank> {
  const dataDir = join(folder, 'data');
  const postgres = await openEmbeddedPostgres({ dataDir, port: 0, settings: SETTINGS });
  stack.defer(() => postgres.close());
  const { databaseUrl } = postgres;
  const dataKey = newDataKeyText();
  const serverLog = join(folder, 'server.log');
  const stallFile = join(folder, 'stalls.jsonl');
  const server = new LabServer(
    {
      databaseUrl,
      dataKey,
      logFile: serverLog,
      nodeArguments: [`--import=${MONITOR}`],
      environment: { FUZZ_STALLS: stallFile },
    },
    await freePort(),
  );
  stack.defer(() => server.close());
  await server.ready();
  const { db, postingPool, close } = openDatabase({ databaseUrl });
  stack.defer(close);
  const services = createServices({
    db,
    postingPool,
    bookId: 1,
    clock: systemClock,
    ids: randomIds,
    dataKey: DataKey.fromText(dataKey),
  });
  await services.accessTokens.start();
  stack.defer(() => services.accessTokens.stop());
  return { server, services, databaseUrl, dataKey, folder, serverLog, stalls: () => readStalls(stallFile) };
}

function readStalls(file: string): Stall[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line): Stall => JSON.parse(line));
  } catch (error) {
    // There was none.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
