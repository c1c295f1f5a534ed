import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { FAULT_KINDS } from '../../../crash-lab/faults/fault.ts';
import { planFaults } from '../../../crash-lab/faults/plan.ts';
import { FaultProxy } from '../../../crash-lab/host/fault-proxy.ts';

/** Answers what it is sent, and knows who is connected. */
const echo = createServer((socket) => {
  heard.push(socket);
  // A connection that is broken is what this is about.
  socket.on('error', () => undefined);
  socket.pipe(socket);
});
const heard: Socket[] = [];
echo.listen(0, '127.0.0.1');
await once(echo, 'listening');
const proxy = await FaultProxy.open((echo.address() as AddressInfo).port);
after(async () => {
  await proxy.close();
  for (const socket of heard) socket.destroy();
  echo.close();
});

/** A client by way of the proxy, whose connection works. */
async function connected(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: proxy.port });
  socket.on('error', () => undefined);
  assert.equal(await answerTo(socket, 'hello'), 'hello');
  return socket;
}

/** However it comes about. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function answerTo(socket: Socket, text: string): Promise<string> {
  const answer = once(socket, 'data');
  socket.write(text);
  return String((await answer)[0]);
}

test('a plan is the same for the same seed, and every kind of fault comes before any comes again', () => {
  const first = [...planFaults(7).take(2 * FAULT_KINDS.length)];
  assert.deepEqual([...planFaults(7).take(2 * FAULT_KINDS.length)], first);
  assert.notDeepEqual([...planFaults(8).take(2 * FAULT_KINDS.length)], first);
  const kinds = first.slice(0, FAULT_KINDS.length).map(({ kind }) => kind);
  assert.deepEqual(kinds.sort(), [...FAULT_KINDS].sort());
});

test('a cut ends the connections on both sides, and the next one works', async () => {
  const client = await connected();
  const server = heard.at(-1)!;
  const closed = Promise.all([closing(client), closing(server)]);
  proxy.cut();
  await closed;
  (await connected()).destroy();
});

test('half open, what is sent is lost without a sign; the client finds out when it is over, the server does not', async () => {
  const client = await connected();
  const server = heard.at(-1)!;
  proxy.halfOpen('answers');
  const arrived = once(server, 'data');
  client.write('lost');
  assert.equal(String((await arrived)[0]), 'lost');
  // The answer has had its time when another connection, opened after it, has had its own.
  (await connected()).destroy();
  assert.ok(!client.destroyed && client.bytesRead === 'hello'.length);
  const closed = closing(client);
  proxy.restore();
  await closed;
  assert.ok(!server.destroyed);
});

test('blocked, new connections lose everything, too', async () => {
  proxy.block();
  const client = connect({ host: '127.0.0.1', port: proxy.port });
  client.on('error', () => undefined);
  await once(client, 'connect');
  const closed = closing(client);
  client.write('lost');
  proxy.restore();
  await closed;
  assert.equal(client.bytesRead, 0);
});
