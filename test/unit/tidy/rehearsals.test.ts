import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../../', import.meta.url);

/** Operations that say first what their schema refuses, and nothing else with it. */
const NOT_REHEARSED: Readonly<Record<string, string>> = {
  changeOwnEmail: 'checks the password: what else is wrong would help to guess it',
  changeOwnPassword: 'checks the password',
  confirmTotp: 'checks a code',
  removeTotp: 'checks the password',
  runEndOfDay: 'goes on for longer than its request, and has no other field that may be wrong',
};

const ROUTE = /config: (?:GUESSABLE|\{[^}]*isNotRehearsed[^}]*\}),\s*\.\.\.operation\(\s*'(\w+)'/g;

test('every operation judges all that is wrong with a request at once, but for a few with a reason', () => {
  const found = globSync('src/**/*.ts', { cwd: ROOT }).flatMap((path) =>
    [...readFileSync(new URL(path, ROOT), 'utf8').matchAll(ROUTE)].map(([, id]) => id ?? ''),
  );
  assert.deepEqual(found.toSorted(), Object.keys(NOT_REHEARSED).toSorted());
});
