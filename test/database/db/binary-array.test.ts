import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import {
  bigintArray,
  booleanArray,
  bytesArray,
  dateArray,
  integerArray,
  jsonArray,
  textArray,
  uuidArray,
} from '#db/binary-array.ts';
import { createBareDatabase } from '#test/support/test-database.ts';

const { databaseUrl, drop } = await createBareDatabase();
const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();
after(async () => {
  await client.end();
  await drop();
});

/** What PostgreSQL makes of an array: each element as its text, in order. */
async function readBack(type: string, array: Buffer): Promise<(string | null)[]> {
  const { rows } = await client.query<{ value: string | null }>(
    `select value::text from unnest($1::${type}[]) with ordinality as u (value, place) order by place`,
    [array],
  );
  return rows.map(({ value }) => value);
}

test('UUIDs arrive as they were, in either case, and nulls between them', async () => {
  const values = ['00112233-4455-6677-8899-aabbccddeeff', null, 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'];
  assert.deepEqual(await readBack('uuid', uuidArray(values)), [
    '00112233-4455-6677-8899-aabbccddeeff',
    null,
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ]);
});

test('what is no UUID is a bug, not another id', () => {
  assert.throws(() => uuidArray(['00112233-4455-6677-8899-aabbccddeef']), /with dashes/);
  assert.throws(() => uuidArray(['00112233-4455-6677-8899-aabbccddeefg']), /hexadecimal/);
  assert.throws(() => uuidArray(['00112233-4455-6677-8899-aabbccddee:f']), /hexadecimal/);
});

test('the smallest and the largest numbers arrive whole', async () => {
  const values = [-9_223_372_036_854_775_808n, -1n, 0n, null, 9_223_372_036_854_775_807n];
  assert.deepEqual(await readBack('bigint', bigintArray(values)), [
    '-9223372036854775808',
    '-1',
    '0',
    null,
    '9223372036854775807',
  ]);
  assert.deepEqual(await readBack('int', integerArray([-2_147_483_648, null, 2_147_483_647])), [
    '-2147483648',
    null,
    '2147483647',
  ]);
});

test('dates before and after 2000 arrive as they were, leap days too', async () => {
  const values = ['1993-01-01', '1999-12-31', '2000-01-01', null, '2024-02-29', '9999-12-31'];
  assert.deepEqual(await readBack('date', dateArray(values)), values);
  assert.throws(() => dateArray(['tomorrow']), /YYYY-MM-DD/);
});

test('text arrives letter by letter: quotes, backslashes, NULL as a word, emoji, nothing at all', async () => {
  const values = ['"quoted"', 'back\\slash', 'NULL', null, '', '{a,b}', 'Žluťoučký kůň 🐎', '漢字'];
  assert.deepEqual(await readBack('text', textArray(values)), values);
});

test('bytes arrive byte by byte', async () => {
  const values = [Buffer.from([0, 255, 127]), null, Buffer.alloc(0)];
  assert.deepEqual(await readBack('bytea', bytesArray(values)), ['\\x00ff7f', null, '\\x']);
});

test('truth arrives as it was', async () => {
  assert.deepEqual(await readBack('boolean', booleanArray([true, null, false])), ['true', null, 'false']);
});

test('JSON arrives as it was written, null as a value and no value at all', async () => {
  const values = ['{"a": [1, "ž🐎"]}', null, 'null', '"\\u0041"', '[]'];
  assert.deepEqual(await readBack('jsonb', jsonArray(values)), [
    '{"a": [1, "ž🐎"]}',
    null,
    'null',
    '"A"',
    '[]',
  ]);
  await assert.rejects(readBack('jsonb', jsonArray(['{'])), /invalid input syntax for type json/);
});

test('an array of none is empty', async () => {
  assert.deepEqual(await readBack('uuid', uuidArray([])), []);
  assert.deepEqual(await readBack('text', textArray([])), []);
});
