import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { registerHealth } from '#http/health.ts';
import type { HttpServer } from '#http/server.ts';
import { problemOf, sendRaw, startServer } from './test-server.ts';

function addRoutes(server: HttpServer): void {
  server.get('/thing', async () => ({ thing: true }));
  server.delete('/thing', (_request, reply) => reply.code(204).send());
  server.get('/things/:id', async (request) => request.params);
}

const { origin, port } = await startServer(addRoutes);

/** The answer to bytes that ask for no connection after it. */
async function problemOfRaw(bytes: string, status: number, code: string): Promise<void> {
  const answer = await sendRaw(port, bytes);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const headers = new Headers(
    head
      .split('\r\n')
      .slice(1)
      .map((line): [string, string] => {
        const at = line.indexOf(':');
        return [line.slice(0, at), line.slice(at + 1)];
      }),
  );
  assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
  assert.equal(headers.get('content-length'), String(Buffer.byteLength(body)));
  await problemOf(new Response(body, { status, headers }), status, code);
}

test('every answer carries a request id of ours, each its own, whatever the caller says', async () => {
  const headers = { 'request-id': 'req_mine', 'x-request-id': 'req_mine' };
  const calls: [string, RequestInit][] = [
    ['/thing', {}],
    ['/thing', { method: 'DELETE' }],
    ['/thing', { method: 'HEAD' }],
    ['/nothing', {}],
    ['/nothing', { method: 'HEAD' }],
    ['/things/%zz', {}],
    [`/things/${'x'.repeat(200)}`, {}],
    ['/thing', { method: 'OPTIONS' }],
  ];
  const ids = new Set<string | null>();
  for (const [path, init] of calls) {
    const response = await fetch(`${origin}${path}`, { ...init, headers });
    const id = response.headers.get('request-id');
    assert.match(id ?? '', /^req_[0-9a-f]{32}$/, path);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff', path);
    assert.equal(response.headers.get('cache-control'), 'no-store', path);
    ids.add(id);
  }
  assert.equal(ids.size, calls.length);
});

test('no route is 404 not_found for every method and body', async () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    await problemOf(await fetch(`${origin}/v1/nothing`, { method }), 404, 'not_found');
  }
  for (const type of ['application/json', 'text/plain']) {
    const init = { method: 'POST', body: '{bad', headers: { 'content-type': type } };
    const problem = await problemOf(await fetch(`${origin}/v1/nothing`, init), 404, 'not_found');
    assert.equal(problem.detail, 'There is no such resource.');
  }
});

test('a known path with another method is 405, and HEAD has no body', async () => {
  const answer = await fetch(`${origin}/thing`, { method: 'PATCH' });
  assert.equal(answer.headers.get('allow'), 'DELETE, GET, HEAD, OPTIONS');
  await problemOf(answer, 405, 'method_not_allowed');
  const head = await fetch(`${origin}/thing`, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), '');
  await problemOfRaw(
    'PROPFIND /thing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    405,
    'method_not_allowed',
  );
});

test('a path that is no URL is 400', async () => {
  await problemOf(await fetch(`${origin}/things/%zz`), 400, 'bad_request');
  await problemOf(await fetch(`${origin}/things/%ff`), 400, 'bad_request');
});

test('bytes that are no HTTP are 400', async () => {
  await problemOfRaw('nonsense\r\n\r\n', 400, 'bad_request');
  await problemOfRaw('GET /thing HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n', 400, 'bad_request');
  const twice =
    'POST /thing HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
  await problemOfRaw(twice, 400, 'bad_request');
});

test('headers beyond 16 KiB are 431', async () => {
  const long = `GET /thing HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`;
  await problemOfRaw(long, 431, 'headers_too_large');
});

test('a request without Host is 400, but in HTTP/1.0', async () => {
  await problemOfRaw('GET /thing HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'bad_request');
  assert.match(await sendRaw(port, 'GET /thing HTTP/1.0\r\n\r\n'), /^HTTP\/1.1 200 /);
});

test('an expectation that nobody knows is ignored', async () => {
  const answer = await sendRaw(
    port,
    'GET /thing HTTP/1.1\r\nhost: x\r\nexpect: cake\r\nconnection: close\r\n\r\n',
  );
  assert.match(answer, /^HTTP\/1.1 200 .*request-id: req_/s);
});

test('a caller who hangs up in the middle of a body harms nobody', async () => {
  const head =
    'POST /thing HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"a"';
  const socket = connect(port, '127.0.0.1', () => socket.write(head, () => socket.destroy()));
  await new Promise((resolve) => socket.once('close', resolve));
  assert.equal((await fetch(`${origin}/thing`)).status, 200);
});

test('a closing server finishes what is under way, tells the rest 503, and its probes the truth', async () => {
  const release = Promise.withResolvers<void>();
  const started = new Set<string>();
  const closing = await startServer((server) => {
    addRoutes(server);
    registerHealth(server, async () => true);
    server.get('/slow/:id', async (request) => {
      started.add(JSON.stringify(request.params));
      await release.promise;
      return { done: true };
    });
  });
  const paths = ['/thing', '/health/ready', '/health/live'];
  const request = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
  // Each connection has a request under way when the server closes, and sends another then.
  const sockets = paths.map((path) =>
    connect(closing.port, '127.0.0.1')
      .setEncoding('utf8')
      .on('error', () => {
        assert.fail(path);
      }),
  );
  sockets.forEach((socket, id) => void socket.write(request(`/slow/${id}`)));
  const slow = fetch(`${closing.origin}/slow/x`);
  while (started.size < 4) await new Promise((resolve) => setTimeout(resolve, 5));
  const closed = closing.server.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  paths.forEach((path, id) => void sockets[id]!.write(request(path)));
  await new Promise((resolve) => setTimeout(resolve, 50));
  release.resolve();
  const answers = await Promise.all(sockets.map(async (socket) => (await socket.toArray()).join('')));
  assert.match(answers[0]!, /^HTTP\/1.1 200 .*HTTP\/1.1 503 .*request-id: req_.*"code":"shutting_down"/s);
  assert.match(answers[1]!, /^HTTP\/1.1 200 .*HTTP\/1.1 503 .*"code":"not_ready"/s);
  assert.match(answers[2]!, /^HTTP\/1.1 200 .*HTTP\/1.1 200 .*"status":"ok"/s);
  assert.deepEqual(await (await slow).json(), { done: true });
  const late = new Promise((resolve) => setTimeout(resolve, 5000, 'late').unref());
  assert.notEqual(
    await Promise.race([closed, late]),
    'late',
    'an idle keep-alive connection holds the close',
  );
});
