import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { MAX_JSON_DEPTH, parseJson } from '#http/json-body.ts';
import { MAX_BATCH_BODY_BYTES } from '#http/server.ts';
import { postJson, problemOf, sendRaw, startServer } from './test-server.ts';

const Anything = Type.Object({}, { additionalProperties: Type.Any() });

const { origin, port } = await startServer((server) => {
  server.post('/any', { schema: { body: Anything } }, async (request) => request.body);
  server.post('/none', async (request) => ({ body: request.body ?? null }));
  server.post('/batch', { schema: { body: Anything }, bodyLimit: MAX_BATCH_BODY_BYTES }, async () => ({}));
});

test('a good body arrives as it was sent', async () => {
  const body = '{"a":{"b":[1,"x",null,true]},"text":"\\u20ac: \\"quoted\\", {not: nested}","c":{"a":1}}';
  const response = await postJson(`${origin}/any`, body);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), JSON.parse(body));
});

const REFUSED: [name: string, body: string | Uint8Array<ArrayBuffer>][] = [
  ['an empty body', ''],
  ['white space alone', '  \n'],
  ['text that is no JSON', 'amount=5'],
  ['a cut-off object', '{"a":1'],
  ['a cut-off string', '{"a":"b'],
  ['a cut-off escape', '{"a":"b\\'],
  ['a comma at the end', '{"a":1,}'],
  ['two values', '{} {}'],
  ['NaN', '{"a":NaN}'],
  ['a raw NUL in a string', '{"a":"b\0"}'],
  ['a raw newline in a string', '{"a":"b\n"}'],
  ['a byte order mark', '\ufeff{}'],
  ['a duplicate key', '{"amount":"1.00","amount":"9.00"}'],
  ['a duplicate key with the same value', '{"a":1,"a":1}'],
  ['a nested duplicate key', '{"a":[{"b":{"c":1,"d":2,"c":3}}]}'],
  ['a duplicate key in escapes', '{"a":1,"\\u0061":2}'],
  ['a duplicate of the empty key', '{"":1,"":2}'],
  ['a duplicate after a key with a colon and a quote', '{"x\\":\\"":":","a":1,"a":2}'],
  ['a duplicate key after an escaped backslash', '{"x":"\\\\","a":1,"a":2}'],
  ['NUL in a value', '{"a":"x\\u0000y"}'],
  ['NUL in a key', '{"x\\u0000y":1}'],
  ['NUL in an array', '{"a":["\\u0000"]}'],
  ['a lone high surrogate', '{"a":"\\ud800"}'],
  ['a lone low surrogate', '{"a":"x\\udc00x"}'],
  ['a lone surrogate in a key', '{"\\uD83D":1}'],
  ['surrogates in the wrong order', '{"a":"\\ude00\\ud83d"}'],
  ['__proto__', '{"__proto__":{"admin":true}}'],
  ['__proto__ in escapes, nested', '{"a":{"\\u005f_proto__":{"admin":true}}}'],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])],
  ['overlong UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc0, 0x80, 0x22, 0x7d])],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ['a UTF-8 character that is cut off', Buffer.from([0x22, 0xe2, 0x82, 0x22])],
  ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
  ['nesting one level too deep', '['.repeat(MAX_JSON_DEPTH + 1) + ']'.repeat(MAX_JSON_DEPTH + 1)],
  ['100,000 open arrays', '['.repeat(100_000)],
  ['100,000 nested arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['100,000 nested objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
];

for (const [name, body] of REFUSED) {
  test(`${name} is 400 invalid_json`, async () => {
    await problemOf(await postJson(`${origin}/any`, body), 400, 'invalid_json');
  });
}

test('a million nested arrays are refused in a call that takes batches, and the server lives on', async () => {
  await problemOf(await postJson(`${origin}/batch`, '['.repeat(1_000_000)), 400, 'invalid_json');
  assert.equal((await postJson(`${origin}/any`, '{}')).status, 200);
});

test('the deepest allowed nesting, surrogate pairs and repeated keys in different objects are fine', () => {
  const depth = MAX_JSON_DEPTH - 1;
  const deepest = `${'['.repeat(depth)}{}${']'.repeat(depth)}`;
  assert.deepEqual(parseJson(Buffer.from(deepest)), JSON.parse(deepest));
  assert.deepEqual(parseJson(Buffer.from('{"a":"\\ud83d\\ude00 😀"}')), { a: '😀 😀' });
  assert.deepEqual(parseJson(Buffer.from('[{"a":1},{"a":2},"a:\\"b:c"]')), [{ a: 1 }, { a: 2 }, 'a:"b:c']);
  assert.deepEqual(parseJson(Buffer.from('{"constructor":{"prototype":{"x":1}}}')), {
    constructor: { prototype: { x: 1 } },
  });
  assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
});

test('a call that takes no body takes none, or an empty object, and no field', async () => {
  const bare = await fetch(`${origin}/none`, { method: 'POST' });
  assert.deepEqual(await bare.json(), { body: null });
  assert.deepEqual(await (await postJson(`${origin}/none`, '')).json(), { body: null });
  assert.deepEqual(await (await postJson(`${origin}/none`, '{}')).json(), { body: {} });
  const problem = await problemOf(
    await postJson(`${origin}/none`, '{"amount":"1.00"}'),
    400,
    'validation_failed',
  );
  assert.deepEqual(problem.errors?.[0]?.path, 'body');
});

test('a missing body where one is due is 400 validation_failed', async () => {
  const response = await fetch(`${origin}/any`, { method: 'POST' });
  const problem = await problemOf(response, 400, 'validation_failed');
  assert.equal(problem.errors?.[0]?.path, 'body');
});

for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'nonsense', '']) {
  test(`the content type "${type}" is 415`, async () => {
    const options = { method: 'POST', body: '{}', headers: { 'content-type': type } };
    await problemOf(await fetch(`${origin}/any`, options), 415, 'unsupported_media_type');
  });
}

