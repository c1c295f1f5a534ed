import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildConsole } from '../../../console/build.ts';

const isLinux = process.platform === 'linux';

function children(): string[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
}

test('the console is built again and again, and no process stays', { skip: !isLinux }, async () => {
  const before = children();
  for (const _ of [1, 2]) assert.ok((await buildConsole()).has('index.html'));
  // It was told to end, and takes a moment.
  while (children().length > before.length) await sleep(5);
  assert.deepEqual(children(), before);
});
