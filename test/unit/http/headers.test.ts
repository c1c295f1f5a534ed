import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { etagOf, IfMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { IdempotencyHeaders, requireIdempotencyKey } from '#http/idempotency.ts';
import type { IfMatch } from '#lib/if-match.ts';
import { problemOf, sendRaw, startServer } from './test-server.ts';

const Answer = Type.Object({ got: Type.Union([Type.String(), Type.Array(Type.Number())]) });
const { origin, port } = await startServer((server) => {
  const response = { 200: Answer };
  server.post('/pay', { schema: { headers: IdempotencyHeaders, response } }, async (request) => ({
    got: requireIdempotencyKey(request),
  }));
  server.patch('/thing', { schema: { headers: IfMatchHeaders, response } }, async (request) => ({
    got: versionsOf(requireIfMatch(request)),
  }));
});

function versionsOf(read: IfMatch): '*' | number[] {
  if (read === '*') return '*';
  return typeof read === 'number' ? [read] : [...read];
}

const pay = (key?: string) =>
  fetch(`${origin}/pay`, { method: 'POST', headers: key === undefined ? {} : { 'idempotency-key': key } });
const patch = (etag?: string) =>
  fetch(`${origin}/thing`, { method: 'PATCH', headers: etag === undefined ? {} : { 'if-match': etag } });

test('a key of 1 to 255 visible ASCII characters is taken', async () => {
  for (const key of ['x', '!~', 'a,b', 'k'.repeat(255)]) {
    assert.deepEqual(await (await pay(key)).json(), { got: key });
  }
});

test('no key is 400 idempotency_key_required', async () => {
  await problemOf(await pay(), 400, 'idempotency_key_required');
  await problemOf(await pay(''), 400, 'idempotency_key_required');
});

for (const key of ['k'.repeat(256), 'a b', 'clé', 'a\tb']) {
  test(`the key ${key.slice(0, 10)} of ${key.length} characters is 400 validation_failed`, async () => {
    const problem = await problemOf(await pay(key), 400, 'validation_failed');
    assert.equal(problem.errors?.[0]?.path, 'Idempotency-Key');
  });
}

test('a key given twice is 400', async () => {
  for (const second of ['a', 'b']) {
    const keys = `idempotency-key: a\r\nIdempotency-Key: ${second}`;
    const answer = await sendRaw(
      port,
      `POST /pay HTTP/1.1\r\nhost: x\r\n${keys}\r\nconnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1.1 400 .*"code":"validation_failed"/s);
  }
});

test('If-Match gives the versions that were read, or *', async () => {
  assert.equal(etagOf(3), '"3"');
  const lists: [header: string, versions: '*' | number[]][] = [
    ['"3"', [3]],
    ['"0"', [0]],
    ['*', '*'],
    ['"77", "1"', [77, 1]],
    [' "77" ,, "1",', [77, 1]],
    ['W/"3", "4"', [4]],
    ['"a,b", "4"', [4]],
  ];
  for (const [header, got] of lists) assert.deepEqual(await (await patch(header)).json(), { got }, header);
});

test('no If-Match is 428, and a text that names no version 412', async () => {
  await problemOf(await patch(), 428, 'precondition_required');
  const none = [
    '3',
    '"x"',
    'W/"3"',
    'w/"3"',
    '"-1"',
    '""',
    '',
    '"03"',
    '"1234567890123456"',
    '"3", 4',
    '"3" "4"',
    '*, "3"',
  ];
  for (const etag of none) await problemOf(await patch(etag), 412, 'version_conflict');
});
