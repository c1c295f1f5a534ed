import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDatabase } from '#db/database.ts';
import { connectTo, superuserCredentials } from '#embedded/connection.ts';
import { loadOrCreateSecrets } from '#embedded/secrets.ts';
import { sealAll } from '#features/audit/contract.ts';
import { DataKey, newDataKeyText } from '#lib/data-key.ts';
import { fromTypeId } from '#lib/ids.ts';
import { codeAt } from '#test/database/identity/users/staff.ts';
import { createBareDatabase, createTestDatabase } from '#test/support/test-database.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { withContext } from '../../../bench/host/with-context.ts';
import { createCustomer, listAll, send, textOf, tokenOf, useToken } from './bank-client.ts';
import { type FlorinProcess, Installation, untilTrue } from './florin-process.ts';
import { refusalHere } from './refusal.ts';

const ADMIN = {
  FLORIN_ADMIN_EMAIL: 'admin@florin.example',
  FLORIN_ADMIN_PASSWORD: 'violet anchors drift slowly',
};
const LOGIN = { email: ADMIN.FLORIN_ADMIN_EMAIL, password: ADMIN.FLORIN_ADMIN_PASSWORD };
const ADDRESS = { line1: 'Unter den Linden 1', city: 'Berlin', postalCode: '10117', country: 'DE' };
const PERSON = {
  type: 'person',
  givenName: 'Grace',
  familyName: 'Hopper',
  dateOfBirth: '1986-12-09',
  email: 'grace@example.com',
  phone: '+493012345678',
  address: ADDRESS,
  nationalId: 'SECRET-4711',
  identifiers: [{ type: 'passport', country: 'FR', value: 'PASS-99' }],
};

/** What was stored under a data key, and answers for it. */
type Sealed = {
  readonly customerId: string;
  readonly oldFormId: string;
  readonly totpSecret: string;
  readonly recoveryCodes: readonly string[];
  readonly apiKey: string;
  readonly accessToken: string;
  readonly created: unknown;
};

const keyText = (): string => newDataKeyText();

async function succeeded(florin: FlorinProcess): Promise<Record<string, unknown>> {
  assert.deepEqual(await florin.ended(), { exitCode: 0, signal: null }, florin.stderr);
  return JSON.parse(florin.stdout);
}

/** Something of every kind that is sealed or hashed with the data key. */
async function fill(url: string): Promise<Sealed> {
  const created = await send(`${url}/v1/customers`, PERSON, 'the-customer');
  assert.equal(created.status, 201, JSON.stringify(created.body));
  const customerId = textOf(created.body, 'id');
  const oldFormId = await createCustomer(url);
  const response = await fetch(`${url}/v1/customers/${oldFormId}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${tokenOf(url)}`,
      'content-type': 'application/json',
      'if-match': '"1"',
    },
    body: JSON.stringify({ nationalId: 'OLD-1' }),
  });
  assert.equal(response.status, 200, await response.text());
  const token = tokenOf(url);
  const { body } = await send(`${url}/v1/auth/login`, LOGIN);
  const accessToken = textOf(body, 'accessToken');
  useToken(url, accessToken);
  const enrolled = await send(`${url}/v1/auth/totp`, {});
  const totpSecret = textOf(enrolled.body, 'secret');
  // A code counts once: the later ones are for afterwards.
  const code = codeAt(totpSecret, Date.now() - 30_000);
  const confirmed = await send(`${url}/v1/auth/totp/confirm`, { code });
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
  const recoveryCodes = (confirmed.body as { recoveryCodes: string[] }).recoveryCodes;
  useToken(url, token);
  return {
    customerId,
    oldFormId,
    totpSecret,
    recoveryCodes,
    apiKey: token,
    accessToken,
    created: created.body,
  };
}

