import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from '#lib/concurrency/turns.ts';

const late = (): Error => new Error('late');

/** Work that waits to be ended, and whether it has begun. */
function openEnded() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = { begun: false, end: resolve, run: () => promise };
  work.run = () => {
    work.begun = true;
    return promise;
  };
  return work;
}

test('work is done one after the other, in the order in which it came, whatever became of the one before', async () => {
  const turns = new Turns();
  const done: string[] = [];
  const step = (name: string) => async () => {
    await Promise.resolve();
    done.push(name);
    if (name === 'second') throw new Error('failed');
    return name;
  };
  const steps = ['first', 'second', 'third'].map((name) => turns.take(1_000, step(name), late));
  const [, second, third] = await Promise.allSettled(steps);
  assert.deepEqual(done, ['first', 'second', 'third']);
  assert.equal(second?.status, 'rejected');
  assert.deepEqual(third, { status: 'fulfilled', value: 'third' });
});

test('who waits too long is told so, and those behind still wait for the one under way', async () => {
  const turns = new Turns();
  const [first, second, third] = [openEnded(), openEnded(), openEnded()];
  const one = turns.take(1_000, first.run, late);
  await assert.rejects(turns.take(20, second.run, late), /^Error: late$/);
  const other = turns.take(1_000, third.run, late);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([first.begun, second.begun, third.begun], [true, false, false]);
  first.end();
  third.end();
  await Promise.all([one, other]);
  assert.equal(second.begun, false);
});
