import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { CommandFailedError } from '../failures.ts';

const PROGRAM = fileURLToPath(new URL('../../../bench/main.ts', import.meta.url));

type BenchOptions = {
  readonly quick?: boolean;
  readonly smoke?: boolean;
  readonly publish?: boolean;
  readonly out?: string;
};

/** `bench`: measures this machine with a PostgreSQL of its own; the bank and its database are left alone. */
export function addBenchCommand(program: Command): void {
  program
    .command('bench')
    .description('measure how fast it posts, beside PostgreSQL’s own benchmark (10 minutes)')
    .option('--quick', 'in 90 seconds')
    .option('--smoke', 'only whether it works')
    .option('--publish', 'put the table of a full run into bench/README.md')
    .option('--out <file>', 'write the results as JSON there')
    .action(runBench);
}

async function runBench({ quick, smoke, publish, out }: BenchOptions): Promise<void> {
  if (!existsSync(PROGRAM)) {
    throw new CommandFailedError('bench_missing', 'the benchmark comes with a checkout of the source only');
  }
  const flags = Object.entries({ quick, smoke, publish }).flatMap(([name, isSet]) =>
    isSet === true ? [`--${name}`] : [],
  );
  const child = spawn(process.execPath, [PROGRAM, ...flags, ...(out === undefined ? [] : ['--out', out])], {
    stdio: 'inherit',
  });
  // A signal is the child's too, and it tidies up first.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  await once(child, 'exit');
  if (child.exitCode !== 0) throw new CommandFailedError('bench_failed', 'the benchmark did not finish');
}
