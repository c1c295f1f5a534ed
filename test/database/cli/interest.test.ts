import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFlorin, words } from './florin.ts';

const bank = await openFlorin();

/** The lines of a table below its title, cut into columns. */
const tableOf = (stdout: string, title: string): string[][] => {
  const [, rest = ''] = stdout.split(`${title}\n`);
  const [table = ''] = rest.split('\n\n');
  return table
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
};

test('interest is quoted as sums that can be checked by hand', async () => {
  const terms = words('--currency EUR --tier upTo=20000,rate=2 --tier rate=3 --tax name=Tax,percent=25');
  const days = words('--balance from=2024-05-01,amount=10000 --balance from=2024-05-03,amount=30000');
  const range = words('--from 2024-05-01 --to 2024-05-31');
  const { stdout, stderr, exitCode } = await bank.run('interest', 'quote', ...terms, ...days, ...range);
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^totals credit interest +56\.71$/m);
  assert.deepEqual(tableOf(stdout, 'Segments'), [
    ['From', 'To', 'Formula'],
    ['2024-05-01', '2024-05-02', '10000.00 × 2 % × 2/365 = 1.095890410959'],
    ['2024-05-03', '2024-05-31', '(20000.00 × 2 % + 10000.00 × 3 %) × 29/365 = 55.616438356164'],
  ]);
  assert.deepEqual(tableOf(stdout, 'Postings'), [
    ['From', 'On', 'Credit interest', 'Debit interest', 'Tax', 'Net'],
    ['2024-05-01', '2024-05-31', '56.71', '0.00', '14.18', '42.53'],
  ]);
});
