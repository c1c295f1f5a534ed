import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LogStream } from '#serve/log-stream.ts';

const folder = mkdtempSync(join(tmpdir(), 'florin-log-'));
const file = join(folder, 'log');
const descriptor = openSync(file, 'a');
after(() => {
  closeSync(descriptor);
  rmSync(folder, { recursive: true });
});
const log = new LogStream(descriptor);
const written = (): string => readFileSync(file, 'utf8');

test('lines of one turn of the event loop are written when it ends, in their order', async () => {
  log.write('one\n');
  log.write('zwei ü\n');
  assert.equal(written(), '');
  await new Promise(setImmediate);
  assert.equal(written(), 'one\nzwei ü\n');
});

test('many are written at once, and all of them when the process exits', () => {
  const before = written();
  const long = `${'x'.repeat(65_536)}\n`;
  log.write(long);
  assert.equal(written(), before + long);
  log.write('last\n');
  process.listeners('exit').forEach((listener) => {
    if (String(listener).includes('flushSync')) listener(0);
  });
  assert.equal(written(), `${before}${long}last\n`);
});
