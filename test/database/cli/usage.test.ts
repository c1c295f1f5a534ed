import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, assertRefused, runFlorin } from './florin.ts';

/** Nobody listens there: a command that asked the database would fail with 1. */
const NO_DATABASE = { DATABASE_URL: 'postgres://127.0.0.1:1/none' };

const ACCOUNT = 'acc_01h455vb4pex5vsknk084sn02q';
const CUSTOMER = 'cus_01h455vb4pex5vsknk084sn02q';
const TRANSACTION = 'txn_01h455vb4pex5vsknk084sn02q';
const OPEN = ['accounts', 'create', '--customer-id', CUSTOMER, '--product', 'current', '--currency', 'EUR'];
const PAYEE = ['beneficiaries', 'create', CUSTOMER, '--name', 'Ben'];
const RECEIVE = ['incoming-payments', 'create', '--amount', '1', '--currency', 'EUR'];

const LOAN = Object.entries({
  '--amount': '100',
  '--currency': 'EUR',
  '--annual-rate-percent': '12',
  '--instalments': '3',
  '--disbursed-on': '2026-01-31',
}).flat();

const WRONG: readonly [args: readonly string[], says: RegExp][] = [
  [['nope'], /unknown command 'nope'/],
  [['verfy'], /Did you mean verify\?/],
  [['customer', 'list'], /Did you mean customers\?/],
  [['--json'], /unknown option '--json'/],
  [['verify', '--fast'], /unknown option '--fast'/],
  [['verify', 'all'], /too many arguments/],
  [['customers', 'nope'], /unknown command 'nope'/],
  [['customers', 'create'], /required option '--type <choice>' not specified/],
  [['customers', 'create', ...ADA, '--type', 'robot'], /Allowed choices are person, organisation/],
  [['customers', 'create', ...ADA, '--date-of-birth', '1990-02-30'], /a date that exists/],
  [['customers', 'create', ...ADA, '--metadata', 'x'], /KEY=VALUE/],
  [['customers', 'create', '--body', '{'], /--body takes JSON/],
  [['customers', 'create', '--body', '[]'], /--body takes a JSON object/],
  [['customers', 'create', '--body', '{"address":{}}'], /required options .*'--address\.line1 <text>'/],
  [['customers', 'create', '--body', '/nonexistent/body.json'], /--body takes JSON, a file with it, or -/],
  [['customers', 'get', ACCOUNT], /cus_…/],
  [['customers', 'list', '--limit', '0'], /from 1 to 100/],
  [['customers', 'list', '--limit', '101'], /from 1 to 100/],
  [['accounts', 'create'], /required options '--customer-id <id>'/],
  [['accounts', 'create', '--customer-id', 'x'], /cus_…/],
  [[...OPEN, '--currency', 'XXX'], /a currency code/],
  [[...OPEN, '--overdraft-limit=-1'], /\(invalid_amount\)$/],
  [['accounts', 'list', '--iban', 'DE00100100101000000001'], /a valid IBAN/],
  [['accounts', 'get', 'DE00100100101000000001'], /an IBAN or an account number/],
  [['accounts', 'freeze', ACCOUNT], /required option '--reason/],
  [['accounts', 'get', ACCOUNT, '--server', 'http://bank.example'], /https:\/\/bank\.example/],
  [['accounts', 'get', ACCOUNT, '--server', 'https://bank.example', '--local'], /contradict/],
  [['auth', 'me', '--local'], /about the login of a user/],
  [['transfer', ACCOUNT, '1'], /missing required argument 'amount'/],
  [['transfer', ACCOUNT, 'bob', '1'], /invalid for argument 'to'/],
  [['beneficiaries', 'list', ACCOUNT], /cus_…/],
  [['beneficiaries', 'delete', CUSTOMER, ACCOUNT], /ben_…/],
  [[...PAYEE, '--iban', 'DE00'], /a valid IBAN/],
  [[...PAYEE, '--account-id', 'DE00'], /an IBAN or an account number/],
  [[...PAYEE, '--account-id', ACCOUNT, '--limit-per-day', 'x'], /\(invalid_amount\)$/],
  [['outgoing-payments', 'settle', ACCOUNT], /txn_…/],
  [['outgoing-payments', 'return', TRANSACTION], /required option '--reason/],
  [['incoming-payments', 'return', ACCOUNT, '--reason', 'x'], /inp_…/],
  [['outgoing-payments', 'list', '--status', 'lost'], /Allowed choices are pending_settlement/],
  [[...RECEIVE, '--iban', 'DE00', '--external-reference', 'x'], /a valid IBAN/],
  [['deposit', ACCOUNT, '1', '--mode', 'barter'], /Allowed choices are cash/],
  [['deposit', ACCOUNT, '1', '--value-date', 'today'], /a date that exists/],
  [['deposit', ACCOUNT, '1', '--idempotency-key', 'a b'], /visible ASCII/],
  [['deposit', ACCOUNT, '1', '--idempotency-key', 'x'.repeat(256)], /visible ASCII/],
  [['transactions', 'reverse', TRANSACTION], /required option '--reason/],
  [['transactions', 'reverse', 'x', '--reason', 'y'], /txn_…/],
  [['transactions', 'list', '--type', 'gift'], /Allowed choices are deposit/],
  [['transactions', 'list', '--from', '2026-02-01', '--to', '2026-01-31'], /is after --to/],
  [['statement', ACCOUNT, '--from', '2026-02-01', '--to', '2026-01-31'], /is after --to/],
  [['statement', ACCOUNT, '--format', 'pdf'], /Allowed choices are table, json, csv, csv_semicolon, camt053/],
  [['statement', ACCOUNT, '--format', 'csv', '--json'], /contradict/],
  [['business-date', 'set', '01.02.2026'], /a date that exists/],
  [['loans', 'nope'], /unknown command 'nope'/],
  [['loans', 'quote', '--amount', '1'], /required options '--currency/],
  [['loans', 'quote', ...LOAN, '--amount', '1e3'], /\(invalid_amount\)$/],
  [['loans', 'quote', ...LOAN, '--annual-rate-percent', '12%'], /a value like/],
  [['loans', 'quote', ...LOAN, '--instalments', '1.5'], /a whole number/],
  [['loans', 'quote', ...LOAN, '--every.unit', 'year'], /Allowed choices are month/],
  [['loans', 'quote', ...LOAN, '--every.unit', 'week'], /required option '--every\.count/],
  [['loans', 'quote', ...LOAN, '--method', 'balloon'], /Allowed choices are annuity/],
  [['loans', 'quote', ...LOAN, '--rate-change', 'from=2026-02-30,annualRatePercent=5'], /a date that exists/],
  [['loans', 'quote', ...LOAN, '--rate-change', 'from=2026-03-01'], /annualRatePercent is missing/],
  [
    ['loans', 'quote', ...LOAN, '--rate-change', '2026-03-01'],
    /name=value, .* names from, annualRatePercent/,
  ],
  [['loans', 'quote', ...LOAN, '--disbursement', 'on=2026-03-01,amount=x'], /\(invalid_amount\)$/],
  [['loans', 'quote', ...LOAN, '--fee', 'kind=late,amount=1'], /Allowed choices are origination, instalment/],
  [
    ['loans', 'quote', ...LOAN, '--fee', 'kind=origination,percent=1,of=interest'],
    /Allowed choices are principal/,
  ],
  [['loans', 'quote', ...LOAN, '--fee', '{'], /It takes JSON/],
  [['loans', 'quote', ...LOAN, '--apr', 'fr'], /Allowed choices are eu, us, uk/],
  [['calendar', 'set', '--weekend-day', '8'], /a whole number from 1 to 7/],
  [['completion', 'csh'], /Allowed choices are bash, zsh, fish/],
];

for (const [args, says] of WRONG) {
  test(`florin ${args.join(' ')} is wrong usage`, async () => {
    const { stdout, stderr, exitCode } = await runFlorin(args, NO_DATABASE);
    assert.match(stderr, /^florin: [^\n]+ \((usage|invalid_amount)\)\n$/);
    assert.match(stderr.trimEnd(), says);
    assert.equal(stdout, '');
    assert.equal(exitCode, 2);
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
const TOO_LARGE = ['1000000000000', '9223372036854775808', '1'.repeat(40)];

for (const amount of [...NO_AMOUNTS, ...TOO_LARGE]) {
  test(`${JSON.stringify(amount)} is no amount for any command`, async () => {
    for (const args of [
      ['deposit', ACCOUNT],
      ['withdraw', ACCOUNT],
      ['transfer', ACCOUNT, ACCOUNT],
    ]) {
      const { stderr, exitCode } = await runFlorin([...args, amount], NO_DATABASE);
      assert.match(stderr, /\(invalid_amount\)\n$/);
      assert.equal(exitCode, 2);
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
  for (const args of [[], ['customers']]) {
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

test('help shows the page of the command that was named, however deep, and refuses one that is not there', async () => {
  for (const [names, usage] of [
    [
      ['accounts', 'create'],
      /^Usage: florin accounts create \[options\]\n[\s\S]*--customer-id <id> .*\(required\)/,
    ],
    [['accounts'], /^Usage: florin accounts \[options\] \[command\]/],
    [['transfer'], /^Usage: florin transfer /],
    [['audit', 'verify'], /^Usage: florin audit verify /],
    [[], /^Usage: florin \[options\] \[command\]/],
  ] as const) {
    const { stdout, exitCode } = await runFlorin(['help', ...names], NO_DATABASE);
    assert.match(stdout, usage);
    assert.equal(exitCode, 0);
  }
  const unknown = await runFlorin(['help', 'accounts', 'nope'], NO_DATABASE);
  assertRefused(unknown, 2, /^florin: unknown command 'accounts nope': accounts has .*create, .*\(usage\)$/m);
});
