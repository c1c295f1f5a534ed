import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { describeModel } from '#test/support/describe-model.ts';
import { createTestDatabase } from '#test/support/test-database.ts';

test('docs/data-model.md shows the schema after all migrations', async () => {
  const { databaseUrl, drop } = await createTestDatabase();
  try {
    const page = await readFile(new URL('../../../docs/data-model.md', import.meta.url), 'utf8');
    assert.ok(page.endsWith(`\n${await describeModel(databaseUrl)}`), 'it does not: run npm run generate');
  } finally {
    await drop();
  }
});
