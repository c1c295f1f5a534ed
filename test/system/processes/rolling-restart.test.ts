import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase } from '#test/support/test-database.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { assertVerified } from './assert-verified.ts';
import { createCustomer, openAccount, send, textOf, tokenOf } from './bank-client.ts';
import { type FlorinProcess, Installation } from './florin-process.ts';
import { freePort } from './free-port.ts';

const bank = new Installation({ after }, { FLORIN_DRAIN_SECONDS: '1' });

const CLIENTS = 8;
/** Of each client: some requests are always under way, and a processor is left for the servers that start. */
const PAUSE_MS = 5;
/** As often as a load balancer in a hurry; below it, the drain of a second leaves no room for a busy machine. */
const CHECK_EVERY_MS = 100;
/** A request is tried at each server by turns: more than this, and nobody is there. */
const MAX_TRIES = 200;

type Reply = { readonly status: number; readonly body: unknown };

/** A load balancer and its clients: every request goes to the next server that says it is ready. */
class Balancer {
  readonly acknowledged: string[] = [];
  /** Anything but 201, a refused connection or a 503 that says that nothing was done. */
  readonly failed: string[] = [];
  refused = 0;
  unavailable = 0;
  readonly #urls: readonly string[];
  readonly #ready: Set<string>;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #stopping = new AbortController();
  #turn = 0;

  constructor(urls: readonly string[]) {
    this.#urls = urls;
    this.#ready = new Set(urls);
  }

  /** Sends transfers until it is stopped. */
  async run(from: string, to: string): Promise<void> {
    const client = async (): Promise<void> => {
      for (; !this.#stopping.signal.aborted; await sleep(PAUSE_MS)) await this.#transfer(from, to);
    };
    const checks = this.#urls.map((url) => this.#watch(url));
    await Promise.all(Array.from({ length: CLIENTS }, client));
    await Promise.all(checks);
    this.#agent.destroy();
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #watch(url: string): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const { status } = await fetch(`${url}/health/ready`).catch(() => ({ status: 0 }));
      if (status === 200) this.#ready.add(url);
      else this.#ready.delete(url);
      await sleep(CHECK_EVERY_MS);
    }
  }

  #next(): string {
    const candidates = this.#ready.size > 0 ? [...this.#ready] : this.#urls;
    this.#turn += 1;
    return candidates[this.#turn % candidates.length]!;
  }

  /** One transfer with one key, tried again only where nothing can have been done. */
  async #transfer(fromAccountId: string, toAccountId: string): Promise<void> {
    const key = randomUUID();
    const body = { fromAccountId, toAccountId, amount: '0.01', currency: 'EUR' };
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      try {
        const { status, body: answer } = await this.#post(this.#next(), body, key);
        if (status === 201) return void this.acknowledged.push(textOf(answer, 'id'));
        if (status !== 503) return void this.failed.push(`${status} ${JSON.stringify(answer)}`);
        this.unavailable += 1;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : error;
        if (code !== 'ECONNREFUSED') return void this.failed.push(String(error));
        this.refused += 1;
      }
      await sleep(5);
    }
    this.failed.push('nobody answered');
  }

  #post(url: string, body: object, key: string): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const headers = {
      authorization: `Bearer ${tokenOf(url)}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    };
    const sent = request(
      `${url}/v1/transfers`,
      { method: 'POST', agent: this.#agent, headers },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
      },
    );
    sent.once('error', reject);
    sent.end(JSON.stringify(body));
    return promise;
  }
}

test('two servers are restarted one after the other under load, and no request fails or is lost', async (t) => {
  const { databaseUrl, drop } = await createTestDatabase();
  t.after(drop);
  const ports = [await freePort(), await freePort()];
  const start = (index: number): FlorinProcess =>
    bank.serve({ DATABASE_URL: databaseUrl, PORT: String(ports[index]) });
  const servers = [start(0), start(1)];
  const urls = await Promise.all(servers.map((server) => server.ready()));
  const customerId = await createCustomer(urls[0]!);
  const [from, to] = [await openAccount(urls[0]!, customerId), await openAccount(urls[0]!, customerId)];
  const balancer = new Balancer(urls);
  const load = balancer.run(from, to);
  try {
    for (const [index, server] of servers.entries()) {
      const before = balancer.acknowledged.length;
      server.signal('SIGTERM');
      await sleep(CHECK_EVERY_MS);
      assert.equal((await send(`${urls[index]}/health/ready`)).status, 503, 'ready while it drains');
      assert.deepEqual(await server.ended(), { exitCode: 0, signal: null });
      assert.ok(balancer.acknowledged.length > before, 'nobody was served meanwhile');
      servers[index] = start(index);
      await servers[index].ready();
      await sleep(3 * CHECK_EVERY_MS);
    }
  } finally {
    balancer.stop();
    await load;
  }
  const { acknowledged, failed, refused, unavailable } = balancer;
  t.diagnostic(
    `${acknowledged.length} acknowledged, tried again: ${refused} refused, ${unavailable} not now`,
  );
  assert.deepEqual(failed, []);
  assert.equal(new Set(acknowledged).size, acknowledged.length);
  const posted = await query(databaseUrl, 'select count(*)::int from transactions');
  assert.deepEqual(posted, [{ count: acknowledged.length }]);
  await assertVerified(databaseUrl);
});
