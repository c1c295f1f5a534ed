import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, test } from 'node:test';
import { assertVerified } from './assert-verified.ts';
import { type FlorinProcess, Installation, LINUX_ONLY } from './florin-process.ts';
import { Clients, type Heard } from './load.ts';

/**
 * A disk that takes this long over a commit, as many do. Without it one takes a millisecond, and a server that
 * answers before its commit is done passes this test (seen; with it, it fails each time).
 */
const SLOW_DISK = { commit_delay: '20000', commit_siblings: '0' };

/** PostgreSQL keeps its defaults otherwise: what is committed is on disk. */
const bank = await Installation.prepared({ after }, { LOG_LEVEL: 'silent' });

/** The crash comes the moment one of these answers does: nobody has had time to make good on it. */
const FIRST_ANSWER = 150;
const LAST_ANSWER = 500;

/** Or so much later that a batch is being committed, whose answers never come. */
const LONGEST_DELAY_MS = 40;

/** What is ended by kill -9, in the order of the rounds, all on the same bank. */
const ROUNDS: readonly { name: string; killed: readonly Victim[]; delayed: boolean }[] = [
  { name: 'the server', killed: ['server'], delayed: true },
  { name: 'PostgreSQL', killed: ['database'], delayed: false },
  { name: 'both', killed: ['server', 'database'], delayed: false },
];

type Victim = 'server' | 'database';

test('kill -9 under load loses nothing that was acknowledged and doubles nothing that is repeated', {
  skip: LINUX_ONLY,
}, async (t) => {
  let florin = bank.serve();
  let url = await florin.ready();
  const clients = await Clients.open(url);
  bank.configureDatabase(SLOW_DISK);
  let unknown = 0;
  for (const { name, killed, delayed } of ROUNDS) {
    const moment = randomInt(FIRST_ANSWER, LAST_ANSWER);
    const delayMs = delayed ? randomInt(1, LONGEST_DELAY_MS) : 0;
    const crash = (): void => {
      for (const victim of killed) end(victim, florin);
    };
    const heard = await clients.work(url, (count) => {
      if (count !== moment) return;
      if (delayed) setTimeout(crash, delayMs);
      else crash();
    });
    if (!killed.includes('server')) {
      // It goes on without its database; PostgreSQL comes back with the next start, on a port of its own.
      assert.ok(florin.isRunning, florin.stderr);
      assert.deepEqual(await florin.stop(), { exitCode: 0, signal: null });
    }
    unknown += heard.unknown;

    florin = bank.serve();
    url = await florin.ready();
    const settled = await clients.settle(url);
    t.diagnostic(describe(name, heard, settled));
    assert.equal(settled.replayed + settled.posted, heard.unknown + heard.undone);
    await clients.assertBooksHoldExactlyThis(url);
  }
  assert.ok(unknown > 0, 'no request was under way at any of the crashes');

  await assertVerified(await bank.databaseUrl());
  await florin.stop();
});

function end(victim: Victim, florin: FlorinProcess): void {
  if (victim === 'server') florin.signal('SIGKILL');
  else bank.killDatabase();
}

function describe(name: string, heard: Heard, settled: { replayed: number; posted: number }): string {
  return `kill -9 of ${name}: ${heard.acknowledged} acknowledged, ${heard.unknown} unknown and ${heard.undone} undone, of which ${settled.replayed} had happened and ${settled.posted} had not`;
}
