import { type Bench, DATABASES, openBench } from './bench.ts';
import { estimatePostings, verifyBooks } from './long-ledger.ts';
import { type Row, RowSkipped } from './measurement.ts';
import type { Plan } from './plan.ts';
import { type MeasuredRow, type Results, summarize, throughputOf } from './report/results.ts';
import { createRows } from './rows/all-rows.ts';

type Say = (line: string) => void;

/** Runs a whole benchmark. What it starts goes on the stack, which the caller disposes of. */
export async function runBenchmark(
  plan: Plan,
  command: string,
  stack: AsyncDisposableStack,
  say: Say,
  against?: string,
): Promise<Results> {
  const startedMs = performance.now();
  const bench = await openBench(plan, stack, say, against);
  const measured = createRows(bench).map(
    (row): MeasuredRow => ({ row, rounds: [], others: [], skipped: undefined }),
  );
  const rssMiB: (number | undefined)[] = [];
  for (let round = 1; round <= plan.rounds; round++) {
    await measureRound(measured, round, plan, say);
    rssMiB.push(bench.bank.tree.rssMiB());
  }
  await verifyBooks(bench.postgres.urlOf(DATABASES.bank), say);
  return {
    mode: plan.mode,
    command,
    elapsedSeconds: (performance.now() - startedMs) / 1_000,
    machine: bench.machine,
    postgres: { version: bench.postgres.version, settings: bench.postgres.settings },
    pgbench: bench.pgbench?.version,
    postings: await countPostings(bench, measured),
    serverRssMiB: { first: rssMiB[0], last: rssMiB.at(-1) },
    rows: summarize(measured),
  };
}

/** Every second round goes backwards, so that no row always comes after the same other one. */
async function measureRound(
  measured: readonly MeasuredRow[],
  round: number,
  plan: Plan,
  say: Say,
): Promise<void> {
  const order = round % 2 === 0 ? measured.toReversed() : measured;
  for (const [index, one] of order.entries()) {
    if (one.skipped !== undefined || round > (one.row.maxRounds ?? plan.rounds)) continue;
    const place = `round ${round} of ${plan.rounds}, row ${index + 1} of ${order.length}`;
    const outcome = await measureOnce(one);
    say(`${place}: ${one.row.group}: ${one.row.title}, ${one.row.clients} clients: ${outcome}`);
  }
}

async function measureOnce(one: MeasuredRow): Promise<string> {
  const { row, rounds, others } = one;
  try {
    const measurement = await row.measure();
    rounds.push(measurement);
    if (row.measureOther !== undefined) others.push(await row.measureOther());
    const { p50Ms, p99Ms } = measurement.latency;
    const perSecond = Math.round(throughputOf(measurement)).toLocaleString('en');
    return `${perSecond} ${row.unit}, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`;
  } catch (error) {
    if (!(error instanceof RowSkipped)) throw failedRow(row, error);
    one.skipped = error.message;
    return `skipped: ${error.message}`;
  }
}

function failedRow(row: Row, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${row.group}: ${row.title}, ${row.clients} clients: ${reason}`, { cause });
}

/** The short ledger grew from its openings by all that was measured on it. */
async function countPostings(
  { plan, longLedger }: Bench,
  measured: readonly MeasuredRow[],
): Promise<Results['postings']> {
  const slope = measured.find(({ row }) => row.id === 'slope-short')?.rounds ?? [];
  const added = slope.reduce((sum, { operations }) => sum + operations, 0);
  return {
    short: plan.accounts + added,
    long: await estimatePostings(longLedger.databaseUrl),
  };
}
