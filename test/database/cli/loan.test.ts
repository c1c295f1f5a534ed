import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRefused, runFlorin } from './florin.ts';

/** Nobody listens there: whoever asked the database would fail. */
const NO_DATABASE = { DATABASE_URL: 'postgres://127.0.0.1:1/none' };

const LOAN = Object.entries({
  '--amount': '1000.00',
  '--rate': '12',
  '--instalments': '3',
  '--disbursed-on': '2026-01-31',
}).flat();

const florin = (...args: string[]) => runFlorin(['loan', ...args], NO_DATABASE);

test('a quote reads like an offer, and needs no database', async () => {
  const fees = ['--fee', 'origination=2%', '--fee', 'instalment=1.50'];
  const { stdout, stderr, exitCode } = await florin('quote', ...LOAN, ...fees);
  assert.equal(exitCode, 0, stderr);
  // The APRC is the i of 980 = 341.52 (1+i)^(-1/12) + 341.52 (1+i)^(-2/12) + 341.53 (1+i)^(-3/12).
  assert.equal(
    stdout,
    `loan            1000.00 EUR
instalments     3, one every month, the last on 2026-04-30
instalment      341.52 EUR, the last 341.53 EUR
interest rate   12 % a year, nominal
APRC (EU)       30.72 %
effective rate  12.68 % a year, without fees
total interest  20.07 EUR
total fees      24.50 EUR
total to repay  1044.57 EUR

No.  Due         Principal  Interest   Fees   To pay  Outstanding
  0  2026-01-31       0.00      0.00  20.00    20.00      1000.00
  1  2026-02-28     330.02     10.00   1.50   341.52       669.98
  2  2026-03-31     333.32      6.70   1.50   341.52       336.66
  3  2026-04-30     336.66      3.37   1.50   341.53         0.00
     Total         1000.00     20.07  24.50  1044.57
`,
  );
});

test('the schedule alone is the table', async () => {
  const flags = [
    '--method',
    'flat',
    '--down-payment',
    '25',
    '--every',
    '2 weeks',
    '--interest-per',
    'period',
  ];
  const { stdout, exitCode } = await florin('schedule', ...LOAN, ...flags);
  assert.equal(exitCode, 0);
  // Interest on the whole 1,000 for 2/52 of a year.
  assert.equal(
    stdout,
    `No.  Due         Principal  Interest  Fees   To pay  Outstanding
  1  2026-01-31     250.00      0.00  0.00   250.00       750.00
  2  2026-02-14     250.00      4.62  0.00   254.62       500.00
  3  2026-02-28     250.00      4.62  0.00   254.62       250.00
  4  2026-03-14     250.00      4.61  0.00   254.61         0.00
     Total         1000.00     13.85  0.00  1013.85
`,
  );
});

test('as JSON it is what the API answers', async () => {
  const { stdout } = await florin('quote', ...LOAN, '--apr', 'us', '--rate-change', '2026-03-01=6', '--json');
  const { schedule, totals, aprPercent, effectiveAnnualRatePercent, ...rest } = JSON.parse(stdout);
  assert.deepEqual(rest, {});
  // From 1 March at 6 %: the days from 28 February to 31 March are a month.
  assert.deepEqual(
    schedule.map((row: { interest: string }) => row.interest),
    ['10.00', '3.35', '1.68'],
  );
  assert.deepEqual(totals, { principal: '1000.00', interest: '15.03', fees: '0.00', total: '1015.03' });
  assert.match(aprPercent, /^\d\.\d{4}$/);
  assert.match(effectiveAnnualRatePercent, /^\d\.\d{4}$/);
});

test('terms that contradict each other are wrong usage, and what no schedule comes of is refused', async () => {
  assertRefused(
    await florin('quote', ...LOAN, '--grace-principal', '3'),
    2,
    /^florin: gracePrincipal: .* \(grace_too_long\)$/m,
  );
  assertRefused(
    await florin('quote', ...LOAN, '--amount', '0.01'),
    1,
    /^florin: The amount is too small .* \(amount_too_small\)$/m,
  );
});
