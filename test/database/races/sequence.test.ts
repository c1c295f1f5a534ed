import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { textOf } from '#test/system/processes/bank-client.ts';
import { ServerPair } from './server-pair.ts';

const CLIENTS = 48;
const DEPOSITS_EACH = 15;
/** What the documentation promises is below one; a busy machine adds to it. */
const SEEN_WITHIN_MS = 10_000;

const pair = await ServerPair.open();
const accounts = await Promise.all(Array.from({ length: CLIENTS }, () => pair.newAccount()));

type Seen = { readonly id: string; readonly sequence: number };

/** What follows a place in the order of commits, as a server tells it now. */
async function readAfter(server: number, after: number): Promise<Seen[]> {
  const { status, body } = await pair.request(
    server,
    `/v1/transactions?order=sequence&limit=100&after=${after}`,
  );
  assert.equal(status, 200, JSON.stringify(body));
  return (body as { data: Seen[] }).data;
}

/** Reads on and on from a place, until everything that is asked for was seen or it takes too long. */
class Reader {
  readonly #server: number;
  readonly seen: Seen[] = [];
  place: number;

  constructor(server: number, place: number) {
    this.#server = server;
    this.place = place;
  }

  async step(): Promise<void> {
    const page = await readAfter(this.#server, this.place);
    this.seen.push(...page);
    this.place = page.at(-1)?.sequence ?? this.place;
    if (page.length === 0) await delay(5);
  }
}

async function newestPlace(): Promise<number> {
  const reader = new Reader(0, 0);
  const known = await pair.transactionIds();
  while (reader.seen.length < known.length) await reader.step();
  return reader.place;
}

/** 48 clients deposit, each at the server that is named, while two readers follow. */
async function race(serverOf: (client: number) => number): Promise<void> {
  const start = await newestPlace();
  const readers = [new Reader(0, start), new Reader(1, start)];
  const acknowledged: string[] = [];
  const posting = Promise.all(
    accounts.map(async (account, client) => {
      for (let turn = 0; turn < DEPOSITS_EACH; turn++) {
        const { status, body } = await pair.deposit(serverOf(client), account, '1.00');
        assert.equal(status, 201, JSON.stringify(body));
        acknowledged.push(textOf(body, 'id'));
      }
    }),
  );
  let endedAtMs: number | undefined;
  const ended = posting.then(() => {
    endedAtMs = performance.now();
  });
  await Promise.all(
    readers.map(async (reader) => {
      const isBehind = () => reader.seen.length < CLIENTS * DEPOSITS_EACH;
      while (isBehind() && (endedAtMs === undefined || performance.now() - endedAtMs < SEEN_WITHIN_MS)) {
        await reader.step();
      }
    }),
  );
  await ended;
  for (const { seen } of readers) {
    const ids = seen.map(({ id }) => id);
    assert.deepEqual(ids.toSorted(), acknowledged.toSorted(), 'each one, once');
    const places = seen.map(({ sequence }) => sequence);
    assert.deepEqual(
      places,
      places.toSorted((one, other) => one - other),
    );
  }
  assert.deepEqual(readers[0]?.seen, readers[1]?.seen);
}

test('a reader in the order of commits sees what 48 clients deposit at one server, all of it, once', () =>
  race(() => 0));

test('a reader in the order of commits sees what 48 clients deposit at two servers, all of it, once', () =>
  race((client) => client));

test('both servers stop, and the books keep every law', async () => {
  await pair.close();
  await pair.assertVerified();
});
