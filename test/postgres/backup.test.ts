import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import pg from 'pg';
import { LAWS } from '#bank/services.ts';
import { openDatabase } from '#db/database.ts';
import { verifyLaws } from '#ledger/verify.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { urlOfDatabase } from '#test/support/test-database.ts';
import { openTestServer } from '#test/support/test-server.ts';
import { backUp, bareDatabase, contentOf, pathOf, restore } from '#test/system/backup/backup-file.ts';

const bundled = await openTestServer();
const there = `florin_versions_${randomBytes(6).toString('hex')}`;
const client = new pg.Client({ connectionString: bundled.databaseUrl });
await client.connect();
await client.query(`create database ${there}`);
after(async () => {
  await client.query(`drop database ${there} with (force)`);
  await client.end();
  await bundled.close();
});

const bank = await openTestBank();
const accountId = await bank.newAccount({ balanceMinor: 5_00n });
await bank.transactions.withdraw({
  caller: TEST_CALLER,
  idempotencyKey: newKey(),
  accountId,
  amountMinor: 1_00n,
  currency: EUR,
  mode: 'cash',
});

async function assertLawful(databaseUrl: string): Promise<void> {
  const { db, close } = openDatabase({ databaseUrl });
  try {
    const broken = (await verifyLaws(db, 1, LAWS)).filter(({ brokenBy }) => brokenBy !== undefined);
    assert.deepEqual(broken, []);
  } finally {
    await close();
  }
}

test('a backup of the server under test is restored on the bundled version, and one of that comes back', async () => {
  const content = await contentOf(bank.databaseUrl);
  const moved = urlOfDatabase(bundled.databaseUrl, there);
  await backUp(bank.databaseUrl, pathOf('there.florin'));
  await restore(pathOf('there.florin'), moved);
  assert.deepEqual(await contentOf(moved), content);
  await assertLawful(moved);

  const back = await bareDatabase();
  await backUp(moved, pathOf('back.florin'));
  await restore(pathOf('back.florin'), back);
  assert.deepEqual(await contentOf(back), content);
  await assertLawful(back);
});
