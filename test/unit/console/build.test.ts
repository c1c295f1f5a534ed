import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type BuiltConsole, buildConsole } from '../../../console/build.ts';

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

/** A script and what it imports before it runs, by path: what a browser loads for it. */
function closureOf(files: BuiltConsole, path: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, name] of textOf(files, path).matchAll(/(?:from|import)"\.\/([\w-]+\.js)"/g))
    closureOf(files, `assets/${name}`, seen);
  return seen;
}

function textOf(files: BuiltConsole, path: string): string {
  const bytes = files.get(path);
  assert.ok(bytes !== undefined, path);
  return new TextDecoder().decode(bytes);
}

function pathOf(files: BuiltConsole, name: string): string {
  const path = [...files.keys()].find((one) => new RegExp(`^assets/${name}-\\w+\\.js$`).test(one));
  assert.ok(path !== undefined, name);
  return path;
}

function gzipped(files: BuiltConsole, paths: Iterable<string>): number {
  return [...paths].reduce((sum, path) => sum + gzipSync(files.get(path) ?? '', { level: 9 }).length, 0);
}

test('the first load is under 150 kB of script, and a screen is loaded when it is opened', async () => {
  const files = await buildConsole();
  const first = closureOf(files, pathOf(files, 'main'));
  const desk = closureOf(files, pathOf(files, 'desk'));
  const bytes = gzipped(files, first.union(desk));
  console.log(`# ${gzipped(files, first)} bytes for a login, ${bytes} with the desk`);
  assert.ok(bytes < 150_000, `${bytes} bytes`);
  assert.ok(!first.has(pathOf(files, 'loans')), 'the login loads no screen');
});
