import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, assertRefused, failureOf, runFlorin } from './florin.ts';

/** Nobody listens there: whoever asked the database would fail with 1. */
const NO_DATABASE = { DATABASE_URL: 'postgres://127.0.0.1:1/none' };

const ACCOUNT = 'acc_01h455vb4pex5vsknk084sn02q';
const CUSTOMER = 'cus_01h455vb4pex5vsknk084sn02q';
const TRANSACTION = 'txn_01h455vb4pex5vsknk084sn02q';
const PERSON_WITHOUT_NAME = ADA.slice(2);

const LOAN = Object.entries({
  '--amount': '100',
  '--rate': '12',
  '--instalments': '3',
  '--disbursed-on': '2026-01-31',
}).flat();

const WRONG: readonly [args: readonly string[], says: RegExp][] = [
  [['nope'], /unknown command 'nope'/],
  [['verfy'], /Did you mean verify\?/],
  [['--json'], /unknown option '--json'/],
  [['verify', '--fast'], /unknown option '--fast'/],
  [['verify', 'all'], /too many arguments/],
  [['customer', 'nope'], /unknown command 'nope'/],
  [['customer', 'create'], /required option/],
  [['customer', 'create', ...PERSON_WITHOUT_NAME], /needs --given-name/],
  [['customer', 'create', ...ADA, '--legal-name', 'X'], /--given-name does not belong to .* organisation/],
  [['customer', 'create', ...ADA, '--type', 'robot'], /Allowed choices are person, organisation/],
  [['customer', 'create', ...ADA, '--date-of-birth', '1990-02-30'], /a date that exists/],
  [['customer', 'create', ...ADA, '--metadata', 'x'], /KEY=VALUE/],
  [['customer', 'show', ACCOUNT], /cus_…/],
  [['customer', 'list', '--limit', '0'], /from 1 to 100/],
  [['customer', 'list', '--limit', '101'], /from 1 to 100/],
  [['customer', 'list', '--cursor', 'x'], /cus_…/],
  [['account', 'open'], /missing required argument/],
  [['account', 'open', 'x'], /cus_…/],
  [['account', 'open', CUSTOMER, '--currency', 'XXX'], /a currency code/],
  [['account', 'open', CUSTOMER, '--overdraft-limit=-1'], /\(invalid_amount\)$/],
  [['account', 'open', CUSTOMER, '--overdraft-limit', '1.001'], /EUR has 2 decimals \(invalid_amount\)$/],
  [['account', 'list', '--iban', 'DE00100100101000000001'], /a valid IBAN/],
  [['account', 'show', 'DE00100100101000000001'], /an IBAN or an account number/],
  [['account', 'freeze', ACCOUNT], /required option '--reason/],
  [['transfer', ACCOUNT, '1'], /missing required argument 'amount'/],
  [['transfer', ACCOUNT, 'bob', '1'], /invalid for argument 'to'/],
  [['beneficiary', 'list', ACCOUNT], /cus_…/],
  [['beneficiary', 'delete', CUSTOMER, ACCOUNT], /ben_…/],
  [['beneficiary', 'create', CUSTOMER, 'Ben', 'DE00'], /an IBAN or an account number/],
  [['beneficiary', 'create', CUSTOMER, 'Ben', ACCOUNT, '--limit-per-day', '0'], /\(invalid_amount\)$/],
  [['payment', 'settle', ACCOUNT], /txn_…/],
  [['payment', 'return', TRANSACTION], /required option '--reason/],
  [['payment', 'return', ACCOUNT, '--reason', 'x'], /txn_… or inp_…/],
  [['payment', 'list', '--status', 'lost'], /Allowed choices are pending_settlement/],
  [['payment', 'receive', 'DE00', '1', '--external-reference', 'x'], /a valid IBAN/],
  [['deposit', ACCOUNT, '1', '--mode', 'barter'], /Allowed choices are cash/],
  [['deposit', ACCOUNT, '1', '--value-date', 'today'], /a date that exists/],
  [['deposit', ACCOUNT, '1', '--idempotency-key', 'a b'], /visible ASCII/],
  [['deposit', ACCOUNT, '1', '--idempotency-key', 'x'.repeat(256)], /visible ASCII/],
  [['reverse', TRANSACTION], /required option '--reason/],
  [['reverse', 'x', '--reason', 'y'], /txn_…/],
  [['transaction', 'list', '--type', 'gift'], /Allowed choices are deposit/],
  [['transaction', 'list', '--from', '2026-02-01', '--to', '2026-01-31'], /is after --to/],
  [['statement', ACCOUNT, '--from', '2026-02-01', '--to', '2026-01-31'], /is after --to/],
  [['statement', ACCOUNT, '--format', 'pdf'], /Allowed choices are table, csv, json/],
  [['statement', ACCOUNT, '--format', 'csv', '--json'], /contradict/],
  [['trial-balance', '--as-of', '2026-13-01'], /a date that exists/],
  [['business-date', 'set', '01.02.2026'], /a date that exists/],
  [['loan', 'nope'], /unknown command 'nope'/],
  [['loan', 'quote', '--amount', '1'], /required option '--rate/],
  [['loan', 'quote', ...LOAN, '--amount', '0'], /\(invalid_amount\)$/],
  [['loan', 'quote', ...LOAN, '--amount', '1.001'], /EUR has 2 decimals \(invalid_amount\)$/],
  [['loan', 'quote', ...LOAN, '--rate', '12%'], /a percentage like 9\.5/],
  [['loan', 'quote', ...LOAN, '--instalments', '1.5'], /a whole number/],
  [['loan', 'quote', ...LOAN, '--every', '2 years'], /a period like month/],
  [['loan', 'quote', ...LOAN, '--method', 'balloon'], /Allowed choices are annuity/],
  [['loan', 'quote', ...LOAN, '--rate-change', '2026-02-30=5'], /a date that exists/],
  [['loan', 'quote', ...LOAN, '--rate-change', '2026-03-01'], /DATE=PERCENT/],
  [['loan', 'quote', ...LOAN, '--disbursement', '2026-03-01=x'], /\(invalid_amount\)$/],
  [['loan', 'quote', ...LOAN, '--fee', 'late=1'], /a kind of origination, instalment/],
  [['loan', 'quote', ...LOAN, '--fee', 'origination=1%:interest'], /a percentage of principal or/],
  [['loan', 'schedule', ...LOAN, '--apr', 'fr'], /Allowed choices are eu, us, uk/],
];

for (const [args, says] of WRONG) {
  test(`florin ${args.join(' ')} is wrong usage`, async () => {
    const failure = await failureOf(args);
    assert.match(failure.line ?? '', /^florin: [^\n]+ \((usage|invalid_amount)\)$/);
    assert.match(failure.line ?? '', says);
    assert.equal(failure.exitCode, 2);
  });
}

const NO_AMOUNTS = [
  '-1',
  '0',
  '0.00',
  '1e3',
  'NaN',
  ' 1',
  '1 ',
  '+1',
  '1,000',
  '01',
  '1.',
  '.5',
  '',
  '0.0001',
];
const TOO_LARGE = ['9223372036854775808', '1'.repeat(40)];

for (const amount of [...NO_AMOUNTS, ...TOO_LARGE]) {
  test(`${JSON.stringify(amount)} is no amount for any command`, async () => {
    for (const args of [
      ['deposit', ACCOUNT],
      ['withdraw', ACCOUNT],
      ['transfer', ACCOUNT, ACCOUNT],
    ]) {
      const failure = await failureOf([...args, amount]);
      assert.match(failure.line ?? '', /\(invalid_amount\)$/);
      assert.equal(failure.exitCode, 2);
    }
  });
}

test('wrong usage is one line and exit 2, and nobody is asked', async () => {
  assertRefused(await runFlorin(['nope'], NO_DATABASE), 2, /^florin: unknown command 'nope' \(usage\)$/m);
  assertRefused(
    await runFlorin(['deposit', ACCOUNT, '1e3'], NO_DATABASE),
    2,
    /^florin: .* \(invalid_amount\)$/m,
  );
});

test('without a command the help is shown as an error', async () => {
  for (const args of [[], ['customer']]) {
    const { exitCode, stdout, stderr } = await runFlorin(args, NO_DATABASE);
    assert.match(stderr, /^Usage: florin/);
    assert.equal(stdout, '');
    assert.equal(exitCode, 2);
  }
});

test('help and version need no database', async () => {
  const [help, flag, version] = await Promise.all(
    [['transfer', '--help'], ['--version'], ['version', '--json']].map((args) =>
      runFlorin(args, NO_DATABASE),
    ),
  );
  assert.match(help?.stdout ?? '', /^Usage: florin transfer/);
  assert.match(flag?.stdout ?? '', /^florin \d+\.\d+\.\d+\n$/);
  assert.match(JSON.parse(version?.stdout ?? '').version, /^\d+\.\d+\.\d+$/);
  assert.deepEqual([help?.exitCode, flag?.exitCode, version?.exitCode], [0, 0, 0]);
});
