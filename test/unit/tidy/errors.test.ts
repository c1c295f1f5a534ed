import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { PROBLEM_TABLES, PROBLEMS } from '#bank/problems.ts';
import { describeErrors } from '#test/support/errors-document.ts';

const ROOT = new URL('../../../', import.meta.url);

test('docs/errors.md lists every code', async () => {
  const page = await readFile(new URL('docs/errors.md', ROOT), 'utf8');
  assert.ok(page.endsWith(`\n${await describeErrors()}`), 'it does not: run npm run generate');
});

test('one table says each code', () => {
  const codes = PROBLEM_TABLES.flatMap((table) => Object.keys(table));
  assert.deepEqual(
    codes.filter((code, index) => codes.indexOf(code) !== index),
    [],
  );
  assert.ok(Object.keys(PROBLEMS).length > 90);
});

test('every table of errors of a feature is one of the API', () => {
  const files = globSync('src/{features,identity,ledger,http}/**/errors.ts', { cwd: ROOT });
  const listed = readFileSync(new URL('src/bank/problems.ts', ROOT), 'utf8');
  for (const file of files) {
    const name = /export const (\w+_ERRORS) = /.exec(readFileSync(new URL(file, ROOT), 'utf8'))?.[1];
    assert.ok(name !== undefined && listed.includes(`  ${name},`), file);
  }
});

test('errors are made by the functions of their tables', () => {
  for (const file of globSync('src/**/*.ts', { cwd: ROOT })) {
    if (file === 'src/lib/errors.ts') continue;
    assert.doesNotMatch(readFileSync(new URL(file, ROOT), 'utf8'), /new FlorinError\(/, file);
  }
});
