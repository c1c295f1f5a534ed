import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import pg from 'pg';
import { createServices } from '#bank/services.ts';
import { sealNationalIds } from '#features/customers/contract.ts';
import { DamagedDataError, DataKey, newDataKeyText, WrongDataKeyError } from '#lib/data-key.ts';
import type { CustomerId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { openTestBank, TEST_CALLER, withServers } from '#test/support/bank.ts';

const bank = await openTestBank();
const owner = new pg.Client({ connectionString: bank.databaseUrl });
// The bank's end drops the database under it.
owner.on('error', () => undefined);
await owner.connect();
after(() => owner.end());

const PERSON = {
  type: 'person',
  givenName: 'Ada',
  familyName: 'Lovelace',
  dateOfBirth: '1990-12-10' as IsoDate,
} as const;

async function createCustomer(nationalId: string): Promise<CustomerId> {
  return (await bank.customers.create(TEST_CALLER, PERSON, { nationalId, metadata: {} })).id;
}

/** Customers as a version before this one left them. */
async function insertPlain(nationalIds: readonly string[]): Promise<CustomerId[]> {
  const ids = nationalIds.map(() => randomUUID() as CustomerId);
  await owner.query('alter table customers drop constraint customers_national_id_sealed_only');
  await owner.query(
    `insert into customers (book_id, customer_id, type, given_name, family_name, date_of_birth, national_id)
     select 1, id, 'person', 'Old', 'Row', '1990-01-01', national_id
     from unnest($1::uuid[], $2::text[]) as old (id, national_id)`,
    [ids, nationalIds],
  );
  await owner.query(
    'alter table customers add constraint customers_national_id_sealed_only check (national_id is null) not valid',
  );
  return ids;
}

async function countPlain(): Promise<bigint> {
  const { rows } = await owner.query('select count(*) as plain from customers where national_id is not null');
  return BigInt(rows[0].plain);
}

test('a national id comes back whole, and stands nowhere in the database', async () => {
  const id = await createCustomer('SECRET-4711-ID');
  assert.equal((await bank.customers.get(TEST_CALLER, id)).nationalId, 'SECRET-4711-ID');
  const { rows } = await owner.query('select customers::text as row from customers');
  const hex = Buffer.from('SECRET-4711-ID').toString('hex');
  for (const { row } of rows) {
    assert.equal(row.includes('SECRET-4711-ID') || row.includes(hex), false);
  }
});

test('a national id is unique in the book, taken away and given back', async () => {
  const id = await createCustomer('UNIQUE-1');
  await assert.rejects(createCustomer('UNIQUE-1'), {
    code: 'customer_exists',
    fields: [{ path: 'nationalId', message: 'belongs to another customer' }],
  });
  assert.equal((await bank.customers.change(TEST_CALLER, id, 1, { nationalId: null })).nationalId, undefined);
  const next = await createCustomer('UNIQUE-1');
  await assert.rejects(bank.customers.change(TEST_CALLER, id, 2, { nationalId: 'UNIQUE-1' }), {
    code: 'customer_exists',
  });
  assert.equal((await bank.customers.get(TEST_CALLER, next)).nationalId, 'UNIQUE-1');
});

test('the database takes no national id in plain text, whoever writes', async () => {
  const id = await createCustomer('SEALED-ONLY');
  const update = owner.query(`update customers set national_id = 'X' where customer_id = $1`, [id]);
  await assert.rejects(update, { constraint: 'customers_national_id_sealed_only' });
});

test('a national id that is moved to another customer, changed, or sealed with another key does not open', async () => {
  const one = await createCustomer('MOVED-1');
  const two = await createCustomer('MOVED-2');
  const sealed = 'select national_id_sealed from customers where customer_id = $2';
  await owner.query(`update customers set national_id_sealed = (${sealed}) where customer_id = $1`, [
    one,
    two,
  ]);
  await assert.rejects(bank.customers.get(TEST_CALLER, one), DamagedDataError);
  await owner.query('delete from customers where customer_id = $1', [one]);
  const stranger = createServices({ ...bank.context, dataKey: DataKey.fromText(newDataKeyText()) });
  await assert.rejects(stranger.customers.get(TEST_CALLER, two), WrongDataKeyError);
});

test('what an earlier version left in plain text is sealed by several processes at once, and stays as it was', async () => {
  const nationalIds = Array.from({ length: 1_203 }, (_, index) => `OLD-${index}`);
  const ids = await insertPlain(nationalIds);
  let sealed = 0;
  const deadlocks = await withServers(bank, 3, async (servers) => {
    const counts = await Promise.all(servers.map(({ context }) => sealNationalIds(context)));
    sealed = counts.reduce((sum, count) => sum + count, 0);
  });
  assert.equal(deadlocks, 0n);
  assert.equal(sealed, 1_203);
  assert.equal(await countPlain(), 0n);
  for (const index of [0, 600, 1_202]) {
    const customer = await bank.customers.get(TEST_CALLER, ids[index]!);
    assert.equal(customer.nationalId, nationalIds[index]);
    assert.equal(customer.version, 1);
  }
  await assert.rejects(createCustomer('OLD-600'), { code: 'customer_exists' });
  assert.equal(await sealNationalIds(bank.context), 0);
});

test('sealing that is cut off goes on where it was', async () => {
  await insertPlain(Array.from({ length: 700 }, (_, index) => `CUT-${index}`));
  let batches = 0;
  const cut = new Error('cut off');
  const context = {
    ...bank.context,
    get db() {
      batches += 1;
      if (batches === 2) throw cut;
      return bank.db;
    },
  };
  await assert.rejects(sealNationalIds(context), cut);
  assert.equal(await countPlain(), 200n);
  assert.equal(await sealNationalIds(bank.context), 200);
  assert.equal(await countPlain(), 0n);
});

test('a national id without an address is one of the country of the bank', async () => {
  await createCustomer('HOME-1');
  const [{ country }] = (await bank.context.db.selectFrom('books').select('country').execute()) as [
    { country: string },
  ];
  const at = (where: string) => ({
    line1: 'Main Street 1',
    city: 'Town',
    postalCode: '1000',
    country: where,
  });
  const withAddress = (where: string) =>
    bank.customers.create(TEST_CALLER, PERSON, { nationalId: 'home 1', address: at(where), metadata: {} });
  await assert.rejects(withAddress(country), { code: 'customer_exists' });
  await withAddress(country === 'FR' ? 'BE' : 'FR');
});