test('a body without a content type is 415', async () => {
  const head = 'POST /any HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}';
  assert.match(await sendRaw(port, head), /^HTTP\/1.1 415 .*"code":"unsupported_media_type"/s);
});

for (const encoding of ['gzip', 'br', 'deflate', 'gzip, identity', 'x']) {
  test(`a body with Content-Encoding: ${encoding} is 415`, async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const answer = await fetch(`${origin}/any`, { method: 'POST', body: '{"a":1}', headers });
    const problem = await problemOf(answer, 415, 'unsupported_media_type');
    assert.match(String(problem.detail), /without a Content-Encoding/);
  });
}

test('a body that says it is not encoded is taken, and a call without a body may say what it likes', async () => {
  const identity = { 'content-type': 'application/json', 'content-encoding': 'identity' };
  const posted = await fetch(`${origin}/any`, { method: 'POST', body: '{"a":1}', headers: identity });
  assert.equal(posted.status, 200);
  const read = await fetch(`${origin}/nothing`, { headers: { 'content-encoding': 'gzip' } });
  assert.equal(read.status, 404);
});

test('a charset beside the media type is fine', async () => {
  const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
  assert.equal((await fetch(`${origin}/any`, { method: 'POST', body: '{}', headers })).status, 200);
});

test('a chunked body is read as one, wherever it is cut', async () => {
  const head = 'POST /any HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n';
  const [euro1, euro2] = [Buffer.from([0xe2, 0x82]), Buffer.from([0xac])];
  const chunk = (bytes: Buffer) => [`${bytes.length.toString(16)}\r\n`, bytes, '\r\n'];
  const parts = ['{"a":"', euro1, euro2, '"}'].flatMap((part) => chunk(Buffer.from(part)));
  const answer = await sendRaw(port, `${head}transfer-encoding: chunked\r\n\r\n`, ...parts, '0\r\n\r\n');
  assert.match(answer, /^HTTP\/1.1 200 /);
  assert.match(answer, /\{"a":"€"\}$/);
});

test('a body of 1 MiB is taken and one byte more is 413', async () => {
  const fill = 1024 * 1024 - '{"a":""}'.length;
  assert.equal((await postJson(`${origin}/any`, `{"a":"${'x'.repeat(fill)}"}`)).status, 200);
  await problemOf(
    await postJson(`${origin}/any`, `{"a":"${'x'.repeat(fill + 1)}"}`),
    413,
    'payload_too_large',
  );
});

test('a batch of 16 MiB is taken and one byte more is 413', async () => {
  const fill = 16 * 1024 * 1024 - '{"a":""}'.length;
  assert.equal((await postJson(`${origin}/batch`, `{"a":"${'x'.repeat(fill)}"}`)).status, 200);
  await problemOf(
    await postJson(`${origin}/batch`, `{"a":"${'x'.repeat(fill + 1)}"}`),
    413,
    'payload_too_large',
  );
});

test('a chunked body over the limit is 413 though no length was announced', async () => {
  const body = new ReadableStream({
    start(controller) {
      for (let sent = 0; sent <= 20; sent += 1) controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
      controller.close();
    },
  });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${origin}/any`, { method: 'POST', body, headers, duplex: 'half' });
  await problemOf(response, 413, 'payload_too_large');
});

test('who sends 40 MiB to a call for 1 MiB gets to read the refusal, and keeps the connection', async () => {
  const head = `POST /any HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${40 * 1024 * 1024}`;
  const next = 'POST /none HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
  const answers = await sendRaw(port, `${head}\r\n\r\n`, Buffer.alloc(40 * 1024 * 1024, 0x20), next);
  assert.match(answers, /^HTTP\/1.1 413 .*"code":"payload_too_large".*HTTP\/1.1 200 .*\{"body":null\}$/s);
});
