import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { describeApi } from '#test/support/openapi-document.ts';
import { createTestDatabase } from '#test/support/test-database.ts';

test('openapi.json is what the server answers', async () => {
  const { databaseUrl, drop } = await createTestDatabase();
  try {
    const committed = await readFile(new URL('../../../openapi.json', import.meta.url), 'utf8');
    assert.ok(committed === (await describeApi(databaseUrl)), 'it is not: run npm run generate');
  } finally {
    await drop();
  }
});
