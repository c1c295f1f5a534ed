import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import pg from 'pg';
import { createBareDatabase } from '#test/support/test-database.ts';
import { createCustomer, send } from './bank-client.ts';
import { Installation } from './florin-process.ts';
import { refusalHere, refusalOf } from './refusal.ts';

/** A person waits 10 s to hear what is wrong; some of it is this machine's, which runs other tests at the same time. */
const PATIENCE_MS = 60_000;

const bank = await Installation.prepared({ after });

/** Starts a server that must refuse at once, with one line; that line. */
async function refusalOfStart(environment: Readonly<Record<string, string>>): Promise<string> {
  const startedMs = performance.now();
  const line = await refusalOf(bank.serve(environment));
  assert.ok(performance.now() - startedMs < PATIENCE_MS, `it took ${performance.now() - startedMs} ms`);
  return line;
}

const WRONG_VALUES = [
  ['PORT', '70000', /PORT takes a port from 0 to 65535, not "70000"/],
  [
    'HOST',
    '0.0.0',
    /HOST takes an address to listen on like 127\.0\.0\.1, 0\.0\.0\.0 or ::, or a host name, not "0\.0\.0"/,
  ],
  ['FLORIN_DEMO', 'maybe', /FLORIN_DEMO takes one of on, off, not "maybe"/],
  ['FLORIN_WORKERS', '0', /FLORIN_WORKERS takes a number from 1 to 64, not "0"/],
  ['FLORIN_WORKERS', '65', /FLORIN_WORKERS takes a number from 1 to 64, not "65"/],
  ['FLORIN_WORKERS', 'two', /FLORIN_WORKERS takes a number from 1 to 64, not "two"/],
  ['FLORIN_DRAIN_SECONDS', '301', /FLORIN_DRAIN_SECONDS takes seconds from 0 to 300, not "301"/],
  ['FLORIN_END_OF_DAY', '24:00', /FLORIN_END_OF_DAY takes a time of day from 00:00 to 23:59, not "24:00"/],
  ['LOG_LEVEL', 'x', /LOG_LEVEL takes one of fatal, error, /],
  ['FLORIN_EMBEDDED_PORT', '-1', /FLORIN_EMBEDDED_PORT takes a port from 0 to 65535/],
  ['FLORIN_COUNTRY', 'XX', /FLORIN_COUNTRY takes a country code like DE, not "XX"/],
  [
    'FLORIN_BANK_CODE',
    '1001001X',
    /FLORIN_BANK_CODE takes a Bankleitzahl of 8 digits in DE, like 10010010, not "1001001X"/,
  ],
  ['FLORIN_DATA_KEY', 'short', /FLORIN_DATA_KEY takes 43 characters as `florin data-key` prints them \(/],
  [
    'FLORIN_RATE_LIMIT',
    '0',
    /FLORIN_RATE_LIMIT takes requests a second and at once like 1000\/2000, or off, not "0"/,
  ],
  ['FLORIN_TRUST_PROXY', 'true', /FLORIN_TRUST_PROXY takes addresses or networks like 10.0.0.0\/8/],
  ['FLORIN_CORS_ORIGINS', '*', /FLORIN_CORS_ORIGINS takes origins like https:\/\/desk.example .*, not "\*"/],
  ['FLORIN_TIME_ZONE', 'Mars/Olympus', /FLORIN_TIME_ZONE takes a time zone like Europe\/Berlin/],
] as const;

describe('a start is refused with one line, and exit code 1,', () => {
  test('when PORT is abc', async () => {
    assert.match(await refusalOfStart({ PORT: 'abc' }), /PORT takes a port from 0 to 65535, not "abc"/);
  });

  for (const [name, value, expected] of WRONG_VALUES) {
    test(`when ${name} is ${value}`, async () => {
      assert.match(await refusalHere(['serve'], { FLORIN_DEMO: 'off', [name]: value }), expected);
    });
  }

  test('when a demo bank is to be reached from outside of this machine', async () => {
    const line = await refusalOfStart({ HOST: '0.0.0.0', FLORIN_DEMO: 'on' });
    assert.match(line, /HOST takes a loopback address for the demo bank in .*, not "0\.0\.0\.0"; /);
  });

  test('when DATABASE_URL is no URL, which is not repeated: it may hold a password', async () => {
    const line = await refusalOfStart({ DATABASE_URL: 'host=localhost password=sesame' });
    assert.match(line, /DATABASE_URL takes a URL like postgres:/);
    assert.doesNotMatch(line, /sesame/);
  });

  test('when nobody listens where DATABASE_URL points', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    const port = await new Promise<number>((resolve) => {
      silent.once('listening', () => resolve(portOf(silent.address())));
    });
    await new Promise((resolve) => silent.close(resolve));
    const line = await refusalOfStart({ DATABASE_URL: `postgres://me:sesame@127.0.0.1:${port}/florin` });
    assert.match(line, new RegExp(`127\\.0\\.0\\.1:${port}/florin: .*ECONNREFUSED.*; check DATABASE_URL`));
    assert.doesNotMatch(line, /sesame/);
  });

  test('when who listens where DATABASE_URL points never answers', async (t) => {
    const silent = createServer().listen(0, '127.0.0.1');
    t.after(() => silent.close());
    const port = await new Promise<number>((resolve) => {
      silent.once('listening', () => resolve(portOf(silent.address())));
    });
    const line = await refusalOfStart({ DATABASE_URL: `postgres://me:sesame@127.0.0.1:${port}/florin` });
    assert.match(line, / timeout expired; check DATABASE_URL/);
    assert.doesNotMatch(line, /sesame/);
  });

  test('when the password in DATABASE_URL is wrong', async (t) => {
    const { databaseUrl, drop } = await createBareDatabase();
    t.after(drop);
    const url = new URL(databaseUrl);
    url.password = 'sesame';
    if (await isLetIn(url.href)) return t.skip('the server of this run asks for no password');
    const line = await refusalOfStart({ DATABASE_URL: url.href });
    assert.match(line, / password authentication failed .*; check DATABASE_URL/);
    assert.doesNotMatch(line, /sesame/);
  });

  test('when the database in DATABASE_URL does not exist', async () => {
    const { databaseUrl, drop } = await createBareDatabase();
    await drop();
    const { password, pathname } = new URL(databaseUrl);
    const line = await refusalOfStart({ DATABASE_URL: databaseUrl });
    assert.match(line, new RegExp(`${pathname.slice(1)}.*does not exist; check DATABASE_URL`));
    assert.ok(password === '' || !line.includes(password));
  });
});

test('a port in use is said, and the server that has it and its database go on', async () => {
  const running = bank.serve();
  const url = await running.ready();
  const customerId = await createCustomer(url);
  const { port } = new URL(url);
  for (const workers of ['1', '2']) {
    assert.match(
      await refusalOfStart({ PORT: port, FLORIN_WORKERS: workers }),
      new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use; set PORT`),
    );
  }
  assert.equal((await send(`${url}/v1/customers/${customerId}`)).status, 200);
  assert.equal((await send(`${url}/health/ready`)).status, 200);
  assert.equal((await running.stop()).exitCode, 0);
  assert.ok(bank.isDatabaseStopped);
});

test('a port in use is said before there is a database or demo data', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const folder = join(tmpdir(), `florin-unmade-${process.pid}`);
  try {
    for (const FLORIN_WORKERS of ['1', '2']) {
      const environment = { PORT: String(portOf(other.address())), FLORIN_DATA_DIR: folder, FLORIN_WORKERS };
      assert.match(await refusalHere(['serve'], environment), /port \d+ on 127\.0\.0\.1 is in use; set PORT/);
    }
    assert.equal(existsSync(folder), false);
  } finally {
    other.close();
  }
});

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function isLetIn(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
