import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase } from '#test/support/test-database.ts';
import { assertVerified } from './assert-verified.ts';
import { type Answer, createCustomer, deposit, openAccount } from './bank-client.ts';
import { type FlorinProcess, Installation, killIfThere, LINUX_ONLY, untilTrue } from './florin-process.ts';
import { HeldBook, refusesRequests } from './held-book.ts';
import { Clients } from './load.ts';

const bank = await Installation.prepared({ after }, { FLORIN_WORKERS: '2' });

/** One worker is killed the moment so many answers have come, and all that are there when the other goes on to so many. */
const KILL_ONE_AT = 150;
const KILL_ALL_AT = 400;

test('two workers answer at one address; kill -9 of one and of both loses nothing, and others take their place', {
  skip: LINUX_ONLY,
}, async (t) => {
  const { databaseUrl, drop } = await createTestDatabase();
  t.after(drop);
  const florin = bank.serve({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'info' });
  const url = await florin.ready();
  assert.equal(florin.stdout.match(/is running/g)?.length, 1);
  const [victim] = florin.workers;
  await twoWorkersAnswer(florin, url);

  const clients = await Clients.open(url);
  const { unknown } = await clients.work(url, (count) => {
    if (count === KILL_ONE_AT) killIfThere(victim!);
    if (count === KILL_ALL_AT) for (const pid of florin.workers) killIfThere(pid);
  });
  assert.ok(unknown > 0, 'no request was under way');
  await florin.says(new RegExp(`worker ${victim} was ended by SIGKILL; another takes its place`));
  await twoWorkersAnswer(florin, url);
  assert.ok(!florin.workers.includes(victim!));
  await clients.settle(url);
  await clients.assertBooksHoldExactlyThis(url);

  // Resolves when nobody holds its output any more: not before its workers are gone.
  await florin.kill();
  await assert.rejects(fetch(`${url}/health/live`));
  await assertVerified(databaseUrl);
});

test('SIGTERM lets each worker answer what it has accepted', { skip: LINUX_ONLY }, async () => {
  const florin = bank.serve();
  const url = await florin.ready();
  const accountId = await openAccount(url, await createCustomer(url));
  const book = await HeldBook.hold(await bank.databaseUrl());
  const asked: Promise<Answer>[] = [];
  // One worker would keep further deposits for its next batch: two that wait are two workers'.
  while ((await book.countWaiting()) < 2) {
    assert.ok(asked.length < 16, 'the other worker gets none');
    asked.push(deposit(url, accountId, '1.00', randomUUID()));
    await sleep(50);
  }
  florin.signal('SIGTERM');
  await refusesRequests(url);
  assert.ok(florin.isRunning && florin.workers.length === 2, 'it ended with requests under way');
  await book.release();
  for (const { status } of await Promise.all(asked)) assert.equal(status, 201);
  assert.deepEqual(await florin.ended(), { exitCode: 0, signal: null });
  assert.ok(bank.isDatabaseStopped);
});

test('a worker that ends again and again ends the server with one line', { skip: LINUX_ONLY }, async () => {
  const florin = bank.serve();
  await florin.ready();
  const [survivor] = florin.workers;
  await untilTrue(async () => {
    for (const pid of florin.workers) if (pid !== survivor) killIfThere(pid);
    return !florin.isRunning;
  });
  assert.deepEqual(await florin.ended(), { exitCode: 1, signal: null });
  assert.match(
    florin.stderr,
    /^florin: a worker ended 5 times in a row soon after its start: worker \d+ was ended by SIGKILL \(workers_failed\)\n$/,
  );
  assert.ok(bank.isDatabaseStopped);
});

/** Asks until each of two workers has answered, as its log says. */
async function twoWorkersAnswer(florin: FlorinProcess, url: string): Promise<void> {
  await untilTrue(async () => {
    const request = get(`${url}/health/live`, { agent: false });
    // Nobody listens while no worker is there.
    const [response] = await once(request, 'response').catch(() => []);
    response?.resume();
    const logged = florin.stdout.matchAll(/"pid":(\d+),.*"msg":"request"/g);
    const answering = new Set(Array.from(logged, ([, pid]) => Number(pid)));
    const { workers } = florin;
    return workers.length === 2 && workers.every((pid) => answering.has(pid));
  });
}
