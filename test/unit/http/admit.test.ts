import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { admit, refuseAhead } from '#http/admit.ts';
import { postJson, problemOf, sendRaw, startServer } from './test-server.ts';

const service = { isOverloaded: false };
const { origin, port } = await startServer((server) => {
  const schema = { body: Type.Unknown(), response: { 200: Type.Object({ got: Type.Unknown() }) } };
  refuseAhead(server, ['/ahead'], service);
  for (const url of ['/ahead', '/by-hook']) {
    server.post(url, { schema, onRequest: admit(service) }, async ({ body }) => ({ got: body }));
  }
  server.get('/ahead', { schema: { response: schema.response } }, async () => ({ got: 'read' }));
});

/** The headers of an answer that depend neither on the moment nor on the connection. */
function lasting(headers: Headers): Record<string, string> {
  const passing = ['date', 'request-id', 'connection', 'keep-alive'];
  return Object.fromEntries([...headers].filter(([name]) => !passing.includes(name)));
}

test('who is overloaded refuses, with one answer whichever way it is refused, and takes the next when it is over', async () => {
  service.isOverloaded = true;
  const answers: Response[] = [];
  for (const path of ['/ahead', '/ahead?twice', '/by-hook']) {
    const response = await postJson(`${origin}${path}`, '{"never": "read');
    await problemOf(response, 503, 'overloaded');
    assert.equal(response.headers.get('retry-after'), '1');
    answers.push(response);
  }
  const [first, ...others] = answers.map(({ headers }) => lasting(headers));
  for (const other of others) assert.deepEqual(other, first);
  assert.equal((await fetch(`${origin}/ahead`)).status, 200, 'it refuses POSTs alone');
  service.isOverloaded = false;
  for (const path of ['/ahead', '/by-hook']) {
    assert.deepEqual(await (await postJson(`${origin}${path}`, '1')).json(), { got: 1 });
  }
});

test('a connection goes on after a refusal, whose body is read and thrown away', async () => {
  service.isOverloaded = true;
  const post = (size: number, more = ''): string =>
    `POST /ahead HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n${more}\r\n`;
  const answers = await sendRaw(
    port,
    post(200_000),
    Buffer.alloc(200_000, 'x'),
    `${post(1, 'Connection: close\r\n')}1`,
  );
  service.isOverloaded = false;
  assert.equal(answers.match(/HTTP\/1\.1 503 /g)?.length, 2, answers);
});
