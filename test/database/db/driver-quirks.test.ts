import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, type TestContext, test } from 'node:test';
import pg from 'pg';
import { cutConnection, holdWrites, isDriverConnectionError, isPoolExhausted } from '#db/driver-quirks.ts';
import { createBareDatabase } from '#test/support/test-database.ts';

const { databaseUrl, drop } = await createBareDatabase();
after(drop);

const SHORT_MS = 100;

/** A connected client, closed after the test if it still is. */
async function connected(t: TestContext): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  t.after(() => client.end());
  await client.connect();
  return client;
}

/** The address of a server that takes connections and never answers. */
async function silentUrl(t: TestContext): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `postgres://florin@127.0.0.1:${address.port}/florin`;
}

async function errorOf(work: Promise<unknown>): Promise<Error> {
  const error: unknown = await work.then(
    () => assert.fail('it succeeded'),
    (refusal: unknown) => refusal,
  );
  assert.ok(error instanceof Error);
  return error;
}

test('a statement on a connection that is cut fails as the driver says it, and so does the next', async (t) => {
  const client = await connected(t);
  const running = errorOf(client.query('select pg_sleep(60)'));
  cutConnection(client);
  const broken = await running;
  assert.equal(broken.message, 'Connection terminated unexpectedly');
  assert.ok(isDriverConnectionError(broken));
  const next = await errorOf(client.query('select 1'));
  assert.match(next.message, /is not queryable$/);
  assert.ok(isDriverConnectionError(next));
});

test('PostgreSQL rolls back what a connection that is cut has not committed', async (t) => {
  const [cut, other] = [await connected(t), await connected(t)];
  await other.query('create table notes (note text)');
  await cut.query('begin');
  await cut.query("insert into notes values ('not committed')");
  cutConnection(cut);
  // Waits for the lock of the connection that is gone.
  await other.query('alter table notes add column seen boolean');
  assert.equal((await other.query('select 1 from notes')).rowCount, 0);
});

test('a client that was closed says so', async (t) => {
  const client = await connected(t);
  await client.end();
  const error = await errorOf(client.query('select 1'));
  assert.equal(error.message, 'Client was closed and is not queryable');
  assert.ok(isDriverConnectionError(error));
});

test('a connection that is refused has the system’s code, by any number of addresses', async () => {
  for (const host of ['127.0.0.1', 'localhost']) {
    const error = await errorOf(new pg.Client({ host, port: 1, user: 'florin' }).connect());
    assert.ok(isDriverConnectionError(error), `${host}: ${String(error)}`);
  }
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  assert.ok(isDriverConnectionError(new AggregateError([refused, refused])));
  assert.ok(!isDriverConnectionError(new AggregateError([new Error('something else')])));
});

test('a server that takes the connection and never answers is given up, by a client and by a pool', async (t) => {
  const options = { connectionString: await silentUrl(t), connectionTimeoutMillis: SHORT_MS };
  const ofClient = await errorOf(new pg.Client(options).connect());
  assert.equal(ofClient.message, 'timeout expired');
  const pool = new pg.Pool(options);
  t.after(() => pool.end());
  const ofPool = await errorOf(pool.connect());
  assert.match(ofPool.message, /^(timeout expired|Connection terminated due to connection timeout)$/);
  for (const error of [ofClient, ofPool]) {
    assert.ok(isDriverConnectionError(error));
    assert.ok(!isPoolExhausted(error), 'the server is away, and the pool is not to blame');
  }
});

test('a pool whose connections all stay in use is told from a server that is away', async (t) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 10_000 });
  t.after(() => pool.end());
  const taken = await pool.connect();
  pool.options.connectionTimeoutMillis = SHORT_MS;
  const error = await errorOf(pool.connect());
  taken.release();
  assert.ok(isPoolExhausted(error), error.message);
  assert.ok(isDriverConnectionError(error));
});

test('what PostgreSQL itself says, and an error of a program, is not the connection’s', async (t) => {
  const client = await connected(t);
  const refusal = await errorOf(client.query("do $$ begin raise exception 'connection timeout'; end $$"));
  assert.ok(refusal instanceof pg.DatabaseError);
  assert.ok(!isDriverConnectionError(refusal));
  assert.ok(!isDriverConnectionError(new TypeError('no connection')));
  assert.ok(!isDriverConnectionError('connection'));
});

test('what is sent within one turn of the event loop leaves together, at its end', async (t) => {
  const client = await connected(t);
  const { stream } = (client as unknown as { connection: pg.Connection }).connection;
  const hold = holdWrites(client);
  hold();
  const answer = client.query('select 1 as one');
  assert.equal(stream.writableCorked, 1);
  assert.ok(stream.writableLength > 0, 'the statement is held back');
  hold();
  assert.equal(stream.writableCorked, 1, 'held once');
  assert.deepEqual((await answer).rows, [{ one: 1 }]);
  assert.equal(stream.writableCorked, 0);
});
