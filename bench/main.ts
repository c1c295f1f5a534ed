// npm run bench: see README.md beside this file.
import { parseArgs } from 'node:util';
import { type Mode, PLANS } from './plan.ts';
import { renderResults } from './report/markdown.ts';
import { LATEST, publish, writeResults } from './report/publish.ts';
import { runBenchmark } from './run.ts';

const USAGE = `npm run bench -- [--quick | --smoke] [--publish] [--against CHECKOUT] [--out FILE]
  (nothing)   the full run: a quarter of an hour, and some minutes more the first time
  --quick     a shorter one: under 90 seconds
  --smoke     only whether it works: under 25 seconds, writes no results unless told where
  --publish   put the table of a full run into bench/README.md
  --against CHECKOUT  measure the HTTP rows of another checkout too, each in turn with ours
  --out FILE  write the results as JSON there instead of bench/results/latest.json`;

type Options = {
  readonly mode: Mode;
  readonly publish: boolean;
  readonly against: string | undefined;
  readonly out: string | undefined;
};

const options = readOptions(process.argv.slice(2));
if (options === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  process.exitCode = await run(options);
}

/** Undefined where there is no run to be made of the arguments. */
function readOptions(args: string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean', default: false },
        smoke: { type: 'boolean', default: false },
        publish: { type: 'boolean', default: false },
        against: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const { quick, smoke, publish, against, out, help } = values;
    // The published table comes from a full run, and from no other.
    if (help || (quick && smoke) || (publish && (quick || smoke))) return undefined;
    const mode = quick ? 'quick' : smoke ? 'smoke' : 'full';
    return { mode, publish, against, out: out ?? (smoke ? undefined : LATEST) };
  } catch {
    return undefined;
  }
}

/** Returns the exit code. */
async function run({ mode, publish: isPublishing, against, out }: Options): Promise<number> {
  const startedMs = performance.now();
  const say = (line: string): void => {
    console.error(`[${((performance.now() - startedMs) / 1_000).toFixed(0).padStart(3)} s] ${line}`);
  };
  await using stack = new AsyncDisposableStack();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      say('stopping what was started');
      void stack.disposeAsync().finally(() => process.exit(1));
    });
  }
  try {
    const command = ['npm run bench', ...process.argv.slice(2)].join(' ').replace('bench ', 'bench -- ');
    const results = await runBenchmark(PLANS[mode], command, stack, say, against);
    const rendered = renderResults(results);
    if (out !== undefined) writeResults(out, results);
    if (isPublishing) publish(rendered);
    console.log(rendered);
    return 0;
  } catch (error) {
    if (!stack.disposed) console.error(error);
    return 1;
  }
}
