import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRefused, openFlorin, words } from './florin.ts';

const bank = await openFlorin();

const LOAN = Object.entries({
  '--amount': '1000.00',
  '--currency': 'EUR',
  '--annual-rate-percent': '12',
  '--instalments': '3',
  '--disbursed-on': '2026-01-31',
}).flat();

const quote = (...args: string[]) => bank.run('loans', 'quote', ...LOAN, ...args);

test('a quote shows its costs, and the whole schedule as a table', async () => {
  const fees = ['--fee', 'kind=origination,percent=2', '--fee', 'kind=instalment,amount=1.50'];
  const { stdout, stderr, exitCode } = await quote(...fees);
  assert.equal(exitCode, 0, stderr);
  // The APRC is the i of 980 = 341.52 (1+i)^(-1/12) + 341.52 (1+i)^(-2/12) + 341.53 (1+i)^(-3/12).
  assert.match(stdout, /^apr percent +30\.7150$/m);
  assert.match(stdout, /^effective annual rate percent +12\.6849$/m);
  assert.match(
    stdout,
    /^totals principal +1000\.00\ntotals interest +20\.07\ntotals fees +24\.50\ntotals total +1044\.57$/m,
  );
  const schedule = stdout.slice(stdout.indexOf('Schedule\n'));
  assert.deepEqual(
    schedule
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/)),
    [
      ['Schedule'],
      ['Number', 'Due date', 'Principal', 'Interest', 'Fees', 'Total', 'Outstanding'],
      ['0', '2026-01-31', '0.00', '0.00', '20.00', '20.00', '1000.00'],
      ['1', '2026-02-28', '330.02', '10.00', '1.50', '341.52', '669.98'],
      ['2', '2026-03-31', '333.32', '6.70', '1.50', '341.52', '336.66'],
      ['3', '2026-04-30', '336.66', '3.37', '1.50', '341.53', '0.00'],
    ],
  );
});

test('periods are weeks too, and a part is paid back at once', async () => {
  const terms = [
    ...words('--method flat --down-payment-percent 25'),
    ...words('--every.count 2 --every.unit week --interest-per period'),
  ];
  const { schedule, totals } = await bank.json('loans', 'quote', ...LOAN, ...terms);
  // Interest on the whole 1,000 for 2/52 of a year.
  assert.deepEqual(
    (schedule as Record<string, string>[]).map((row) => [row.dueDate, row.interest, row.total]),
    [
      ['2026-01-31', '0.00', '250.00'],
      ['2026-02-14', '4.62', '254.62'],
      ['2026-02-28', '4.62', '254.62'],
      ['2026-03-14', '4.61', '254.61'],
    ],
  );
  assert.deepEqual(totals, { principal: '1000.00', interest: '13.85', fees: '0.00', total: '1013.85' });
});

test('as JSON it is what the API answers', async () => {
  const change = ['--rate-change', 'from=2026-03-01,annualRatePercent=6'];
  const answer = await bank.json('loans', 'quote', ...LOAN, '--apr', 'us', ...change);
  const { schedule, totals, aprPercent, effectiveAnnualRatePercent, ...rest } = answer;
  assert.deepEqual(rest, {});
  // From 1 March at 6 %: the days from 28 February to 31 March are a month.
  assert.deepEqual(
    (schedule as { interest: string }[]).map((row) => row.interest),
    ['10.00', '3.35', '1.68'],
  );
  assert.deepEqual(totals, { principal: '1000.00', interest: '15.03', fees: '0.00', total: '1015.03' });
  assert.match(String(aprPercent), /^\d\.\d{4}$/);
  assert.match(String(effectiveAnnualRatePercent), /^\d\.\d{4}$/);
});

test('the same from a body in JSON, with options over it', async () => {
  const body = {
    amount: '500.00',
    currency: 'EUR',
    annualRatePercent: '12',
    instalments: 3,
    disbursedOn: '2026-01-31',
  };
  const asked = await bank.json('loans', 'quote', '--body', JSON.stringify(body), '--amount', '1000.00');
  assert.deepEqual(asked, await bank.json('loans', 'quote', ...LOAN));
});

test('terms that contradict each other, and what no schedule comes of, are refused', async () => {
  assertRefused(await quote('--grace-principal', '3'), 1, /^florin: gracePrincipal: .* \(grace_too_long\)$/m);
  assertRefused(
    await quote('--amount', '0.01'),
    1,
    /^florin: The amount is too small .* \(amount_too_small\)$/m,
  );
  assertRefused(await quote('--amount', '0'), 2, /\(invalid_amount\)$/m);
  assertRefused(await quote('--amount', '1.001'), 2, /EUR has 2 decimals \(invalid_amount\)$/m);
});
