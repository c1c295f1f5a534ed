import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { openEmbeddedPostgres } from '#db/embedded/embedded-postgres.ts';
import {
  FAST_SETTINGS,
  killPostmaster,
  makeDataDir,
  OtherProcess,
  postmasterPid,
  query,
  waitUntil,
} from './embedded-server.ts';

test('after kill -9 of the server a start waits for its orphans and finds every committed row', async (t) => {
  const dataDir = makeDataDir(t);
  const killed = await openEmbeddedPostgres({ dataDir, port: 0 });
  await query(killed.databaseUrl, 'create table kept (n int)', 'insert into kept values (42)');
  // A backend in the middle of a computation does not notice at once that its server is gone.
  const orphan = query(killed.databaseUrl, 'select count(*) from generate_series(1, 6000000)');
  const orphanEnd = assert.rejects(orphan.then(() => Promise.reject(new Error('it was quick'))));
  await query(killed.databaseUrl, 'select pg_sleep(0.2)');
  await killPostmaster(dataDir);

  const recovered = await openEmbeddedPostgres({ dataDir, port: 0 });
  await orphanEnd;
  assert.equal(recovered.startedHere, true);
  assert.equal(recovered.firstStart, false);
  assert.deepEqual(await query(recovered.databaseUrl, 'select n from kept'), [{ n: 42 }]);
  await killed.close();
  assert.notEqual(postmasterPid(dataDir), undefined, 'who lost the old server must not stop the new one');
  await recovered.close();
  assert.equal(postmasterPid(dataDir), undefined);
});

test('a server that outlived the process that started it is joined, and stopped by the last one out', async (t) => {
  const dataDir = makeDataDir(t);
  const other = new OtherProcess(t, dataDir);
  const opened = await other.opened();
  await other.kill();
  const joined = await openEmbeddedPostgres({ dataDir, port: 0 });
  assert.equal(joined.startedHere, false);
  assert.equal('port' in opened && opened.port, joined.port);
  await joined.close();
  assert.equal(postmasterPid(dataDir), undefined);
});

for (const moment of ['cluster', 'cluster/PG_VERSION', 'cluster/base/5', 'cluster/base/5/PG_VERSION']) {
  test(`a first start killed once ${moment} is there leaves nothing that breaks the next`, async (t) => {
    const dataDir = makeDataDir(t);
    const interrupted = new OtherProcess(t, dataDir);
    await waitUntil(() =>
      unfinishedDirs(dataDir).some((directory) => existsSync(path.join(directory, moment))),
    );
    await interrupted.kill();
    assert.equal(existsSync(path.join(dataDir, 'postgres')), false);

    const server = await openEmbeddedPostgres({ dataDir, port: 0, settings: FAST_SETTINGS });
    assert.equal(server.firstStart, true);
    assert.deepEqual(await query(server.databaseUrl, 'select 1 as one'), [{ one: 1 }]);
    assert.deepEqual(unfinishedDirs(dataDir), []);
    await server.close();
  });
}

function unfinishedDirs(dataDir: string): string[] {
  if (!existsSync(dataDir)) return [];
  const names = readdirSync(dataDir).filter((name) => name.startsWith('postgres.init-'));
  return names.map((name) => path.join(dataDir, name));
}

/** Leaves a database that was stopped, with the postmaster.pid of a server that had another process id. */
async function leaveStalePidFile(dataDir: string, pid: number): Promise<void> {
  const server = await openEmbeddedPostgres({ dataDir, port: 0, settings: FAST_SETTINGS });
  const file = path.join(dataDir, 'postgres', 'postmaster.pid');
  const lines = readFileSync(file, 'utf8').split('\n');
  await server.close();
  writeFileSync(file, [pid, ...lines.slice(1)].join('\n'));
}

async function assertStarts(dataDir: string): Promise<void> {
  const server = await openEmbeddedPostgres({ dataDir, port: 0, settings: FAST_SETTINGS });
  assert.equal(server.startedHere, true);
  await server.close();
}

/** A process that does nothing; its first child ends at once and stays a zombie, because nobody asks for it. */
function spawnIdle(t: TestContext): number {
  const child = spawn('sh', ['-c', 'sleep 0 & exec sleep 60'], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  assert.ok(child.pid);
  return child.pid;
}

test('a pid file of a process that is gone is no obstacle', async (t) => {
  const dataDir = makeDataDir(t);
  await leaveStalePidFile(dataDir, 4_194_303);
  await assertStarts(dataDir);
});

test('a pid file whose process id another program now has is no obstacle, and that program is left alone', async (t) => {
  const dataDir = makeDataDir(t);
  const pid = spawnIdle(t);
  await leaveStalePidFile(dataDir, pid);
  await assertStarts(dataDir);
  assert.ok(process.kill(pid, 0));
});

test('a pid file of a zombie is no obstacle', { skip: process.platform !== 'linux' }, async (t) => {
  const dataDir = makeDataDir(t);
  const parentPid = spawnIdle(t);
  const childrenFile = `/proc/${parentPid}/task/${parentPid}/children`;
  const zombiePid = () => Number(readFileSync(childrenFile, 'utf8').trim());
  await waitUntil(() => zombiePid() > 0 && /\) Z /.test(readFileSync(`/proc/${zombiePid()}/stat`, 'utf8')));
  await leaveStalePidFile(dataDir, zombiePid());
  await assertStarts(dataDir);
});

test('a pid file of another PostgreSQL is no obstacle, and that one is left alone', async (t) => {
  const neighbourDir = makeDataDir(t);
  const neighbour = await openEmbeddedPostgres({ dataDir: neighbourDir, port: 0, settings: FAST_SETTINGS });
  const dataDir = makeDataDir(t);
  await leaveStalePidFile(dataDir, postmasterPid(neighbourDir) ?? 0);
  await assertStarts(dataDir);
  assert.deepEqual(await query(neighbour.databaseUrl, 'select 1 as one'), [{ one: 1 }]);
  await neighbour.close();
});

test('a data directory that root copied is given to the account of the server', {
  skip: process.getuid?.() !== 0,
}, async (t) => {
  const dataDir = makeDataDir(t);
  const original = await openEmbeddedPostgres({ dataDir, port: 0, settings: FAST_SETTINGS });
  await query(original.databaseUrl, 'create table kept (n int)');
  await original.close();
  const copyDir = makeDataDir(t);
  cpSync(dataDir, copyDir, { recursive: true });
  const copy = await openEmbeddedPostgres({ dataDir: copyDir, port: 0, settings: FAST_SETTINGS });
  assert.deepEqual(await query(copy.databaseUrl, 'select n from kept'), []);
  await copy.close();
});
