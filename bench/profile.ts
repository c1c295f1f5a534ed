// node bench/profile.ts [CLIENTS [SECONDS [SCENARIO]]]: where the server's time goes, while it posts transfers unless
// another scenario is named: hot, deposits, balances, lines, mix.
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock, toIsoInstant } from '#lib/time/clock.ts';
import { openFreshPostgres } from './bench.ts';
import { fillBank } from './data/bank.ts';
import { withClient } from './host/bench-postgres.ts';
import { FlorinServer } from './host/florin-server.ts';
import { LoadProcess } from './host/load-process.ts';
import { measureJob } from './host/measure.ts';
import { type HttpJob, SCENARIOS } from './load/protocol.ts';
import { PLANS } from './plan.ts';

const ROOT = join(import.meta.dirname, '..');
/** For a person to open in a browser's developer tools. */
const KEPT = join(import.meta.dirname, '.cache/server.cpuprofile');
const SHOWN = 45;
const INTERVAL_US = 500;

/** What of a V8 profile is needed here. */
type Profile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds from each sample to the one before. */
  readonly timeDeltas: readonly number[];
};

const [clients = 64, seconds = 10] = process.argv.slice(2, 4).map(Number);
const scenario = SCENARIOS.find((name) => name === process.argv[4]) ?? 'transfers';
await using stack = new AsyncDisposableStack();
const { folder, postgres } = await openFreshPostgres(stack, console.error);
const { accounts } = PLANS.full;
const databaseUrl = await postgres.createBook('profiled');
await withClient(databaseUrl, (client) => fillBank(client, accounts, toIsoInstant(systemClock.nowMs())));
const profileFolder = join(folder, 'profile');
mkdirSync(profileFolder);
const server = await FlorinServer.start(databaseUrl, [
  // As bin/florin.mjs sets them: to do so it begins again, which a running profiler's signals would end.
  '--max-semi-space-size=24',
  '--max-old-space-size=512',
  '--cpu-prof',
  `--cpu-prof-dir=${profileFolder}`,
  `--cpu-prof-interval=${INTERVAL_US}`,
]);
stack.defer(() => server.close());
const load = new LoadProcess<HttpJob>('load-generator.ts');
stack.defer(() => load.close());
const window = { warmupMs: 6_000, measureMs: seconds * 1_000 };
const job = {
  kind: 'http',
  url: server.url,
  token: server.token,
  scenario: { name: scenario },
  clients,
  accounts,
  window,
} as const;
const measured = await measureJob({ postgres, server }, (watch) => load.run(job, watch));
await server.close();
console.log(JSON.stringify(measured, null, 2));
const file = readdirSync(profileFolder).find((name) => name.endsWith('.cpuprofile'));
if (file === undefined) throw new Error('the server left no profile');
mkdirSync(join(KEPT, '..'), { recursive: true });
copyFileSync(join(profileFolder, file), KEPT);
const profile: Profile = JSON.parse(readFileSync(KEPT, 'utf8'));
for (const line of renderTop(profile, seconds * 1e6)) console.log(line);
console.log(`the whole profile: ${relative(process.cwd(), KEPT)}`);

/** Self time by function in the last `windowUs`, so without the start: the share of what was not idle. */
function renderTop({ nodes, samples, timeDeltas }: Profile, windowUs: number): string[] {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const selfUs = new Map<string, number>();
  let passedUs = 0;
  for (let index = samples.length - 1; index >= 0 && passedUs < windowUs; index--) {
    const place = places.get(samples[index] ?? 0) ?? '(unknown)';
    const deltaUs = timeDeltas[index] ?? 0;
    passedUs += deltaUs;
    selfUs.set(place, (selfUs.get(place) ?? 0) + deltaUs);
  }
  selfUs.delete('(idle)');
  const busyUs = selfUs.values().reduce((sum, us) => sum + us, 0);
  return [...selfUs]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, SHOWN)
    .map(([place, us]) => `${((100 * us) / busyUs).toFixed(1).padStart(5)} %  ${place}`);
}

function placeOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  const file = url.startsWith('file:') ? relative(ROOT, fileURLToPath(url)) : url;
  return `${name} ${file}:${lineNumber + 1}`;
}
