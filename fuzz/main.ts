// npm run fuzz: see docs/crash-lab.md.
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeFolder } from './host/fuzz-bank.ts';
import { type FuzzOptions, runFuzz } from './run.ts';

const USAGE = `npm run fuzz -- [--requests N] [--seed N]
  --requests N   100,000 unless told
  --seed N       the same requests, as far as the answers to those before are the same; random unless told
Exits with 1 when anything was answered that the API does not promise.`;

const DEFAULT_REQUESTS = 100_000;
const MAX_REQUESTS = 10_000_000;
const MAX_SEED = 2 ** 31 - 1;

const options = readOptions(process.argv.slice(2));
if (options === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  process.exitCode = await run(options);
}

function readOptions(args: string[]): FuzzOptions | undefined {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args, options: { requests: text, seed: text } });
    const requests = Number(values.requests ?? DEFAULT_REQUESTS);
    const seed = values.seed === undefined ? randomInt(MAX_SEED) : Number(values.seed);
    const isCount = Number.isInteger(requests) && requests > 0 && requests <= MAX_REQUESTS;
    const isSeed = Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED;
    return isCount && isSeed ? { requests, seed } : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the exit code. */
async function run(fuzz: FuzzOptions): Promise<number> {
  const startedMs = performance.now();
  const say = (line: string): void => {
    console.error(`[${((performance.now() - startedMs) / 1_000).toFixed(1).padStart(5)} s] ${line}`);
  };
  const stack = new AsyncDisposableStack();
  const folder = await makeFolder();
  let hasPassed = false;
  const close = async (): Promise<void> => {
    await stack.disposeAsync();
    rmSync(hasPassed ? folder : join(folder, 'data'), { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      say('stopping what was started');
      void close().finally(() => process.exit(1));
    });
  }
  say(`seed ${fuzz.seed}; logs in ${folder}`);
  try {
    const record = await runFuzz(fuzz, folder, stack, say);
    console.log(record.render());
    hasPassed = record.reasons().length === 0;
    if (!hasPassed) console.log(`  repeat with --seed ${fuzz.seed}; the logs are in ${folder}`);
    return hasPassed ? 0 : 1;
  } finally {
    await close();
  }
}
