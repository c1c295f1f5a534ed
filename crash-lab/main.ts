// npm run crash-lab: see docs/crash-lab.md.
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LabFolder } from './host/lab-folder.ts';
import { judgeRun, renderRun } from './report.ts';
import { type LabOptions, runLab } from './run.ts';

const USAGE = `npm run crash-lab -- [--minutes N | --seconds N] [--seed N] [--patience N] [--out FILE]
  --minutes N, --seconds N   of traffic and faults; 5 minutes by default
  --seed N                   the same faults in the same order, and the same requests; random by default
  --patience N               let the bank take N times as long to serve again, on a busy machine
  --out FILE                 write the full record there as JSON
Exits with 0: passed; 1: something was lost, doubled, wrong or late; 2: void, it saw too little.`;

const DEFAULT_SECONDS = 300;
/** An hour is long enough to be patient with; the disk of a run is sized for it. */
const MAX_SECONDS = 3_600;
const MAX_SEED = 2 ** 31 - 1;

const EXIT_CODES = { passed: 0, failed: 1, void: 2 };
const WRONG_USAGE = 2;

const options = readOptions(process.argv.slice(2));
if (options === undefined || process.platform !== 'linux') {
  console.error(options === undefined ? USAGE : 'The crash lab needs Linux: it finds processes in /proc.');
  process.exitCode = WRONG_USAGE;
} else {
  process.exitCode = await run(options);
}

type Options = LabOptions & { readonly out: string | undefined };

function readOptions(args: string[]): Options | undefined {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args,
      options: { minutes: text, seconds: text, seed: text, patience: text, out: text },
    });
    const seconds =
      values.seconds === undefined
        ? Number(values.minutes ?? DEFAULT_SECONDS / 60) * 60
        : Number(values.seconds);
    const seed = values.seed === undefined ? randomInt(MAX_SEED) : Number(values.seed);
    const patience = Number(values.patience ?? 1);
    const isTime = seconds > 0 && seconds <= MAX_SECONDS;
    const isSeed = Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED;
    return isTime && isSeed && patience >= 1 ? { seconds, seed, patience, out: values.out } : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the exit code. */
async function run({ out, ...lab }: Options): Promise<number> {
  const startedMs = performance.now();
  const say = (line: string): void => {
    console.error(`[${((performance.now() - startedMs) / 1_000).toFixed(1).padStart(5)} s] ${line}`);
  };
  const stack = new AsyncDisposableStack();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      say('stopping what was started');
      void stack.disposeAsync().finally(() => process.exit(EXIT_CODES.failed));
    });
  }
  let keepsLogs = true;
  const folder = LabFolder.open(lab.seconds);
  stack.defer(() => folder.close({ keepsLogs }));
  try {
    say(`seed ${lab.seed}; logs in ${folder.path}`);
    const seen = await runLab(lab, folder, stack, say);
    const { verdict } = judgeRun(seen);
    keepsLogs = verdict === 'failed';
    console.log(renderRun(seen));
    if (keepsLogs) console.log(`  repeat with --seed ${lab.seed}; the logs are in ${folder.path}`);
    if (out !== undefined) writeFileSync(out, `${JSON.stringify(seen, undefined, 2)}\n`);
    return EXIT_CODES[verdict];
  } catch (error) {
    if (stack.disposed) return EXIT_CODES.failed;
    console.error(error);
    console.log(`FAILED\n  repeat with --seed ${lab.seed}; the logs are in ${folder.path}`);
    return EXIT_CODES.failed;
  } finally {
    await stack.disposeAsync();
  }
}
