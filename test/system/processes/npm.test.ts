import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeDataDir, waitUntil } from '#test/system/embedded/embedded-server.ts';

const FLORIN = fileURLToPath(new URL('../../../bin/florin.mjs', import.meta.url));

test('a server that npm started ends with npm’s shell, which passes no signal on', {
  timeout: 60_000,
}, async (t) => {
  const dataDir = makeDataDir(t);
  // As npm runs a script; `true` keeps the shell from becoming node itself.
  const shell = spawn('sh', ['-c', `'${process.execPath}' '${FLORIN}' serve; true`], {
    env: {
      PATH: process.env.PATH,
      npm_lifecycle_event: 'start',
      FLORIN_DATA_DIR: dataDir,
      FLORIN_DEMO: 'off',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  t.after(() => killGroup(shell.pid));
  let said = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await waitUntil(() => /API +http:\S+\/v1\n/.test(said));
  const url = /API +(http:\S+)\/v1\n/.exec(said)?.[1] ?? '';
  assert.equal((await fetch(`${url}/health/live`)).status, 200);
  // The server holds the other end of this pipe until it is gone, with its database.
  const ended = once(shell.stdout, 'close');
  shell.kill('SIGTERM');
  await ended;
  await assert.rejects(fetch(`${url}/health/live`));
});

/** Ends what may be left of the shell and its server when the test has failed. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left, as it should be.
  }
}
