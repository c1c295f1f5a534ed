import { execFile } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DataKey, newDataKeyText } from '#lib/data-key.ts';
import { VERSION } from '#src/version.ts';
import { makeApiKey } from '../bench/host/with-context.ts';
import { FAULT_KINDS, type Struck } from './faults/fault.ts';
import { planFaults } from './faults/plan.ts';
import { strike, type Target } from './faults/strike.ts';
import { FaultProxy } from './host/fault-proxy.ts';
import type { LabFolder } from './host/lab-folder.ts';
import { LabPostgres } from './host/lab-postgres.ts';
import { freePort, LabServer } from './host/lab-server.ts';
import { LoadProcess } from './host/load-process.ts';
import { openAccounts, readBalance } from './host/open-bank.ts';
import { RequestLog, readLog } from './load/request-log.ts';
import { compare, type Findings } from './model/compare.ts';
import { replayJournal } from './model/replay.ts';
import { readRequests } from './model/requests.ts';
import { minorOf, uuidOf } from './model/values.ts';
import { countOutcomes, type Outcomes } from './outcomes.ts';
import { readJournal } from './read-journal.ts';
import { type Settled, settle } from './settle.ts';

const FLORIN = fileURLToPath(new URL('../bin/florin.mjs', import.meta.url));

/** As many as make two cores busy, with a batch always under way and the next one waiting. */
const CLIENTS = 24;
const ACCOUNTS = 40;
const HOT_ACCOUNTS = 3;
/** Every client is at work, and the accounts have money, before anything breaks. */
const WARM_UP_MS = 2_000;

export type LabOptions = {
  readonly seconds: number;
  readonly seed: number;
  /** The factor by which the bank may take longer than promised to serve again. */
  readonly patience: number;
};

/** The full record of a run. */
export type Run = LabOptions & {
  readonly surroundings: string;
  readonly trafficMs: number;
  readonly struck: readonly Struck[];
  readonly skipped: readonly string[];
  readonly outcomes: Outcomes;
  readonly settled: Settled;
  readonly findings: Findings;
  readonly postings: number;
  readonly balances: number;
  /** What is wrong with the books. */
  readonly books: {
    readonly contradictions: readonly string[];
    readonly balances: readonly string[];
    readonly verify: readonly string[];
  };
};

type Say = (line: string) => void;

/** Runs the lab once. What it starts goes on the stack, which the caller disposes of. */
export async function runLab(
  options: LabOptions,
  folder: LabFolder,
  stack: AsyncDisposableStack,
  say: Say,
): Promise<Run> {
  const dataKey = newDataKeyText();
  const logFile = folder.file('requests.jsonl');
  const postgres = await LabPostgres.start(folder.dataDir);
  stack.defer(() => postgres.close(folder.file('postgres.log')));
  const databaseWay = await FaultProxy.open(postgres.port);
  stack.defer(() => databaseWay.close());
  const throughProxy = new URL(postgres.databaseUrl);
  throughProxy.port = String(databaseWay.port);
  const server = new LabServer(
    { databaseUrl: throughProxy.href, dataKey, logFile: folder.file('server.log') },
    await freePort(),
  );
  stack.defer(() => server.close());
  await server.ready();
  const clientWay = await FaultProxy.open(server.port);
  stack.defer(() => clientWay.close());
  const token = await makeApiKey({ databaseUrl: postgres.databaseUrl, dataKey: DataKey.fromText(dataKey) });
  const accounts = await openAccounts(server.url, token, ACCOUNTS);
  const startedMs = performance.now();
  const load = new LoadProcess({
    url: `http://127.0.0.1:${clientWay.port}`,
    token,
    accounts,
    hotAccounts: HOT_ACCOUNTS,
    clients: CLIENTS,
    seed: options.seed,
    logFile,
  });
  stack.defer(() => load.kill());
  const target = { folder, postgres, server, databaseWay, clientWay, load };
  const struck = await strikeAll(target, options, say);
  await load.stop();
  const trafficMs = performance.now() - startedMs;
  await server.ready();

  say('settling what is unknown');
  const before = readLog(logFile);
  const attempts = before.filter((line) => 'key' in line).length;
  const log = new RequestLog(logFile, attempts);
  const settled = await settle(readRequests(before), { url: server.url, token, log });
  say('comparing the log with the journal');
  const lines = readLog(logFile);
  const requests = readRequests(lines);
  const journal = await readJournal(postgres.databaseUrl);
  const replayed = replayJournal(journal);
  const books = {
    contradictions: replayed.broken,
    balances: await findDiffering(accounts, replayed.balances, (id) => readBalance(server.url, token, id)),
    verify: await verify(postgres.databaseUrl, dataKey),
  };
  return {
    ...options,
    surroundings: surroundings(postgres, folder),
    trafficMs,
    struck,
    skipped: folder.tmpfsMib === undefined ? ['disk full: no tmpfs can be mounted here (it takes root)'] : [],
    outcomes: countOutcomes(lines, requests, struck),
    settled,
    findings: compare(requests, journal.postings),
    postings: journal.postings.length,
    balances: accounts.length,
    books,
  };
}

/** The accounts whose balance is not what the journal makes it, in minor units. */
async function findDiffering(
  accounts: readonly string[],
  expectedMinor: ReadonlyMap<string, bigint>,
  read: (id: string) => Promise<string>,
): Promise<string[]> {
  const differing: string[] = [];
  for (const id of accounts) {
    const shown = await read(id);
    const expected = expectedMinor.get(uuidOf(id));
    if (minorOf(shown) !== expected) differing.push(`${id} shows ${shown} for ${expected} cents`);
  }
  return differing;
}

async function strikeAll(target: Target, { seconds, seed }: LabOptions, say: Say): Promise<Struck[]> {
  const kinds = FAULT_KINDS.filter((kind) => kind !== 'disk full' || target.folder.tmpfsMib !== undefined);
  const endMs = performance.now() + seconds * 1_000;
  await sleep(WARM_UP_MS);
  const struck: Struck[] = [];
  for (const fault of planFaults(seed, kinds)) {
    await sleep(fault.pauseMs);
    if (performance.now() > endMs) break;
    const one = await strike(target, fault);
    struck.push(one);
    say(`${one.kind}: served again after ${Math.round(one.recoveryMs)} ms`);
  }
  return struck;
}

/** The complaints of `florin verify`, if any. */
async function verify(databaseUrl: string, dataKey: string): Promise<string[]> {
  const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrl, FLORIN_DATA_KEY: dataKey };
  try {
    await promisify(execFile)(process.execPath, [FLORIN, 'verify'], { env });
    return [];
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error && 'stderr' in error;
    return [said ? `${error.message}: ${String(error.stdout)}${String(error.stderr)}` : String(error)];
  }
}

function surroundings(postgres: LabPostgres, { tmpfsMib }: LabFolder): string {
  const disk = tmpfsMib === undefined ? 'on a disk' : `on a tmpfs of ${tmpfsMib} MiB`;
  const load = `${availableParallelism()} cores with ${(loadavg()[0] ?? 0).toFixed(1)} running on average`;
  return `Florin ${VERSION}, Node ${process.versions.node}, PostgreSQL ${postgres.version} ${disk}, ${load}`;
}
