import { type Bench, DATABASES } from '../bench.ts';
import { FlorinServer } from '../host/florin-server.ts';
import { measureJob, type Workers } from '../host/measure.ts';
import type { Scenario } from '../load/protocol.ts';
import { BATCH_PATH } from '../load/scenarios.ts';
import { type Measurement, type Row, RowSkipped } from '../measurement.ts';

const TITLES = {
  transfers: 'POST /v1/transfers, uniform',
  hot: 'POST /v1/transfers, all from one account',
  deposits: 'POST /v1/deposits, all in cash',
  balances: 'GET /v1/accounts/{id}/balance',
  lines: 'GET /v1/accounts/{id}/transactions',
  mix: '70 % balances, 25 % transfers, 5 % lines',
} as const;

/** What is counted, where it is not transfers. */
const UNITS: Partial<Record<keyof typeof TITLES, string>> = {
  balances: 'reads/s',
  lines: 'reads/s',
  mix: 'requests/s',
};

/** Two: while one batch is posted, the next one is read. */
const BATCH_CLIENTS = 2;
/** A batch of 10,000 takes about a second, so a full run needs a longer window. */
const LONG_BATCH_WINDOWS = 2;

/** Requests of one kind over keep-alive connections. */
export function httpRow(bench: Bench, name: keyof typeof TITLES, clients: number): Row {
  return {
    id: `http-${name}-${clients}`,
    group: 'HTTP',
    title: TITLES[name],
    unit: UNITS[name] ?? 'transfers/s',
    clients,
    measure: () => measureHttp(bench, bench.bank, { name }, clients),
    ...measureOther(bench, { name }, clients),
  };
}

/** Uniform transfers, served by several processes on the bank of the other rows. They stop after the row. */
export function workersRow(bench: Bench, workers: number, clients: number): Row {
  return {
    id: `http-workers-${clients}`,
    group: 'HTTP',
    title: `${TITLES.transfers}, ${workers} processes`,
    unit: 'transfers/s',
    clients,
    measure: async () => {
      const databaseUrl = bench.postgres.urlOf(DATABASES.bank);
      const server = await FlorinServer.start(databaseUrl, [], { FLORIN_WORKERS: String(workers) });
      try {
        return await measureHttp(bench, server, { name: 'transfers' }, clients);
      } finally {
        await server.close();
      }
    },
  };
}

/** Batches of transfers, of which each counts. Skipped where the server has no such route. */
export function batchRow(bench: Bench, items: number): Row {
  const scenario = { name: 'batch', items } as const;
  const { warmupMs, measureMs } = bench.plan.window;
  const isLong = items > 1_000 && bench.plan.mode === 'full';
  const window = { warmupMs, measureMs: measureMs * (isLong ? LONG_BATCH_WINDOWS : 1) };
  const windowed = { ...bench, plan: { ...bench.plan, window } };
  return {
    id: `http-batch-${items}`,
    group: 'batch',
    title: `POST ${BATCH_PATH}, ${items.toLocaleString('en')} items`,
    unit: 'transfers/s',
    clients: BATCH_CLIENTS,
    measure: async () => {
      const probe = await fetch(bench.bank.url + BATCH_PATH, { method: 'POST' });
      if (probe.status === 404) throw new RowSkipped(`the server has no ${BATCH_PATH}`);
      return measureHttp(windowed, bench.bank, scenario, BATCH_CLIENTS);
    },
    ...measureOther(windowed, scenario, BATCH_CLIENTS),
  };
}

/** The uniform row on a ledger of another size. */
export function slopeRow(bench: Bench, ledger: 'short' | 'long', clients: number): Row {
  const server = ledger === 'short' ? bench.shortBank : bench.longBank;
  const postings = bench.plan.accounts * (ledger === 'short' ? 1 : 1 + 5 * bench.plan.historyBlocks);
  const workers = { postgres: ledger === 'short' ? bench.postgres : bench.longLedger.postgres };
  return {
    id: `slope-${ledger}`,
    group: 'slope',
    title: `POST /v1/transfers, uniform, from ${postings.toLocaleString('en')} postings on`,
    unit: 'transfers/s',
    clients,
    measure: () => measureHttp(bench, server, { name: 'transfers' }, clients, workers),
  };
}

/** What is measured of the other checkout, on its own bank: the same scenario. */
function measureOther(bench: Bench, scenario: Scenario, clients: number): Pick<Row, 'measureOther'> {
  const { other } = bench;
  return other === undefined
    ? {}
    : { measureOther: () => measureHttp(bench, other, scenario, clients, { postgres: other.postgres }) };
}

/** What answers HTTP requests. */
type Served = Pick<FlorinServer, 'url' | 'token' | 'tree'>;

function measureHttp(
  { plan, http, postgres }: Bench,
  server: Served,
  scenario: Scenario,
  clients: number,
  workers: Pick<Workers, 'postgres'> = { postgres },
): Promise<Measurement> {
  const { accounts, window } = plan;
  const job = {
    kind: 'http',
    url: server.url,
    token: server.token,
    scenario,
    clients,
    accounts,
    window,
  } as const;
  return measureJob({ ...workers, server }, (watch) => http.run(job, watch));
}
