import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { describeAccess } from '#test/support/access-document.ts';

test('docs/access.md shows the table of access', async () => {
  const page = await readFile(new URL('../../../docs/access.md', import.meta.url), 'utf8');
  assert.ok(page.endsWith(`\n${describeAccess()}`), 'it does not: run npm run generate');
});
