import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { EmbeddedPostgresError } from '#embedded/embedded-error.ts';
import { openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { copyPreparedCluster } from '#test/support/prepared-cluster.ts';
import { FAST_SETTINGS, makeDataDir, postmasterPid, query } from './embedded-server.ts';

/** Opens in the expectation of a refusal, whose message must be one line. */
async function refusalOf(options: Parameters<typeof openEmbeddedPostgres>[0]): Promise<string> {
  try {
    const server = await openEmbeddedPostgres(options);
    await server.close();
  } catch (error) {
    assert.ok(error instanceof EmbeddedPostgresError, String(error));
    assert.equal(error.message.split('\n').length, 1);
    return error.message;
  }
  return assert.fail('it was not refused');
}

const dataDir = makeDataDir({ after });

before(() => copyPreparedCluster(dataDir));

/** The path of a file of the data directory, which is as it was again after the test. */
function restoredFile(t: TestContext, ...names: string[]): string {
  const file = path.join(dataDir, ...names);
  const content = readFileSync(file);
  t.after(() => writeFileSync(file, content));
  return file;
}

test('a port that another program has is refused by number, and a free one then serves', async () => {
  const squatter = createServer();
  const port = await new Promise<number>((resolve) => {
    squatter.listen(0, '127.0.0.1', () => {
      const address = squatter.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  assert.match(
    await refusalOf({ dataDir, port, settings: FAST_SETTINGS }),
    new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use`),
  );
  assert.equal(postmasterPid(dataDir), undefined);
  await new Promise((resolve) => squatter.close(resolve));

  const server = await openEmbeddedPostgres({ dataDir, port, settings: FAST_SETTINGS });
  assert.equal(server.port, port);
  await server.close();
});

test('a cluster of another major version is refused', async (t) => {
  writeFileSync(restoredFile(t, 'postgres', 'PG_VERSION'), '17\n');
  assert.match(await refusalOf({ dataDir, port: 0 }), /was made by PostgreSQL 17 and the bundled one is 18/);
});

test('a directory of something else in the place of the cluster is left alone', async (t) => {
  rmSync(restoredFile(t, 'postgres', 'PG_VERSION'));
  assert.match(await refusalOf({ dataDir, port: 0 }), /exists and is not a PostgreSQL cluster/);
});

test('lost passwords are said to be lost', async (t) => {
  rmSync(restoredFile(t, 'postgres.secrets.json'));
  assert.match(await refusalOf({ dataDir, port: 0 }), /postgres\.secrets\.json is missing/);
});

test('passwords of another database are refused, and the server that was started for it is stopped', async (t) => {
  const secrets = { superuserPassword: 'a', ownerPassword: 'b' };
  writeFileSync(restoredFile(t, 'postgres.secrets.json'), JSON.stringify(secrets));
  assert.match(await refusalOf({ dataDir, port: 0 }), /does not accept the passwords/);
  assert.equal(postmasterPid(dataDir), undefined);
});

test('a setting that PostgreSQL refuses is reported in its words', async () => {
  assert.match(
    await refusalOf({ dataDir, port: 0, settings: { max_connections: 'many' } }),
    /did not start: .*invalid value for parameter "max_connections": "many"/,
  );
  assert.match(await refusalOf({ dataDir, port: 0, settings: { '-D': '/' } }), /"-D" is not a PostgreSQL/);
});

test('a data directory that cannot be made is refused', async () => {
  const file = path.join(path.dirname(dataDir), 'file');
  writeFileSync(file, '');
  assert.match(
    await refusalOf({ dataDir: path.join(file, 'data'), port: 0 }),
    /^Cannot use .* part of the path/,
  );
});

test('a server is not stopped while another client is connected', async () => {
  const server = await openEmbeddedPostgres({ dataDir, port: 0, settings: FAST_SETTINGS });
  const client = query(server.databaseUrl, 'select pg_sleep(1.5), 1 as one');
  await query(server.databaseUrl, 'select pg_sleep(0.1)');
  await server.close();
  assert.notEqual(postmasterPid(dataDir), undefined);
  assert.equal((await client)[0]?.one, 1);
  const joined = await openEmbeddedPostgres({ dataDir, port: 0 });
  assert.equal(joined.startedHere, false);
  await joined.close();
  assert.equal(postmasterPid(dataDir), undefined);
});
