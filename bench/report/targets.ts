import type { Results, RowResult } from './results.ts';

/** A target of the benchmark, and the result. */
export type Target = {
  readonly name: string;
  readonly wanted: string;
  readonly shown: string;
  readonly isMet: boolean | undefined;
};

/** As many as are due in a full run. */
const DUE_ORDERS = 10_000;

/** All accounts of a full run earn. */
const EARNING_ACCOUNTS = 100_000;
/** Everybody has one in a full run. */
const RUNNING_LOANS = 100_000;

/** Compares the results with the targets; a figure whose rows are missing is left open. */
export function judge(results: Results): Target[] {
  const rows = new Map(results.rows.map((row) => [row.id, row]));
  const throughput = (id: string) => rows.get(id)?.throughput ?? Number.NaN;
  const a = throughput('tpcb-64');
  const b = throughput('tutorial-64');
  const uniform = rows.get('http-transfers-64');
  const hot = throughput('http-hot-64');
  const batch = Math.max(
    ...['http-batch-1000', 'http-batch-10000'].map((id) => rows.get(id)?.throughput ?? 0),
  );
  const kernel = throughput('kernel');
  const p50 = (id: string) => rows.get(id)?.latency?.p50Ms ?? Number.NaN;
  return [
    atLeast('uniform transfers over HTTP, 64 clients', uniform?.timesBaselineA, 2.5, '× A'),
    atMost('… their cost', costOf(uniform), 185, 'µs'),
    atMost('… their p99', uniform?.latency?.p99Ms, 25, 'ms'),
    atLeast(
      '256 clients',
      throughput('http-transfers-256') / (uniform?.throughput ?? Number.NaN),
      1.15,
      '× 64',
    ),
    atLeast('one hot account', hot / (uniform?.throughput ?? Number.NaN), 1.1, '× uniform'),
    atMost('… its cost', costOf(rows.get('http-hot-64')), 160, 'µs'),
    atLeast('one hot account', hot / throughput('tpcb-hot-64'), 6, '× A with one branch'),
    atLeast('batches over HTTP', batch / a, 4, '× A'),
    atLeast('batches over HTTP', batch / b, 8, '× B'),
    atLeast('the kernel in process', kernel / a, 4, '× A'),
    atMost('one client alone, p50', p50('http-transfers-1') / p50('tutorial-1'), 1.2, '× B'),
    atMost('… its cost', costOf(rows.get('http-transfers-1')), 900, 'µs'),
    atMost(
      'uniform in a new bank, its cost',
      costOf(rows.get('http-new-bank-64')) / costOf(uniform),
      1.2,
      '×',
    ),
    atMost('a balance, 64 clients, its cost', costOf(rows.get('http-balances-64')), 160, 'µs'),
    atMost('the mix, 64 clients, its cost', costOf(rows.get('http-mix-64')), 180, 'µs'),
    atLeast(
      'two processes, 64 clients',
      throughput('http-workers-64') / (uniform?.throughput ?? Number.NaN),
      0.95,
      '× one',
    ),
    ...['page-1', 'page-1000', 'balance-as-of'].map((id) =>
      atMost(`history, ${id}: p99`, rows.get(`history-${id}`)?.latency?.p99Ms, 5, 'ms'),
    ),
    atMost('end of a day with 10,000 orders due', DUE_ORDERS / throughput('end-of-day'), 60, 's'),
    atMost('a day of 100,000 accounts with interest', EARNING_ACCOUNTS / throughput('interest-day'), 60, 's'),
    atMost('… the end of a month', EARNING_ACCOUNTS / throughput('interest-month-end'), 300, 's'),
    atMost(
      'a day of 100,000 accounts with interest and fees',
      EARNING_ACCOUNTS / throughput('charges-day'),
      60,
      's',
    ),
    atMost(
      '… the end of a month, with statements',
      EARNING_ACCOUNTS / throughput('charges-month-end'),
      300,
      's',
    ),
    atMost('a day of 100,000 running loans', RUNNING_LOANS / throughput('loans-day'), 60, 's'),
    atMost('a quote of 360 instalments: p99', rows.get('loan-quote')?.latency?.p99Ms, 5, 'ms'),
    atMost('memory of the server after the run', results.serverRssMiB.last, 280, 'MiB'),
    slopeTarget(results, rows),
  ];
}

/** Cost: CPU of server and PostgreSQL together where it is known, else the time a transfer takes. */
function slopeTarget({ postings }: Results, rows: ReadonlyMap<string, RowResult>): Target {
  const ratio = costOf(rows.get('slope-long')) / costOf(rows.get('slope-short'));
  const decades = Math.log10(postings.long / postings.short);
  const target = atMost('cost of a transfer, ten times the postings', ratio ** (1 / decades), 1.1, '×');
  return { ...target, shown: `${target.shown} (${ratio.toFixed(2)} × over ${decades.toFixed(1)} decades)` };
}

function costOf(row: RowResult | undefined): number {
  if (row?.throughput === undefined) return Number.NaN;
  const { server, postgres } = row.cpuMicrosAnOperation ?? {};
  return server === undefined || postgres === undefined ? 1 / row.throughput : server + postgres;
}

function atLeast(name: string, value: number | undefined, bound: number, unit: string): Target {
  return target(name, value, `≥ ${bound} ${unit}`, unit, (shown) => shown >= bound);
}

function atMost(name: string, value: number | undefined, bound: number, unit: string): Target {
  return target(name, value, `≤ ${bound} ${unit}`, unit, (shown) => shown <= bound);
}

function target(
  name: string,
  value: number | undefined,
  wanted: string,
  unit: string,
  isMet: (value: number) => boolean,
): Target {
  // A batch route that is not there leaves 0.
  if (value === undefined || !Number.isFinite(value) || value === 0) {
    return { name, wanted, shown: '-', isMet: undefined };
  }
  return { name, wanted, shown: `${value.toFixed(2)} ${unit}`, isMet: isMet(value) };
}
