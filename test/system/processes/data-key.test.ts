import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newDataKeyText } from '#lib/data-key.ts';
import { createTestDatabase } from '#test/support/test-database.ts';
import { createCustomer, send } from './bank-client.ts';
import { Installation } from './florin-process.ts';
import { refusalHere, refusalOf } from './refusal.ts';

test('the embedded server makes its data key once, for its owner’s eyes, and does not start without it', async (t) => {
  const bank = await Installation.prepared(t);
  const file = join(bank.dataDir, 'data.key');
  // Two at once: both must come to use the one key.
  const servers = [bank.serve(), bank.serve()];
  const [url, otherUrl] = await Promise.all(servers.map((server) => server.ready()));
  const id = await createCustomer(url!);
  assert.equal((await send(`${otherUrl}/v1/customers/${id}`)).status, 200);
  const text = readFileSync(file, 'utf8');
  assert.match(text, /^[\w-]{43}\n$/);
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  for (const server of servers) assert.deepEqual(await server.stop(), { exitCode: 0, signal: null });

  renameSync(file, `${file}.away`);
  assert.match(await refusalOf(bank.serve()), /data\.key is missing, .*: bring the file back \(/);
  const here = { FLORIN_DATA_DIR: bank.dataDir };
  writeFileSync(file, 'not a key\n');
  assert.match(
    await refusalHere(['verify'], here),
    /data\.key does not hold a data key: bring the right file back/,
  );
  writeFileSync(file, `${newDataKeyText()}\n`);
  assert.match(
    await refusalHere(['verify'], here),
    /encrypted with another data key .*FLORIN_DATA_KEY, or data\.key/,
  );
  rmSync(file);
  // From the environment it is as good.
  const again = bank.serve({ FLORIN_DATA_KEY: text.trim() });
  assert.equal((await send(`${await again.ready()}/v1/customers/${id}`)).status, 200);
  assert.deepEqual(await again.stop(), { exitCode: 0, signal: null });
});

test('an external database needs FLORIN_DATA_KEY, always the same, and the line says how to make one', async (t) => {
  const { databaseUrl, drop } = await createTestDatabase();
  t.after(drop);
  const bank = new Installation(t);
  assert.match(
    await refusalHere(['verify'], { DATABASE_URL: databaseUrl, FLORIN_DATA_KEY: '' }),
    /FLORIN_DATA_KEY is needed with DATABASE_URL: make one with `florin data-key`/,
  );
  const maker = bank.run(['data-key']);
  assert.deepEqual(await maker.ended(), { exitCode: 0, signal: null });
  const made = { DATABASE_URL: databaseUrl, FLORIN_DATA_KEY: maker.stdout.trim() };
  const first = bank.serve(made);
  await first.ready();
  assert.deepEqual(await first.stop(), { exitCode: 0, signal: null });
  const wrong = { DATABASE_URL: databaseUrl, FLORIN_DATA_KEY: newDataKeyText() };
  assert.match(await refusalHere(['verify'], wrong), /encrypted with another data key than this/);
  const again = bank.run(['verify'], made);
  assert.deepEqual(await again.ended(), { exitCode: 0, signal: null }, again.stderr);
});