async function assertAllWorks(url: string, sealed: Sealed, recoveryCode: string): Promise<void> {
  useToken(url, sealed.apiKey);
  const { body: customer } = await send(`${url}/v1/customers/${sealed.customerId}`);
  assert.equal(textOf(customer, 'nationalId'), PERSON.nationalId);
  assert.deepEqual(
    (customer as { identifiers: { value: string }[] }).identifiers.map(({ value }) => value),
    ['PASS-99'],
  );
  const again = await send(`${url}/v1/customers`, PERSON, 'the-customer');
  assert.deepEqual([again.status, again.replayed, again.body], [201, true, sealed.created]);
  for (const nationalId of ['SECRET-4711', 'secret 4711']) {
    const twice = await send(`${url}/v1/customers`, { ...PERSON, nationalId, identifiers: [] });
    assert.deepEqual([twice.status, textOf(twice.body, 'code')], [409, 'customer_exists']);
  }
  const passport = await send(`${url}/v1/customers`, { ...PERSON, nationalId: 'OTHER' });
  assert.equal(textOf(passport.body, 'code'), 'customer_exists');
  const withCode = await send(`${url}/v1/auth/login`, { ...LOGIN, recoveryCode });
  assert.equal(withCode.status, 200, JSON.stringify(withCode.body));
  const trail = await listAll(`${url}/v1/audit-log`);
  const made = trail.find(
    (row) =>
      textOf(row, 'action') === 'createCustomer' &&
      Reflect.get(Object(row), 'resourceId') === sealed.customerId,
  );
  assert.equal(textOf(Reflect.get(Object(made), 'after'), 'givenName'), 'Grace');
}

async function assertVerified(bank: Installation, environment: Record<string, string>): Promise<void> {
  assert.equal((await succeeded(bank.run(['verify', '--json'], environment))).ok, true);
  const trail = await succeeded(bank.run(['audit', 'verify', '--json'], environment));
  assert.equal(trail.ok, true, JSON.stringify(trail));
}

