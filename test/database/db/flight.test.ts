import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import type pg from 'pg';
import { PreparingClient } from '#db/client.ts';
import { cutConnection } from '#db/driver-quirks.ts';
import { Flight, failUnless, type Landing } from '#db/flight.ts';
import { createBareDatabase } from '#test/support/test-database.ts';

const { databaseUrl, drop } = await createBareDatabase();
after(drop);

const ADD = 'insert into notes values ($1)';
const CHECK = `select ${failUnless('$1::int > 0')}`;

const first = await connected({ after } as TestContext);
await first.query('create table notes (note int primary key)');

async function connected(t: Pick<TestContext, 'after'>): Promise<PreparingClient> {
  const client = new PreparingClient({ connectionString: databaseUrl, pipeline: true } as pg.ClientConfig);
  client.on('error', () => undefined);
  t.after(() => client.end());
  await client.connect();
  return client;
}

async function notes(): Promise<number[]> {
  return (await first.query<{ note: number }>('select note from notes order by note')).rows.map(
    ({ note }) => note,
  );
}

function flightOf(...statements: readonly (readonly [text: string, value: number])[]): Flight {
  const flight = new Flight();
  for (const [text, value] of statements) void flight.run(text, [value]);
  return flight;
}

function send(client: pg.ClientBase, ...flights: readonly Flight[]): Promise<Landing[]> {
  return Promise.all(flights.map((flight) => flight.send(client)));
}

test('a flight happens whole, and each statement has its rows and their number', async (t) => {
  const client = await connected(t);
  const flight = new Flight();
  const added = flight.run('insert into notes select unnest($1::int[])', ['{1,2}']);
  const read = flight.run('select note, null, note > $1 from notes order by note', [1]);
  assert.deepEqual(await flight.send(client), { status: 'landed' });
  assert.equal((await added).affectedRows, 2);
  assert.deepEqual((await read).rows, [
    ['1', null, 'f'],
    ['2', null, 't'],
  ]);
});

test('when a statement fails nothing of the flight happens, and the one behind it lands', async (t) => {
  const client = await connected(t);
  const refused = flightOf([ADD, 10], [CHECK, 0], [ADD, 11]);
  const [failed, behind] = await send(client, refused, flightOf([ADD, 12], [CHECK, 1]));
  assert.equal(failed?.status === 'failed' && failed.isStale, true);
  assert.equal(behind?.status, 'landed');
  assert.deepEqual(await notes(), [1, 2, 12]);
});

test('a failure of another kind says so', async (t) => {
  const [failed] = await send(await connected(t), flightOf([ADD, 1]));
  assert.equal(failed?.status === 'failed' && !failed.isStale, true);
});

test('a statement that was skipped unparsed is parsed when it is needed again', async (t) => {
  const client = await connected(t);
  const late = 'insert into notes values ($1::int + 0)';
  const skipped = () => flightOf([CHECK, 0], [late, 20]);
  // The second takes the first to have parsed it, unless the first was answered before it was sent.
  const [first, second] = await send(client, skipped(), flightOf([CHECK, 1], [late, 21]));
  assert.equal(first?.status, 'failed');
  assert.deepEqual(await send(client, flightOf([CHECK, 1], [late, 22])), [{ status: 'landed' }]);
  const { rows } = await client.query('select note from notes where note in (20, 21, 22) order by note');
  assert.deepEqual(
    rows.map(({ note }) => note),
    second?.status === 'landed' ? [21, 22] : [22],
  );
});

test('what is refused as it is committed is known not to have happened', async (t) => {
  const client = await connected(t);
  await client.query(`alter table notes add constraint late foreign key (note) references notes (note)
    deferrable initially deferred`);
  await client.query('create table others (note int references notes (note) deferrable initially deferred)');
  const add = 'insert into others values ($1)';
  const [failed, behind] = await send(client, flightOf([add, 99]), flightOf([add, 1]));
  assert.equal(failed?.status, 'failed');
  assert.equal(behind?.status, 'landed');
  assert.equal((await client.query('select from others')).rowCount, 1);
});

test('nobody can tell about a flight whose connection is lost, and nothing is sent on one that is gone', async (t) => {
  const client = await connected(t);
  const lost = flightOf(['select pg_sleep($1)', 60]).send(client);
  await new Promise(setImmediate);
  cutConnection(client);
  const landing = await lost;
  assert.equal(landing.status, 'unknown');
  assert.equal((await flightOf([ADD, 30]).send(client)).status, 'failed');
});

test('a statement that comes too late is refused', async (t) => {
  const flight = flightOf([ADD, 40]);
  const landing = flight.send(await connected(t));
  await assert.rejects(flight.run(ADD, [41]), /missed its flight/);
  assert.deepEqual(await landing, { status: 'landed' });
  assert.deepEqual(
    (await notes()).filter((note) => note >= 40),
    [40],
  );
});
