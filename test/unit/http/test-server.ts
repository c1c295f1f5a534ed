import assert from 'node:assert/strict';
import { type AddressInfo, connect } from 'node:net';
import { after } from 'node:test';
import { createServer, type HttpServer } from '#http/server.ts';

/** A server on a free port with the routes given; closed after the test file. */
export async function startServer(
  addRoutes: (server: HttpServer) => void | Promise<void>,
  logger: Parameters<typeof createServer>[0]['logger'] = false,
): Promise<{ server: HttpServer; origin: string; port: number }> {
  const server = createServer({ logger });
  await addRoutes(server);
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  after(() => server.close());
  const { port } = server.server.address() as AddressInfo;
  return { server, origin, port };
}

/** POSTs a body as application/json. */
export function postJson(url: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId: string;
  errors?: { path: string; message: string }[];
};

/** The problem in an answer, after checking all that every problem has. */
export async function problemOf(response: Response, status: number, code: string): Promise<Problem> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const problem = JSON.parse(text) as Problem;
  assert.equal(problem.code, code, text);
  assert.equal(problem.status, status);
  assert.equal(problem.type, `urn:florin:problem:${code}`);
  assert.match(problem.title, /^[A-Z][a-z 0-9-]+$/);
  assert.notEqual(problem.detail, '');
  assert.match(problem.requestId, /^req_[0-9a-f]{32}$/);
  assert.equal(problem.requestId, response.headers.get('request-id'));
  return problem;
}

/** Sends bytes over a socket of their own, and reads what comes until the other side closes it. */
export async function sendRaw(port: number, ...parts: (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  for (const part of parts) socket.write(part);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
