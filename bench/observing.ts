// node bench/observing.ts: what it costs a request, and a batch, that somebody counts them.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createServer } from '#http/server.ts';
import { NO_OBSERVER, type Observer } from '#lib/observer.ts';
import { openWatch } from '#src/watch/watch.ts';

const ROUNDS = 7;
const CALLS = 200_000;
/** About the number of requests in a posting batch of 64 clients. */
const BATCH_REQUESTS = 32;

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => unknown;

/** The hooks that a route of a server with this observer runs after each answer. */
async function hooksAfterAnswer(observer: Observer): Promise<readonly Hook[]> {
  const server = createServer({ logger: false, observer });
  let hooks: readonly Hook[] = [];
  server.addHook('onRoute', ({ onResponse }) => {
    hooks = Array.isArray(onResponse) ? (onResponse as Hook[]) : [];
  });
  server.get('/measured', async () => 'done');
  await server.ready();
  await server.close();
  return hooks;
}

/** The parts of an answered request that a hook uses: the same work as for a real one. */
const REQUEST = { refusalCode: null, is404: false } as unknown as FastifyRequest;
const SENT_MS = performance.now();
const REPLY = {
  statusCode: 201,
  get elapsedTime() {
    return performance.now() - SENT_MS;
  },
  hasHeader: (name: string) => name in HEADERS,
} as unknown as FastifyReply;
const HEADERS = { 'content-type': 'application/json', location: '/v1/transactions/1' };

const done = (): void => undefined;

/** Nanoseconds of processor time a call, the median of the rounds: what else the machine does counts little. */
async function measure(work: () => Promise<void> | undefined): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let call = 0; call < CALLS; call++) {
      const working = work();
      if (working !== undefined) await working;
    }
    const { user, system } = process.cpuUsage(before);
    rounds.push(((user + system) * 1e3) / CALLS);
  }
  return rounds.toSorted((one, other) => one - other)[(ROUNDS - 1) / 2] ?? Number.NaN;
}

const watch = await openWatch('bench', undefined);
const requests = Array.from({ length: BATCH_REQUESTS }, () => ({
  sinceMs: performance.now(),
  span: undefined,
}));
const settled = Promise.resolve();
for (const [name, observer] of [
  ['unobserved', NO_OBSERVER],
  ['observed', watch.observer],
] as const) {
  const hooks = await hooksAfterAnswer(observer);
  const requestNs = await measure(() => {
    for (const hook of hooks) hook(REQUEST, REPLY, done);
    return undefined;
  });
  const batchNs = await measure(() => observer.postings.batch(requests, () => settled));
  console.log(`${name}: ${Math.round(requestNs)} ns a request, ${Math.round(batchNs)} ns a batch`);
}
process.exit();
