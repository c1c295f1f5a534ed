import assert from 'node:assert/strict';
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { copyPreparedCluster } from '#test/support/prepared-cluster.ts';
import { FAST_SETTINGS, makeDataDir, OtherProcess, postmasterPid, query } from './embedded-server.ts';

const IS_ROOT = process.getuid?.() === 0;
const NOT_ROOT = !IS_ROOT && 'only root cannot run PostgreSQL as itself';

test('a first start makes a durable database on this machine only, owned by a role that is no superuser', async (t) => {
  const dataDir = makeDataDir(t);
  const server = await openEmbeddedPostgres({ dataDir, port: 0 });
  assert.equal(server.startedHere, true);
  assert.equal(server.firstStart, true);
  assert.match(server.version, /^18\./);
  const settings = await query(
    server.databaseUrl,
    `select name, setting from pg_settings
     where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'listen_addresses',
                    'server_encoding', 'password_encryption')
     order by name`,
  );
  assert.deepEqual(
    settings.map(({ name, setting }) => `${String(name)}=${String(setting)}`),
    [
      'data_checksums=on',
      'fsync=on',
      'full_page_writes=on',
      'listen_addresses=127.0.0.1',
      'password_encryption=scram-sha-256',
      'server_encoding=UTF8',
      'synchronous_commit=on',
    ],
  );
  const owner = await query(
    server.databaseUrl,
    `select current_user as name, rolsuper, rolcreaterole, rolcreatedb, current_database() as database,
            datdba = pg_roles.oid as owns, datlocprovider as provider, datlocale as locale
     from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
  );
  assert.deepEqual(owner, [
    {
      name: 'florin_owner',
      rolsuper: false,
      rolcreaterole: true,
      rolcreatedb: true,
      database: 'florin',
      owns: true,
      provider: 'b',
      locale: 'C.UTF-8',
    },
  ]);
  assert.equal(statSync(path.join(dataDir, 'postgres.secrets.json')).mode & 0o777, 0o600);
  assert.equal(statSync(path.join(dataDir, 'postgres.log')).mode & 0o777, 0o600);
  assert.equal(statSync(dataDir).mode & 0o066, 0);
  const password = new URL(server.databaseUrl).password;
  assert.ok(!readFileSync(path.join(dataDir, 'postgres.log'), 'utf8').includes(password));
  await server.close();
  await server.close();
  assert.equal(postmasterPid(dataDir), undefined);
  assert.deepEqual(readdirSync(dataDir).sort(), [
    'postgres',
    'postgres.lock',
    'postgres.log',
    'postgres.secrets.json',
  ]);
});

test('a wrong password is refused', async (t) => {
  const dataDir = makeDataDir(t);
  await copyPreparedCluster(dataDir);
  const server = await openEmbeddedPostgres({ dataDir, port: 0, settings: FAST_SETTINGS });
  const url = new URL(server.databaseUrl);
  url.password = 'guess';
  await assert.rejects(query(url.href, 'select 1'), { code: '28P01' });
  await server.close();
});

test('a second start keeps the data and the passwords, whatever port it gets', async (t) => {
  const dataDir = makeDataDir(t);
  const first = await openEmbeddedPostgres({ dataDir, port: 0, settings: FAST_SETTINGS });
  await query(first.databaseUrl, 'create table kept (n int)', 'insert into kept values (42)');
  await first.close();
  const second = await openEmbeddedPostgres({ dataDir, port: 0, settings: FAST_SETTINGS });
  assert.equal(second.startedHere, true);
  assert.equal(second.firstStart, false);
  assert.deepEqual(await query(second.databaseUrl, 'select n from kept'), [{ n: 42 }]);
  assert.equal(new URL(second.databaseUrl).password, new URL(first.databaseUrl).password);
  await second.close();
});

test('a process joins a server that runs, and the last one out stops it', async (t) => {
  const dataDir = makeDataDir(t);
  await copyPreparedCluster(dataDir);
  const other = new OtherProcess(t, dataDir);
  const opened = await other.opened();
  assert.ok(!('error' in opened), 'error' in opened ? opened.error : '');
  assert.equal(opened.startedHere, true);

  const joined = await openEmbeddedPostgres({ dataDir, port: 0 });
  assert.equal(joined.startedHere, false);
  assert.equal(joined.firstStart, false);
  assert.equal(joined.port, opened.port);
  await other.close();
  assert.deepEqual(await query(joined.databaseUrl, 'select 1 as one'), [{ one: 1 }]);
  await joined.close();
  assert.equal(postmasterPid(dataDir), undefined);
});

test('two first starts at once make one database and share it', async (t) => {
  const dataDir = makeDataDir(t);
  const processes = [new OtherProcess(t, dataDir), new OtherProcess(t, dataDir)];
  const opened = await Promise.all(processes.map((other) => other.opened()));
  const answers = opened.map((answer) => {
    assert.ok(!('error' in answer), 'error' in answer ? answer.error : '');
    return answer;
  });
  assert.equal(answers.filter((answer) => answer.firstStart).length, 1);
  assert.equal(answers.filter((answer) => answer.startedHere).length, 1);
  assert.equal(new Set(answers.map((answer) => answer.port)).size, 1);
  await Promise.all(processes.map((other) => other.close()));
  assert.equal(postmasterPid(dataDir), undefined);
});

test('when root starts it the server runs as another account, in the data directory', {
  skip: NOT_ROOT,
}, async (t) => {
  const dataDir = makeDataDir(t);
  const server = await openEmbeddedPostgres({ dataDir, port: 0, settings: FAST_SETTINGS });
  assert.notEqual(statSync(`/proc/${postmasterPid(dataDir)}`).uid, 0);
  assert.equal(lstatSync(path.join(dataDir, 'postgres')).isSymbolicLink(), false);
  await server.close();
});

test('below a directory that only root may enter, the cluster goes where the account can reach it', {
  skip: NOT_ROOT,
}, async (t) => {
  const dataDir = makeDataDir(t, { parentMode: 0o700 });
  const progress: string[] = [];
  const options = {
    dataDir,
    port: 0,
    settings: FAST_SETTINGS,
    onProgress: (line: string) => progress.push(line),
  };
  const first = await openEmbeddedPostgres(options);
  const clusterDir = realpathSync(path.join(dataDir, 'postgres'));
  assert.match(clusterDir, /^\/var\/lib\/florin\/[^/]+\/postgres$/);
  assert.ok(progress.some((line) => line.includes(path.dirname(clusterDir))));
  assert.notEqual(statSync(`/proc/${postmasterPid(dataDir)}`).uid, 0);
  await query(first.databaseUrl, 'create table kept (n int)');
  await first.close();

  const second = await openEmbeddedPostgres(options);
  assert.equal(second.firstStart, false);
  assert.deepEqual(await query(second.databaseUrl, 'select n from kept'), []);
  assert.equal(realpathSync(path.join(dataDir, 'postgres')), clusterDir);
  await second.close();
  assert.ok(existsSync(clusterDir));
});
