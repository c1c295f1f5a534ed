import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Repeater } from '#lib/concurrency/repeater.ts';

/** Work of which each run waits to be told how it ends. */
class Work {
  readonly tookMs: number[] = [];
  readonly errors: unknown[] = [];
  runs = 0;
  #end: PromiseWithResolvers<void> | undefined;
  readonly repeater = new Repeater(
    () => {
      this.runs += 1;
      this.#end = Promise.withResolvers<void>();
      return this.#end.promise;
    },
    {
      restMs: (tookMs) => {
        this.tookMs.push(tookMs);
        return 1;
      },
      onError: (error) => this.errors.push(error),
    },
  );

  async begun(run: number): Promise<void> {
    while (this.runs < run) await delay(1);
  }

  end(error?: Error): void {
    if (error === undefined) this.#end?.resolve();
    else this.#end?.reject(error);
  }
}

test('work begins after a rest, and again after one that is measured by it', async () => {
  const work = new Work();
  work.repeater.start();
  assert.equal(work.runs, 0);
  await work.begun(1);
  await delay(20);
  assert.equal(work.runs, 1, 'never twice at once');
  work.end();
  await work.begun(2);
  assert.equal(work.tookMs[0], 0);
  assert.ok((work.tookMs[1] ?? 0) >= 19, String(work.tookMs));
  work.end();
  await work.repeater.stop();
});

test('a run that failed is told, and the next one comes', async () => {
  const work = new Work();
  work.repeater.start();
  await work.begun(1);
  const error = new Error('no');
  work.end(error);
  await work.begun(2);
  assert.deepEqual(work.errors, [error]);
  work.end();
  await work.repeater.stop();
});

test('stopped, it waits for the run that is under way, and there is no other', async () => {
  const work = new Work();
  work.repeater.start();
  await work.begun(1);
  assert.equal(work.repeater.isStopped, false);
  let hasStopped = false;
  const stopped = work.repeater.stop().then(() => {
    hasStopped = true;
  });
  assert.equal(work.repeater.isStopped, true);
  await delay(5);
  assert.equal(hasStopped, false);
  work.end();
  await stopped;
  await delay(10);
  assert.equal(work.runs, 1);
});

test('stopped before it began, it never works', async () => {
  const work = new Work();
  work.repeater.start();
  await work.repeater.stop();
  await delay(10);
  assert.equal(work.runs, 0);
});
