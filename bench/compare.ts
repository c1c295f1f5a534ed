// node bench/compare.ts OTHER_CHECKOUT [ROUNDS [CLIENTS [SCENARIO [FEES]]]]: this checkout's server and another's, in
// turns of two seconds on this machine, so that what else the machine does falls on both. They post transfers, unless
// another scenario is named as for profile.ts. FEES says what costs something: none, elsewhere, all (data/fees.ts).
import { join } from 'node:path';
import { addFees, FEES, type Fees } from './data/fees.ts';
import { withClient } from './host/bench-postgres.ts';
import { CheckoutServer } from './host/checkout-server.ts';
import { LoadProcess } from './host/load-process.ts';
import { type HttpJob, SCENARIOS } from './load/protocol.ts';
import { PLANS } from './plan.ts';

const HERE = join(import.meta.dirname, '..');
const WINDOW = { warmupMs: 500, measureMs: 2_000 };
const WARMUP_TURNS = 4;

type Turn = { readonly perSecond: number; readonly serverUs: number; readonly postgresUs: number };

const [other, rounds = '10', clients = '64', scenario = 'transfers', given = 'none'] = process.argv.slice(2);
const fees = FEES.find((one) => one === given);
if (other === undefined || fees === undefined) {
  throw new Error('usage: node bench/compare.ts OTHER_CHECKOUT [ROUNDS [CLIENTS [SCENARIO [FEES]]]]');
}
const name = SCENARIOS.find((one) => one === scenario) ?? 'transfers';
await using stack = new AsyncDisposableStack();
const load = new LoadProcess<HttpJob>('load-generator.ts');
stack.defer(() => load.close());
const banks = { here: await start(HERE, fees), other: await start(other, fees) };
const turns: { here: Turn[]; other: Turn[] } = { here: [], other: [] };
for (let turn = 0; turn < WARMUP_TURNS; turn++) {
  await runTurn(banks.here);
  await runTurn(banks.other);
}
for (let round = 0; round < Number(rounds); round++) {
  const order = round % 2 === 0 ? (['here', 'other'] as const) : (['other', 'here'] as const);
  for (const side of order) turns[side].push(await runTurn(banks[side]));
  console.log(
    `${String(round + 1).padStart(3)}  here ${show(turns.here.at(-1))}   other ${show(turns.other.at(-1))}`,
  );
}
console.log(`\nmedians\n     here ${show(medians(turns.here))}   other ${show(medians(turns.other))}`);
const ratios = turns.here.map(({ perSecond }, index) => perSecond / (turns.other[index]?.perSecond ?? 1));
console.log(
  `operations/s of here for each of other, median of the rounds: ${(100 * median(ratios)).toFixed(0)} %`,
);

async function start(checkout: string, fees: Fees): Promise<CheckoutServer> {
  const server = await CheckoutServer.start(checkout);
  stack.defer(() => server.close());
  await withClient(server.databaseUrl, (client) => addFees(client, fees));
  return server;
}

async function runTurn({ url, token, tree, postgres }: CheckoutServer): Promise<Turn> {
  const cpu = (): number[] => [tree, postgres.tree].map((one) => one.cpuSeconds() ?? Number.NaN);
  let before: number[] = [];
  let after: number[] = [];
  const { accounts } = PLANS.full;
  const result = await load.run(
    {
      kind: 'http',
      url,
      token,
      scenario: { name },
      clients: Number(clients),
      accounts,
      window: WINDOW,
    },
    {
      onOpened: () => {
        before = cpu();
      },
      onClosed: () => {
        after = cpu();
      },
    },
  );
  const usOf = (index: number): number =>
    (1e6 * ((after[index] ?? 0) - (before[index] ?? 0))) / result.operations;
  return { perSecond: result.operations / result.windowSeconds, serverUs: usOf(0), postgresUs: usOf(1) };
}

function medians(list: readonly Turn[]): Turn {
  return {
    perSecond: median(list.map((turn) => turn.perSecond)),
    serverUs: median(list.map((turn) => turn.serverUs)),
    postgresUs: median(list.map((turn) => turn.postgresUs)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, next) => one - next)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function show(turn: Turn | undefined): string {
  if (turn === undefined) return '';
  const { perSecond, serverUs, postgresUs } = turn;
  return `${perSecond.toFixed(0).padStart(5)}/s  node ${serverUs.toFixed(0)} µs  postgres ${postgresUs.toFixed(0)} µs`;
}
