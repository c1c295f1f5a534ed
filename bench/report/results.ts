import type { Machine } from '../host/machine.ts';
import type { Latency, Measurement, Row } from '../measurement.ts';
import type { Mode } from '../plan.ts';
import { median } from '../statistics.ts';

/** The rows that others are compared with. */
export const BASELINE_A = 'tpcb-64';
export const BASELINE_B = 'tutorial-64';

/** CPU microseconds an operation, of each party. */
export type CpuMicros = { readonly client?: number; readonly server?: number; readonly postgres?: number };

export type RowResult = Omit<Row, 'measure' | 'maxRounds'> & {
  /** Why there are no numbers. */
  readonly skipped?: string;
  readonly rounds: readonly Measurement[];
  /** Operations a second; this and all that follows are medians over the rounds. */
  readonly throughput?: number;
  readonly latency?: Latency;
  readonly cpuMicrosAnOperation?: CpuMicros;
  readonly serverRssMiB?: number;
  readonly fileMiB?: number;
  /** Throughput over that of the baselines at 64 clients, round by round. */
  readonly timesBaselineA?: number;
  readonly timesBaselineB?: number;
  /** CPU of server and PostgreSQL an operation, and throughput, over those of the other checkout. */
  readonly timesOther?: { readonly cpu: number; readonly throughput: number };
};

export type Results = {
  readonly mode: Mode;
  readonly command: string;
  readonly elapsedSeconds: number;
  readonly machine: Machine;
  readonly postgres: { readonly version: string; readonly settings: Readonly<Record<string, string>> };
  readonly pgbench: string | undefined;
  /** Postings of the two ledgers that the slope compares, after the run. */
  readonly postings: { readonly short: number; readonly long: number };
  readonly serverRssMiB: { readonly first: number | undefined; readonly last: number | undefined };
  readonly rows: readonly RowResult[];
};

/** A row and its measurements so far. */
export type MeasuredRow = {
  readonly row: Row;
  readonly rounds: Measurement[];
  /** Of the other checkout, each right after the one of its round. */
  readonly others: Measurement[];
  skipped: string | undefined;
};

/** Sums up measured rows. */
export function summarize(measured: readonly MeasuredRow[]): RowResult[] {
  const find = (id: string) => measured.find(({ row }) => row.id === id)?.rounds ?? [];
  const [a, b] = [find(BASELINE_A), find(BASELINE_B)];
  return measured.map(({ row, rounds, others, skipped }) => {
    const { id, group, title, unit, clients } = row;
    const common = { id, group, title, unit, clients, rounds };
    if (rounds.length === 0) return { ...common, skipped: skipped ?? 'not measured' };
    const rss = medianOf(rounds, ({ serverRssMiB }) => serverRssMiB);
    const fileMiB = medianOf(rounds, (round) => round.fileMiB);
    return {
      ...common,
      throughput: median(rounds.map(throughputOf)),
      latency: {
        p50Ms: median(rounds.map(({ latency }) => latency.p50Ms)),
        p95Ms: median(rounds.map(({ latency }) => latency.p95Ms)),
        p99Ms: median(rounds.map(({ latency }) => latency.p99Ms)),
      },
      cpuMicrosAnOperation: cpuMicros(rounds),
      ...(rss === undefined ? {} : { serverRssMiB: rss }),
      ...(fileMiB === undefined ? {} : { fileMiB }),
      ...(others.length === 0
        ? {}
        : { timesOther: { cpu: ratio(rounds, others, cpuOf), throughput: ratio(rounds, others) } }),
      ...(isPosting(row) ? { timesBaselineA: ratio(rounds, a), timesBaselineB: ratio(rounds, b) } : {}),
    };
  });
}

export function throughputOf({ operations, elapsedSeconds }: Measurement): number {
  return operations / elapsedSeconds;
}

/** The baselines have no reads or imports to compare with. */
function isPosting({ unit }: Row): boolean {
  return unit === 'transfers/s' || unit === 'transactions/s';
}

/** The median of the ratios of each round: what slows a whole round down does not count. */
function ratio(
  rounds: readonly Measurement[],
  baseline: readonly Measurement[],
  of: (round: Measurement) => number = throughputOf,
): number {
  const ratios = rounds.flatMap((round, index) => {
    const base = baseline[index];
    return base === undefined ? [] : [of(round) / of(base)];
  });
  return median(ratios);
}

/** CPU seconds of server and PostgreSQL an operation. */
function cpuOf(round: Measurement): number {
  const { server = Number.NaN, postgres = Number.NaN } = round.cpuSeconds;
  return (server + postgres) / round.windowSeconds / throughputOf(round);
}

function cpuMicros(rounds: readonly Measurement[]): CpuMicros {
  const of = (party: keyof CpuMicros): CpuMicros => {
    const micros = medianOf(rounds, (round) => {
      const seconds = round.cpuSeconds[party];
      return seconds === undefined ? undefined : (seconds * 1e6) / round.windowSeconds / throughputOf(round);
    });
    return micros === undefined ? {} : { [party]: micros };
  };
  return { ...of('client'), ...of('server'), ...of('postgres') };
}

function medianOf(
  rounds: readonly Measurement[],
  read: (round: Measurement) => number | undefined,
): number | undefined {
  const values = rounds.flatMap((round) => read(round) ?? []);
  return values.length === 0 ? undefined : median(values);
}
