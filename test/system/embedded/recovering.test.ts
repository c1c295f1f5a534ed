import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { copyPreparedCluster } from '#test/support/prepared-cluster.ts';
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
  await copyPreparedCluster(dataDir);
  const killed = await openEmbeddedPostgres({ dataDir, port: 0 });
  await query(killed.databaseUrl, 'create table kept (n int)', 'insert into kept values (42)');
  // A backend that is held up does not notice that its server is gone, and keeps its shared memory.
  const [session] = await query(
    killed.databaseUrl,
    "select pid from pg_stat_activity where application_name = 'florin presence'",
  );
  const orphanPid = Number(session?.pid);
  process.kill(orphanPid, 'SIGSTOP');
  await killPostmaster(dataDir);

  const recovering = openEmbeddedPostgres({ dataDir, port: 0 });
  const logFile = path.join(dataDir, 'postgres.log');
  try {
    await waitUntil(() => readFileSync(logFile, 'utf8').includes('pre-existing shared memory block'));
  } finally {
    process.kill(orphanPid, 'SIGCONT');
  }
  const recovered = await recovering;
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
  await copyPreparedCluster(dataDir);
  const other = new OtherProcess(t, dataDir);
  const opened = await other.opened();
  await other.kill();
  const joined = await openEmbeddedPostgres({ dataDir, port: 0 });
  assert.equal(joined.startedHere, false);
  assert.equal('port' in opened && opened.port, joined.port);
  await joined.close();
  assert.equal(postmasterPid(dataDir), undefined);
});

for (const moment of ['cluster', 'cluster/PG_VERSION', 'cluster/base/5/PG_VERSION']) {
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

const stoppedDir = makeDataDir({ after });
let pidFileLines: readonly string[] = [];

before(async () => {
  await copyPreparedCluster(stoppedDir);
  const server = await openEmbeddedPostgres({ dataDir: stoppedDir, port: 0, settings: FAST_SETTINGS });
  pidFileLines = readFileSync(path.join(stoppedDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  await query(server.databaseUrl, 'create table kept (n int)');
  await server.close();
});

/** Starts a stopped server whose postmaster.pid was left behind by a process of the given id. */
async function assertStartsOver(stalePid: number): Promise<void> {
  const file = path.join(stoppedDir, 'postgres', 'postmaster.pid');
  writeFileSync(file, [stalePid, ...pidFileLines.slice(1)].join('\n'));
  const server = await openEmbeddedPostgres({ dataDir: stoppedDir, port: 0, settings: FAST_SETTINGS });
  assert.equal(server.startedHere, true);
  assert.notEqual(postmasterPid(stoppedDir), stalePid);
  await server.close();
}

/** A process that does nothing; its first child ends at once and stays a zombie, because nobody asks for it. */
function spawnIdle(t: TestContext): number {
  const child = spawn('sh', ['-c', 'sleep 0 & exec sleep 60'], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  assert.ok(child.pid);
  return child.pid;
}

test('a pid file of a process that is gone is no obstacle', async () => {
  await assertStartsOver(4_194_303);
});

test('a pid file whose process id another program now has is no obstacle, and that program is left alone', async (t) => {
  const pid = spawnIdle(t);
  await assertStartsOver(pid);
  assert.ok(process.kill(pid, 0));
});

test('a pid file of a zombie is no obstacle', { skip: process.platform !== 'linux' }, async (t) => {
  const parentPid = spawnIdle(t);
  const childrenFile = `/proc/${parentPid}/task/${parentPid}/children`;
  const zombiePid = () => Number(readFileSync(childrenFile, 'utf8').trim());
  await waitUntil(() => zombiePid() > 0 && /\) Z /.test(readFileSync(`/proc/${zombiePid()}/stat`, 'utf8')));
  await assertStartsOver(zombiePid());
});

test('a pid file of another PostgreSQL is no obstacle, and that one is left alone', async (t) => {
  const neighbourDir = makeDataDir(t);
  await copyPreparedCluster(neighbourDir);
  const neighbour = await openEmbeddedPostgres({ dataDir: neighbourDir, port: 0, settings: FAST_SETTINGS });
  await assertStartsOver(postmasterPid(neighbourDir) ?? 0);
  assert.deepEqual(await query(neighbour.databaseUrl, 'select 1 as one'), [{ one: 1 }]);
  await neighbour.close();
});

test('a data directory that root copied is given to the account of the server', {
  skip: process.getuid?.() !== 0,
}, async (t) => {
  const copyDir = makeDataDir(t);
  cpSync(stoppedDir, copyDir, { recursive: true });
  const copy = await openEmbeddedPostgres({ dataDir: copyDir, port: 0, settings: FAST_SETTINGS });
  assert.deepEqual(await query(copy.databaseUrl, 'select n from kept'), []);
  await copy.close();
});
