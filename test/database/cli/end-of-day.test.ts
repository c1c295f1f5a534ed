import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { openAccounts, openFlorin, words } from './florin.ts';

const florin = await openFlorin();
const [payer, payee] = (await openAccounts(florin, '100.00', '0')) as [string, string];
const { businessDate } = await florin.json('business-date', 'get');
const today = isoDate(String(businessDate));

test('holidays are loaded from CSV, added, listed and removed, and the weekend is set', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'florin-holidays-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'holidays.csv');
  await writeFile(file, 'date,name\n2030-12-25,"Christmas Day"\n2030-12-26,Boxing Day\n');
  assert.deepEqual(await florin.json('holidays', 'load', file), { added: 2, known: 0 });
  assert.deepEqual(await florin.json('holidays', 'load', file), { added: 0, known: 2 });
  await florin.json('holidays', 'create', '--date', '2031-01-01', '--name', 'New Year');
  const { stdout } = await florin.run('holidays', 'list', '--from', '2030-12-26');
  assert.equal(stdout, 'Date        Name\n2030-12-26  Boxing Day\n2031-01-01  New Year\n');
  assert.equal((await florin.run('holidays', 'remove', '2030-12-26')).stdout, 'Removed 2030-12-26.\n');
  assert.equal((await florin.run('holidays', 'remove', '2030-12-26')).exitCode, 1);
  // Today is a business day, whatever day the test is run on.
  assert.deepEqual((await florin.json('calendar', 'set', '--no-weekend-day')).weekendDays, []);
  assert.equal((await florin.json('business-date', 'get')).isBusinessDay, true);
  await writeFile(file, '2030-13-25,Never\n');
  const bad = await florin.run('holidays', 'load', file);
  assert.equal(bad.exitCode, 1);
  assert.match(bad.stderr, /line 1: "2030-13-25" is not a date/);
});

test('a standing order is given, paused, resumed, paid at the end of the day, and cancelled', async () => {
  const order = await florin.json(
    ...words(`standing-orders create --from-account-id ${payer} --to-account-id ${payee}`),
    ...words(`--amount 30.00 --currency EUR --frequency weekly --start-date ${today}`),
    '--description',
    'Pocket money',
  );
  const id = String(order.id);
  assert.deepEqual([order.status, order.nextRunDate, order.frequency], ['active', today, 'weekly']);
  assert.equal((await florin.json('standing-orders', 'update', id, '--status', 'paused')).nextRunDate, null);
  assert.equal((await florin.json('standing-orders', 'update', id, '--status', 'active')).nextRunDate, today);
  const { stdout } = await florin.run('standing-orders', 'list', '--account-id', payer);
  assert.match(stdout, /^Id +From +To +To IBAN +Amount +Currency +Every +Next +Status +Description$/m);
  assert.match(stdout, new RegExp(`^${id} .* 30.00 +EUR +weekly +${today} +active +Pocket money$`, 'm'));
  assert.equal((await florin.run('standing-orders', 'executions', id)).stdout, 'No executions.\n');

  const closed = await florin.run('end-of-day', '--until', today);
  assert.equal(closed.exitCode, 0, closed.stderr);
  assert.match(
    closed.stdout,
    new RegExp(`^${today}  completed  cli  1 paid, \\d+ balances(, \\d+ statements)?$`, 'm'),
  );
  assert.match(closed.stdout, new RegExp(`The business date is ${addDays(today, 1)}\\.\\n$`));
  const again = await florin.run('end-of-day', '--until', today);
  assert.match(again.stdout, new RegExp(`^Closed through ${today} already\\.`));
  const { data } = await florin.json('end-of-day', 'list');
  assert.equal((data as unknown[]).length, 1);

  const executions = await florin.run('standing-orders', 'executions', id);
  assert.match(executions.stdout, new RegExp(`^${today} +paid .*txn_`, 'm'));
  assert.equal((await florin.json('standing-orders', 'cancel', id)).status, 'cancelled');
  assert.equal((await florin.run('standing-orders', 'cancel', id)).exitCode, 1);
});

const ORDER = [
  ...words(`standing-orders create --from-account-id ${payer} --to-account-id ${payee}`),
  ...words(`--amount 1 --currency EUR --frequency weekly --start-date ${today}`),
];
const WRONG: readonly (readonly [string[], RegExp])[] = [
  [[...ORDER, '--day-of-month', '32'], /from 1 to 31/],
  [[...ORDER, '--frequency', 'daily'], /Allowed choices are weekly/],
  [[...ORDER, '--start-date', '2026-02-30'], /a date that exists/],
  [['standing-orders', 'cancel', payer], /takes an id \(so_…\)/],
  [['calendar', 'set', '--weekend-day', 'someday'], /a whole number from 1 to 7/],
  [['end-of-day', '--until', 'tomorrow'], /a date that exists/],
];
for (const [args, message] of WRONG) {
  test(`${args.slice(0, 2).join(' ')} … ${args.slice(-2).join(' ')} is wrong usage`, async () => {
    const { stderr, exitCode } = await florin.run(...args);
    assert.equal(exitCode, 2);
    assert.match(stderr, message);
  });
}
