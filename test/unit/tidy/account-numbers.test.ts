import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { describeAccountNumbers } from '#test/support/account-numbers-document.ts';

test('docs/account-numbers.md ends with the countries that are known', async () => {
  const page = await readFile(new URL('../../../docs/account-numbers.md', import.meta.url), 'utf8');
  assert.ok(page.endsWith(`\n${describeAccountNumbers()}`), 'it does not: run npm run generate');
});
