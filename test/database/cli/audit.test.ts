import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { assertRefused, openFlorin } from './florin.ts';

const florin = await openFlorin();
const folder = await mkdtemp(join(tmpdir(), 'florin-audit-'));
after(() => rm(folder, { recursive: true, force: true }));

test('a checkpoint is exported and verified against, and a tampered row ends with exit code 1', async () => {
  const file = join(folder, 'checkpoint.json');
  const person = [
    '--type',
    'person',
    '--given-name',
    'Ada',
    '--family-name',
    'Lovelace',
    '--date-of-birth',
    '1990-12-10',
  ];
  const contact = ['--email', 'ada@example.com', '--phone', '+4930901820', '--address.line1', 'Lindenstr. 1'];
  const place = ['--address.city', 'Berlin', '--address.postal-code', '10969', '--address.country', 'DE'];
  await florin.json('customers', 'create', ...person, ...contact, ...place);
  const exported = await florin.run('audit', 'export-checkpoint', '--out', file);
  assert.equal(exported.exitCode, 0, exported.stderr);
  const verified = await florin.json('audit', 'verify', '--checkpoint', file);
  const { rowCount, fingerprintCount, ...rest } = verified as Record<string, number>;
  assert.deepEqual(rest, { ok: true, blockCount: 1, unsealedCount: 0, finding: null, findings: [] });
  assert.ok(rowCount! > 1 && fingerprintCount! > 300, 'the customer, and sheets of fingerprints');

  const owner = new pg.Client({ connectionString: florin.databaseUrl });
  await owner.connect();
  const { rows } = await owner.query(
    `update audit_log set actor = 'nobody' where operation = 'createCustomer' returning audit_id`,
  );
  const { rows: others } = await owner.query(
    `update audit_log set actor = 'nobody' where operation <> 'createCustomer' returning audit_id`,
  );
  const { rowCount: customers } = await owner.query(`update customers set status = 'closed'`);
  assert.ok(others.length > 0 && customers === 1);
  await owner.end();
  const broken = await florin.run('audit', 'verify');
  assert.equal(broken.exitCode, 1);
  assert.match(
    broken.stderr,
    /audit row .*, position 1, block 1: the row is not as it was sealed, and \d more on standard output/,
  );
  // All of it is named: each row of the trail, and the one beside it.
  const named = broken.stdout.split('\n').filter((line) => line.startsWith('BROKEN'));
  for (const { audit_id: id } of [...rows, ...others]) {
    assert.ok(
      named.some((line) => line.includes(`audit row ${id}`)),
      broken.stdout,
    );
  }
  assert.match(named.at(-1) ?? '', /customers .*: the row is not as it was sealed/);

  const forged = join(folder, 'forged.json');
  await writeFile(
    forged,
    (await readFile(file, 'utf8')).replace(/"lastPosition": "\d+"/, '"lastPosition": "9"'),
  );
  assertRefused(await florin.run('audit', 'verify', '--checkpoint', forged), 2, /signature does not hold/);
});
