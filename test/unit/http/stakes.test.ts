import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServer } from '#http/server.ts';
import { addStakes } from '#http/stakes.ts';

const CALLER = { actor: 'usr_1', role: 'teller' } as const;

/** A server with one route that answers 201, after it asked the gate or not. */
async function serve(table: Readonly<Record<string, string>>, asked: boolean) {
  const server = createServer({ logger: false });
  server.addHook('onRequest', async (request) => {
    request.caller = CALLER;
  });
  addStakes(server, {
    table,
    isOfBank: () => true,
    wasAsked: (caller, operation) => asked && caller === CALLER && operation === 'pay',
  });
  server.post('/pay', { schema: { operationId: 'pay' } }, async (_request, reply) =>
    reply.code(201).send({}),
  );
  server.get('/paid', { schema: { operationId: 'listPaid' } }, async () => ({}));
  await server.ready();
  return server;
}

test('a route that changes something and does not say what it commits keeps the server from starting', async () => {
  await assert.rejects(
    serve({}, true),
    /^TypeError: pay: src\/bank\/stakes\.ts does not say what it commits\.$/,
  );
});

test('an operation that moves money without having asked the gate answers 500', async () => {
  for (const [table, asked, status] of [
    [{ pay: 'moves' }, true, 201],
    [{ pay: 'moves' }, false, 500],
    [{ pay: 'none' }, false, 201],
  ] as const) {
    const server = await serve(table, asked);
    assert.equal((await server.inject({ method: 'POST', url: '/pay' })).statusCode, status);
    assert.equal((await server.inject('/paid')).statusCode, 200);
    await server.close();
  }
});
