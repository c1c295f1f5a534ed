import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runScript } from '#test/support/florin-process.ts';
import { createBareDatabase } from '#test/support/test-database.ts';
import { florinAt, type Result } from '../cli/florin.ts';
import { transactionFile, writeSmallBank } from './small-bank.ts';

const PROGRAM = fileURLToPath(new URL('../../../examples/berka/main.ts', import.meta.url));

function berka(databaseUrl: string, ...args: string[]): Promise<Result> {
  return runScript(PROGRAM, args, { DATABASE_URL: databaseUrl });
}

async function json(databaseUrl: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await berka(databaseUrl, ...args, '--json');
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

test('an import is summed up, and the second one changes nothing', async () => {
  const { databaseUrl, drop } = await createBareDatabase();
  after(drop);
  const directory = await writeSmallBank();
  const summary = await json(databaseUrl, directory);
  const { customers, accounts, changed, balances, totals } = summary;
  assert.deepEqual({ customers, accounts, changed }, { customers: 3, accounts: 2, changed: true });
  assert.deepEqual(balances, { exact: 6, within: 3, off: 0 });
  assert.deepEqual((totals as unknown[])[0], { type: 'deposit', count: 2, amount: '1400.00' });
  const again = await berka(databaseUrl, directory);
  assert.match(again.stdout, /^Nothing was new: the book holds these files already\.$/m);
  assert.equal(again.exitCode, 0);
});

test('an import with bad rows names each with its file and line, and loads nothing', async () => {
  const directory = await writeSmallBank({
    'trans-1993.csv': transactionFile(
      '11;1;930101;"PRIJEM";"VKLAD";1000.00;1000.00;"";;',
      '12;9;930102;"PRIJEM";"VKLAD";1000.00;1000.00;"";;',
      '13;1;930230;"PRIJEM";"VKLAD";1000.00;1000.00;"";;',
    ),
  });
  const { databaseUrl, drop } = await createBareDatabase();
  after(drop);
  const { stdout, stderr, exitCode } = await berka(databaseUrl, directory);
  assert.equal(stdout, '');
  assert.match(stderr, /trans-1993\.csv:3: /);
  assert.match(stderr, /trans-1993\.csv:4: /);
  assert.match(stderr, /^florin: Nothing was imported\. .*\(import_failed\)$/m);
  assert.equal(exitCode, 1);
  assert.deepEqual(await florinAt(databaseUrl).json('customers', 'list'), { data: [], nextCursor: null });
});

test('an import without a directory is wrong usage', async () => {
  const { databaseUrl, drop } = await createBareDatabase();
  after(drop);
  const { stderr, exitCode } = await berka(databaseUrl);
  assert.match(stderr, /^florin: missing required argument 'directory' \(usage\)$/m);
  assert.equal(exitCode, 2);
});
