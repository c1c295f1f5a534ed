import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { sealAll } from '#features/audit/contract.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { describeSchema } from '#test/support/describe-schema.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { backUp, bareDatabase, contentOf, pathOf, restore } from './backup-file.ts';

const bank = await openTestBank();

/** Characters that COPY's text format writes in another way, and such as take two to four bytes. */
const ODD = 'tab\tline\nback\\slash \\N \\. quote"\' ž 漢 𝔘';

test('a bank is backed up and restored into an empty database, row by row and with its whole schema', async () => {
  const from = await bank.newAccount({ balanceMinor: 100_00n });
  const to = await bank.newAccount();
  await bank.transactions.transfer({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    fromAccountId: from,
    to: { accountId: to },
    amountMinor: 12_34n,
    currency: EUR,
  });
  const dateOfBirth = '1990-12-10' as IsoDate;
  const identity = { type: 'person', givenName: 'Ada', familyName: 'Łoś', dateOfBirth } as const;
  await bank.customers.create(TEST_CALLER, identity, { metadata: { note: ODD } });
  await sealAll(bank.context);

  const file = pathOf('whole.florin');
  const { manifest, bytes } = await backUp(bank.databaseUrl, file);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(file).size, bytes);
  assert.equal(existsSync(`${file}.unfinished`), false);
  assert.deepEqual(manifest.books, [
    { bookId: 1, name: 'Test bank', businessDate: '2026-01-14', closedThrough: null },
  ]);
  assert.deepEqual(
    manifest.tables.filter(({ name }) => ['customers', 'postings'].includes(name)).map(({ rows }) => rows),
    [3, 2],
  );

  const restored = await bareDatabase();
  await restore(file, restored);
  assert.deepEqual(await contentOf(restored), await contentOf(bank.databaseUrl));
  assert.equal(await describeSchema(restored), await describeSchema(bank.databaseUrl));
  assert.deepEqual(
    await query(restored, "select metadata from customers where metadata is not null and metadata <> '{}'"),
    [{ metadata: { note: ODD } }],
  );
});
