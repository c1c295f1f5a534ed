import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checkServer } from '#db/check-server.ts';
import { openDatabase } from '#db/database.ts';
import { withCaFile } from '#db/database-url.ts';
import { migrate } from '#db/migrate.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { makeAuthority, makeServerCertificate, NO_OPENSSL } from '#test/support/certificates.ts';
import { runProcess } from '#test/support/florin-process.ts';
import { copyPreparedCluster } from '#test/support/prepared-cluster.ts';
import { FAST_SETTINGS, makeDataDir } from '#test/system/embedded/embedded-server.ts';

describe('a PostgreSQL with TLS', { skip: NO_OPENSSL }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'florin-tls-'));
  after(() => rmSync(folder, { recursive: true }));
  let server: EmbeddedPostgres;
  // Before the folder goes.
  after(() => server.close());
  const dataDir = makeDataDir({ after });
  let authority: string;
  let stranger: string;

  before(async () => {
    authority = makeAuthority(folder, 'authority');
    stranger = makeAuthority(folder, 'stranger');
    await copyPreparedCluster(dataDir);
    const clusterDir = realpathSync(path.join(dataDir, 'postgres'));
    const files = {
      certificate: path.join(clusterDir, 'server.crt'),
      key: path.join(clusterDir, 'server.key'),
    };
    makeServerCertificate(authority, 'IP:127.0.0.1', files);
    const { uid, gid } = statSync(clusterDir);
    for (const file of Object.values(files)) chownSync(file, uid, gid);
    chmodSync(files.key, 0o600);
    server = await openEmbeddedPostgres({ dataDir, port: 0, settings: { ...FAST_SETTINGS, ssl: 'on' } });
  });

  /** The server's URL by one of its names, with what it is to be known by. */
  function urlOf({ host = '127.0.0.1', ...parameters }: Record<string, string>): string {
    const url = new URL(server.databaseUrl);
    url.hostname = host;
    url.search = new URLSearchParams(parameters).toString();
    return url.href;
  }

  async function refusalOf(databaseUrl: string): Promise<string> {
    const error = await checkServer(databaseUrl).then(
      () => assert.fail(`${new URL(databaseUrl).search} was taken`),
      (refusal: unknown) => refusal,
    );
    assert.ok(error instanceof Error);
    assert.equal(error.name, 'DatabaseStartError');
    return error.message;
  }

  test('every connection is encrypted, and the server is known by its authority and name', async () => {
    const databaseUrl = withCaFile(urlOf({}), authority);
    await checkServer(databaseUrl);
    await migrate(databaseUrl);
    const { pool, postingPool, close } = openDatabase({ databaseUrl, asApplication: false });
    try {
      const client = await postingPool.connect();
      const { rows: own } = await client.query(
        'select ssl, version from pg_stat_ssl where pid = pg_backend_pid()',
      );
      client.release();
      assert.deepEqual(own, [{ ssl: true, version: 'TLSv1.3' }]);
      const { rows } = await pool.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
      assert.deepEqual(rows, [{ ssl: true }]);
    } finally {
      await close();
    }
  });

  test('the command line is told by two variables', async () => {
    const DATABASE_URL = urlOf({});
    const { exitCode, stdout, stderr } = await runProcess(['customers', 'list', '--json'], {
      DATABASE_URL,
      DATABASE_CA_FILE: authority,
    });
    assert.deepEqual([exitCode, stdout], [1, '']);
    assert.match(
      stderr,
      /^florin: no bank in this database[^\n]*\n$/,
      'it got there, and the driver warns of nothing',
    );
  });

  test('another authority, none, or another name is refused, and verify-ca asks for no name', async () => {
    const sslrootcert = authority;
    assert.match(await refusalOf(urlOf({ sslmode: 'verify-full', sslrootcert: stranger })), /certificate/);
    assert.match(await refusalOf(urlOf({ sslmode: 'verify-ca', sslrootcert: stranger })), /certificate/);
    assert.match(await refusalOf(urlOf({ sslmode: 'require' })), /certificate/);
    assert.match(await refusalOf(urlOf({ host: 'localhost', sslrootcert })), /does not match/);
    await checkServer(urlOf({ host: 'localhost', sslmode: 'verify-ca', sslrootcert }));
  });

  test('a server without TLS is not spoken to in clear instead', async () => {
    await server.close();
    server = await openEmbeddedPostgres({ dataDir, port: 0, settings: { ...FAST_SETTINGS, ssl: 'off' } });
    for (const sslmode of ['require', 'verify-ca', 'verify-full']) {
      const line = await refusalOf(urlOf({ sslmode, sslrootcert: authority }));
      assert.match(line, /The server does not support SSL connections/);
    }
    await checkServer(urlOf({ sslmode: 'disable' }));
  });
});
