import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { failureOf, openAccounts, openFlorin } from './florin.ts';

const florin = await openFlorin();
const [payer, payee] = (await openAccounts(florin, '100.00', '0')) as [string, string];
const { businessDate } = await florin.json('business-date', 'show');
const today = isoDate(String(businessDate));

test('holidays are loaded from CSV, added, listed and removed, and the weekend is set', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'florin-holidays-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'holidays.csv');
  await writeFile(file, 'date,name\n2030-12-25,"Christmas Day"\n2030-12-26,Boxing Day\n');
  assert.deepEqual(await florin.json('calendar', 'load', file), { added: 2, known: 0 });
  assert.deepEqual(await florin.json('calendar', 'load', file), { added: 0, known: 2 });
  await florin.json('calendar', 'add', '2031-01-01', 'New Year');
  const { stdout } = await florin.run('calendar', 'list', '--from', '2030-12-26');
  assert.equal(stdout, 'Date        Holiday\n2030-12-26  Boxing Day\n2031-01-01  New Year\n');
  assert.deepEqual(await florin.json('calendar', 'remove', '2030-12-26'), { removed: '2030-12-26' });
  assert.equal((await florin.run('calendar', 'remove', '2030-12-26')).exitCode, 1);
  // Today is a business day, whatever day the test is run on.
  assert.equal(
    (await florin.run('calendar', 'weekend', 'none')).stdout,
    'The bank does business every day of the week.\n',
  );
  assert.equal((await florin.json('calendar', 'show')).isBusinessDay, true);
  await writeFile(file, '2030-13-25,Never\n');
  const bad = await florin.run('calendar', 'load', file);
  assert.equal(bad.exitCode, 1);
  assert.match(bad.stderr, /line 1: "2030-13-25" is not a date/);
});

test('a standing order is given, paused, resumed, paid at the end of the day, and cancelled', async () => {
  const order = await florin.json(
    'standing-order',
    'create',
    payer,
    payee,
    '30.00',
    '--every',
    'weekly',
    '--description',
    'Pocket money',
  );
  const id = String(order.id);
  assert.deepEqual([order.status, order.nextRunDate, order.frequency], ['active', today, 'weekly']);
  assert.equal((await florin.json('standing-order', 'pause', id)).nextRunDate, null);
  assert.equal((await florin.json('standing-order', 'resume', id)).nextRunDate, today);
  const { stdout } = await florin.run('standing-order', 'list', '--account', payer);
  assert.match(stdout, /^Id +From +To +Amount +Currency +Every +Next +Status +For$/m);
  assert.match(stdout, new RegExp(`^${id} .* 30.00 +EUR +weekly +${today} +active +Pocket money$`, 'm'));
  assert.equal(
    (await florin.run('standing-order', 'executions', id)).stdout,
    'Nothing has fallen due yet.\n',
  );

  const closed = await florin.run('end-of-day', '--until', today);
  assert.equal(closed.exitCode, 0, closed.stderr);
  assert.match(closed.stdout, new RegExp(`^${today}  completed  cli  1 paid, \\d+ balances$`, 'm'));
  assert.match(closed.stdout, new RegExp(`The business date is ${addDays(today, 1)}\\.\\n$`));
  const again = await florin.run('end-of-day', '--until', today);
  assert.match(again.stdout, new RegExp(`^Closed through ${today} already\\.`));
  const { data } = await florin.json('end-of-day', 'list');
  assert.equal((data as unknown[]).length, 1);

  const executions = await florin.run('standing-order', 'executions', id);
  assert.match(executions.stdout, new RegExp(`^${today}  paid +1  ${today} .* txn_`, 'm'));
  assert.equal((await florin.json('standing-order', 'cancel', id)).status, 'cancelled');
  assert.equal((await florin.run('standing-order', 'cancel', id)).exitCode, 1);
});

const WRONG: readonly (readonly [string[], RegExp])[] = [
  [['standing-order', 'create', payer, payee, '1', '--day', '32'], /a day of the month, 1 to 31/],
  [['standing-order', 'create', payer, payee, '1', '--every', 'daily'], /Allowed choices are weekly/],
  [['standing-order', 'create', payer, payee, '1', '--start', '2026-02-30'], /a date that exists/],
  [['standing-order', 'cancel', payer], /takes an id \(so_…\)/],
  [['calendar', 'weekend', 'someday'], /takes weekdays like sat,sun/],
  [['end-of-day', '--until', 'tomorrow'], /a date that exists/],
];
for (const [args, message] of WRONG) {
  test(`${args.slice(0, 2).join(' ')} … ${args.slice(-2).join(' ')} is wrong usage`, async () => {
    const { line, exitCode } = await failureOf(args);
    assert.equal(exitCode, 2);
    assert.match(line ?? '', message);
  });
}