/** Values that the head of a key stands on, by column; those of the trail are texts in JSON and not among them. */
async function columnsSealedWith(databaseUrl: string, key: DataKey): Promise<string[]> {
  const head = key.encrypt('', 'any').subarray(0, 5).toString('hex');
  const columns = await query(
    databaseUrl,
    `select table_name as name, column_name as part from information_schema.columns
     where table_schema = 'public' and data_type = 'bytea'`,
  );
  const found: string[] = [];
  for (const row of columns) {
    const [table, column] = [textOf(row, 'name'), textOf(row, 'part')];
    const first = `encode(substring(${column} from 1 for 5), 'hex')`;
    const rows = await query(databaseUrl, `select 1 from ${table} where ${first} = '${head}' limit 1`);
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found.toSorted();
}

/** A bank with everything in it, its server stopped and its trail sealed. */
async function filledBank(t: TestContext) {
  const { databaseUrl, drop } = await createTestDatabase();
  t.after(drop);
  const bank = new Installation(t);
  const old = keyText();
  const environment = { DATABASE_URL: databaseUrl, FLORIN_DATA_KEY: old, ...ADMIN };
  const server = bank.serve(environment);
  const sealed = await fill(await server.ready());
  const rotating = { ...environment, FLORIN_NEW_DATA_KEY: keyText() };
  return { databaseUrl, bank, old, environment, server, sealed, rotating };
}

async function seal(databaseUrl: string, text: string): Promise<void> {
  await withContext({ databaseUrl, dataKey: DataKey.fromText(text) }, sealAll);
}

test('a bank with everything in it works under the new key as before, and under the old one not at all', async (t) => {
  const { databaseUrl, bank, old, environment, server, sealed, rotating } = await filledBank(t);
  const fresh = rotating.FLORIN_NEW_DATA_KEY;
  const refused = bank.run(['data-key', 'rotate'], rotating);
  assert.deepEqual(await refused.ended(), { exitCode: 1, signal: null });
  assert.match(refused.stderr, /with all servers stopped, and other connections .*\(database_in_use\)\n$/);
  await server.stop();
  assert.match(await refusalHere(['data-key', 'rotate'], environment), /FLORIN_NEW_DATA_KEY is needed/);
  const same = { ...environment, FLORIN_NEW_DATA_KEY: old };
  assert.match(
    await refusalHere(['data-key', 'rotate'], { ...same, FLORIN_READ_ONLY: 'on' }),
    /\(read_only\)/,
  );
  await seal(databaseUrl, old);
  // The hash of a number as the first versions made it: without its type and country.
  const uuid = fromTypeId('customer', sealed.oldFormId);
  const oldForm = DataKey.fromText(old).blindIndex('OLD-1', 'customers.national_id/1');
  await query(
    databaseUrl,
    `update customers set national_id_hash = '\\x${oldForm.toString('hex')}' where customer_id = '${uuid}'`,
  );

  const { counts } = await succeeded(bank.run(['data-key', 'rotate', '--json'], rotating));
  const { answers, ...others } = counts as Record<string, number>;
  assert.deepEqual(others, { nationalIds: 2, identifiers: 3, secondFactors: 1, signingKeys: 1 });
  assert.ok(Number(answers) >= 1);
  assert.deepEqual(await columnsSealedWith(databaseUrl, DataKey.fromText(old)), []);
  assert.deepEqual(await columnsSealedWith(databaseUrl, DataKey.fromText(fresh)), [
    'customer_identifiers.value_sealed',
    'customers.national_id_sealed',
    'former_data_keys.key_sealed',
    'idempotency_keys.answer',
    'signing_keys.private_key',
    'users.totp_secret',
  ]);
  const [{ hash } = {}] = await query(
    databaseUrl,
    `select encode(national_id_hash, 'hex') as hash from customers where customer_id = '${uuid}'`,
  );
  const newForm = DataKey.fromText(fresh).blindIndex('OLD-1', 'customers.national_id/1');
  assert.equal(hash, newForm.toString('hex'));

  // Once more, as after a kill before the answer: it is done already.
  assert.deepEqual(await succeeded(bank.run(['data-key', 'rotate', '--json'], rotating)), {
    counts: null,
    formerKeyFile: null,
  });
  assert.match(await refusalHere(['verify'], environment), /encrypted with another data key than this/);
  const returning = openDatabase({ databaseUrl, dataKey: DataKey.fromText(old) });
  t.after(() => returning.close());
  await assert.rejects(returning.pool.query('select 1'), /encrypted with another data key than this/);

  const now = { ...environment, FLORIN_DATA_KEY: fresh };
  await assertVerified(bank, now);
  const again = bank.serve(now);
  const url = await again.ready();
  await assertAllWorks(url, sealed, sealed.recoveryCodes[0] ?? '');
  const otp = codeAt(sealed.totpSecret, Date.now());
  assert.equal((await send(`${url}/v1/auth/login`, { ...LOGIN, otp })).status, 200);
  const key = tokenOf(url);
  useToken(url, sealed.accessToken);
  assert.equal(
    (await send(`${url}/v1/auth/me`)).status,
    200,
    'a token of before is checked with the same key',
  );
  useToken(url, key);
  const rows = await query(
    databaseUrl,
    `select actor, resource_id, after from audit_log where operation = 'rotateDataKey'`,
  );
  assert.deepEqual(rows, [{ actor: 'cli', resource_id: '2', after: counts }]);
  await again.stop();
  await seal(databaseUrl, fresh);
  await assertVerified(bank, now);
});

test('a second rotation keeps what the trail holds readable, a former key is not taken again, and a backup restores', async (t) => {
  const { databaseUrl, bank, old, environment, server, sealed, rotating } = await filledBank(t);
  await server.stop();
  await seal(databaseUrl, old);
  await succeeded(bank.run(['data-key', 'rotate', '--json'], rotating));
  const second = { ...environment, FLORIN_DATA_KEY: rotating.FLORIN_NEW_DATA_KEY };
  await seal(databaseUrl, second.FLORIN_DATA_KEY);
  assert.match(
    await refusalHere(['data-key', 'rotate'], { ...second, FLORIN_NEW_DATA_KEY: old }),
    /was one of this bank’s before.*\(data_key_used\)/,
  );
  const third = { ...environment, FLORIN_DATA_KEY: keyText() };
  await succeeded(
    bank.run(['data-key', 'rotate', '--json'], { ...second, FLORIN_NEW_DATA_KEY: third.FLORIN_DATA_KEY }),
  );
  await assertVerified(bank, third);

  const file = join(bank.dataDir, '..', 'rotated.florin');
  await succeeded(bank.run(['backup', file, '--json'], third));
  const target = await createBareDatabase();
  t.after(target.drop);
  const there = { ...third, DATABASE_URL: target.databaseUrl };
  assert.match(
    await refusalHere(['restore', file], { ...there, FLORIN_DATA_KEY: old }),
    /\(wrong_data_key\)/,
  );
  await succeeded(bank.run(['restore', file, '--json'], there));
  await assertVerified(bank, there);
  await assertAllWorks(await bank.serve(there).ready(), sealed, sealed.recoveryCodes[1] ?? '');

  // A row that is changed behind the bank's back is found, whichever key its fingerprint is of.
  await query(databaseUrl, `update customers set status = 'closed'`);
  const broken = bank.run(['audit', 'verify'], third);
  assert.equal((await broken.ended()).exitCode, 1);
  assert.match(broken.stderr, /the row is not as it was sealed/);
});

test('kill -9 in the middle leaves the old key in force for everything, and the next run does it all', async (t) => {
  const { databaseUrl, bank, old, environment, server, sealed, rotating } = await filledBank(t);
  await server.stop();
  // The rotation stops here, before its last write and with everything else already re-sealed.
  await query(
    databaseUrl,
    `create function wait() returns trigger language plpgsql as $$ begin perform pg_sleep(120); return new; end $$`,
    'create trigger wait before update on idempotency_keys for each row execute function wait()',
  );
  const cut = bank.run(['data-key', 'rotate'], rotating);
  const waiting = `from pg_stat_activity where application_name = 'florin data-key rotate' and wait_event = 'PgSleep'`;
  await untilTrue(async () => (await query(databaseUrl, `select 1 ${waiting}`)).length === 1);
  await cut.kill();
  await query(
    databaseUrl,
    `select pg_terminate_backend(pid) ${waiting}`,
    'drop trigger wait on idempotency_keys',
  );
  assert.deepEqual(await columnsSealedWith(databaseUrl, DataKey.fromText(rotating.FLORIN_NEW_DATA_KEY)), []);
  await seal(databaseUrl, old);
  await assertVerified(bank, environment);
  const before = bank.serve(environment);
  await assertAllWorks(await before.ready(), sealed, sealed.recoveryCodes[0] ?? '');
  await before.stop();

  await succeeded(bank.run(['data-key', 'rotate', '--json'], rotating));
  const now = { ...environment, FLORIN_DATA_KEY: rotating.FLORIN_NEW_DATA_KEY };
  await assertVerified(bank, now);
  await assertAllWorks(await bank.serve(now).ready(), sealed, sealed.recoveryCodes[1] ?? '');
});

test('the embedded bank makes the key itself, and a rotation that was cut off before the file was replaced is finished', async (t) => {
  const bank = await Installation.prepared(t);
  const first = bank.serve();
  const id = await createCustomer(await first.ready());
  // The owner is not told what kind of connection another role's is.
  const { superuserPassword } = await loadOrCreateSecrets(join(bank.dataDir, 'postgres.secrets.json'), true);
  const { port } = new URL(await bank.databaseUrl());
  const superuser = { ...superuserCredentials(Number(port), superuserPassword), database: 'florin' };
  const stranger = await connectTo(superuser, 'stranger');
  await first.stop();
  const refused = bank.run(['data-key', 'rotate']);
  assert.equal((await refused.ended()).exitCode, 1);
  assert.match(refused.stderr, /are open \(1\): .*\(database_in_use\)/);
  await stranger.end();

  const file = join(bank.dataDir, 'data.key');
  const old = readFileSync(file, 'utf8');
  const { formerKeyFile } = await succeeded(bank.run(['data-key', 'rotate', '--json']));
  assert.equal(formerKeyFile, `${file}.former-1`);
  assert.equal(readFileSync(`${file}.former-1`, 'utf8'), old);
  const fresh = readFileSync(file, 'utf8');
  assert.notEqual(fresh, old);
  assert.equal(existsSync(`${file}.next`), false);

  // As it is between the commit and the file.
  renameSync(file, `${file}.next`);
  copyFileSync(`${file}.former-1`, file);
  assert.match(
    await refusalHere(['verify'], { FLORIN_DATA_DIR: bank.dataDir }),
    /encrypted with another data key .* finished by `florin data-key rotate`/,
  );
  const finished = await succeeded(bank.run(['data-key', 'rotate', '--json']));
  assert.equal(finished.counts, null);
  assert.equal(readFileSync(file, 'utf8'), fresh);
  const url = await bank.serve().ready();
  assert.equal((await send(`${url}/v1/customers/${id}`)).status, 200);
});
