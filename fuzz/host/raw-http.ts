import { connect } from 'node:net';
import { type Draw, pick } from '../draw.ts';

/** The server waits ten seconds for the rest of half a request; the fuzzer does not. */
const WAIT_MS = 1_000;

const json = (body: string, headers: string): string =>
  `POST /v1/deposits HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`;

/** Bytes that are not HTTP, or almost HTTP, or that two parsers read differently. */
const RAW: Readonly<Record<string, string>> = {
  'no HTTP': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'a line': 'hello\r\n\r\n',
  'no version': 'GET /v1/products\r\n\r\n',
  'another version': 'GET /v1/products HTTP/9.9\r\nHost: x\r\n\r\n',
  'HTTP/2 at once': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'no Host': 'GET /v1/products HTTP/1.1\r\n\r\n',
  'two Hosts': 'GET /v1/products HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'an absolute target': 'GET http://evil.example/v1/products HTTP/1.1\r\nHost: x\r\n\r\n',
  'a tunnel': 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n',
  'an upgrade': 'GET /v1/products HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'a target of a star': 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
  'a raw byte in the target': 'GET /v1/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n',
  'a space in the target': 'GET /v1/pro ducts HTTP/1.1\r\nHost: x\r\n\r\n',
  'a header without a name': 'GET /v1/products HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n',
  'a header with NUL': 'GET /v1/products HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n',
  'a folded header': 'GET /v1/products HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n',
  'two lengths': json('{}', 'Content-Length: 2\r\nContent-Length: 3'),
  'a negative length': json('{}', 'Content-Length: -1'),
  'a length in hexadecimal': json('{}', 'Content-Length: 0x2'),
  'an endless length': json('{}', 'Content-Length: 99999999999999999999'),
  'a length and chunks': json(
    '0\r\n\r\nGET /v1/users HTTP/1.1\r\nHost: x\r\n\r\n',
    'Content-Length: 4\r\nTransfer-Encoding: chunked',
  ),
  'an unknown coding': json('{}', 'Transfer-Encoding: x, chunked'),
  'a chunk of no size': json('zz\r\n{}\r\n0\r\n\r\n', 'Transfer-Encoding: chunked'),
  'a chunk of too great a size': json('fffffffffffffffff\r\n{}', 'Transfer-Encoding: chunked'),
  'a hundred at once': 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(100),
  'headers without an end': `GET /v1/products HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(5_000)}`,
  'half a request': json('{"acc', 'Content-Length: 500'),
  nothing: '',
};

export type RawAnswer = { readonly name: string; readonly text: string };

/** Sends bytes over a connection of their own; what comes back before it is closed, or a second has passed. */
export function sendRaw(url: string, draw: Draw): Promise<RawAnswer> {
  const name = pick(draw, Object.keys(RAW));
  const { hostname, port } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  const socket = connect({ host: hostname, port: Number(port) });
  let text = '';
  const timer = setTimeout(() => socket.destroy(), WAIT_MS);
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    socket.end();
  });
  // A connection that is reset is an answer, too.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    clearTimeout(timer);
    resolve({ name, text });
  });
  socket.write(Buffer.from(RAW[name] ?? '', 'latin1'));
  return promise;
}

/** What is wrong with the answer, if anything. */
export function judgeRaw({ text }: RawAnswer): string | undefined {
  if (text === '') return undefined;
  const status = /^HTTP\/1\.[01] (\d{3}) /.exec(text)?.[1];
  if (status === undefined) return `no HTTP: ${text.slice(0, 200)}`;
  return status.startsWith('5') ? `a server error: ${text.slice(0, 500)}` : undefined;
}
