import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createServices } from '#bank/services.ts';
import { openDatabase } from '#db/database.ts';
import { randomIds, toTypeId } from '#lib/ids.ts';
import { systemClock } from '#lib/time/clock.ts';
import { EUR, TEST_CALLER } from '#test/support/bank.ts';
import { TEST_DATA_KEY } from '#test/support/data-key.ts';
import { readPdf } from '#test/support/read-pdf.ts';
import { assertRefused, openAccounts, openFlorin, runFlorin, words } from './florin.ts';

const florin = await openFlorin();
const [account = ''] = await openAccounts(florin, '0');
const customer = String((await florin.json('accounts', 'get', account)).customerId);
const product = await newProduct();

/** Twelve per cent a year, by twelfths: three instalments of 1,200.00 are 408.03, 408.03 and 408.02. */
async function newProduct(): Promise<string> {
  const { db, postingPool, close } = openDatabase({ databaseUrl: florin.databaseUrl });
  try {
    const context = {
      db,
      postingPool,
      bookId: 1,
      clock: systemClock,
      ids: randomIds,
      dataKey: TEST_DATA_KEY,
    };
    const { state } = await createServices(context).loanProducts.create(TEST_CALLER, {
      name: 'Household loan',
      currency: EUR,
      conditions: {
        amount: { min: '100.00', max: '5000.00' },
        instalments: { min: 1, max: 60 },
        annualRatePercent: { min: '0', max: '30', default: '12' },
      },
    });
    return toTypeId('loanProduct', state.id);
  } finally {
    await close();
  }
}

async function output(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await florin.run('loans', ...args);
  assert.equal(exitCode, 0, stderr);
  return stdout;
}

test('an offer on a product takes its rate and its rules', async () => {
  const asked = [
    ...words(`--product-id ${product} --amount 1200.00 --currency EUR --instalments 3`),
    ...words('--disbursed-on 2026-01-31'),
  ];
  const offer = await output('quote', ...asked);
  assert.match(offer, /^ +3 +2026-04-30 .* 408\.02 +0\.00$/m);
  assert.match(offer, /^totals total +1224\.08$/m);
  assertRefused(
    await florin.run('loans', 'quote', ...asked, '--method', 'flat'),
    1,
    /^florin: method:? .*product.* \(validation_failed\)$/m,
  );
  assertRefused(
    await florin.run('loans', 'quote', ...asked, '--amount', '99'),
    1,
    /\(amount_outside_product\)$/m,
  );
});

test('a loan goes from its application to its statement and its payoff', async () => {
  const applied = await florin.json(
    ...words(`loans create --customer-id ${customer} --account-id ${account} --product-id ${product}`),
    ...words('--amount 1200.00 --instalments 3'),
  );
  const id = String(applied.id);
  assert.equal(applied.status, 'applied');
  assert.match(await output('approve', id), /^status +approved$/m);
  const key = ['--idempotency-key', 'once'];
  await output('disburse', id, ...key);
  assert.match(await output('disburse', id, ...key), /^This was done before/);
  const repaid = await florin.json(
    ...words(`loans repay ${id} --amount 200.00 --currency EUR`),
    ...words('--strategy lower_instalment'),
  );
  assert.deepEqual((repaid.outstanding as Record<string, string>).total, '1000.00');
  const schedule = await output('schedule', id);
  assert.match(schedule, /^ +1 {2}[-\d]{10} +330\.02 +10\.00 +0\.00 +340\.02 +669\.98 {2}upcoming$/m);
  assert.match(await output('quote-payoff', id), /^total +1000\.00$/m);
  assert.match(await output('get', id), /^outstanding total +1000\.00$/m);
  assert.match(
    await output('list', '--status', 'active'),
    /^loan_\w{26} {2}acc_\w{26} +1200\.00 {2}1000\.00 {2}0\.00/m,
  );

  const table = await output('statement', id);
  assert.match(table, /^terms annual rate percent +12$/m);
  assert.match(table, /^[-\d]{10} {2}repaid +200\.00 +200\.00 +0\.00 +0\.00 +0\.00 +1000\.00$/m);
  assert.match(
    await output('statement', id, '--format', 'csv'),
    /^4,[-\d]{10},[-\d]{10},repaid,,200\.00,EUR,/m,
  );
  const folder = await mkdtemp(join(tmpdir(), 'florin-statement-'));
  after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'statement.pdf');
  assert.equal(await output('statement', id, '--format', 'pdf', '--output', file), '');
  assert.match(readPdf(await readFile(file)).text, /^Ada Lovelace$/m);
  assert.match(await output('statement', id, '--format', 'pdf'), /^%PDF-/);
  const env = { DATABASE_URL: florin.databaseUrl };
  assertRefused(
    await runFlorin(['loans', 'statement', id, '--format', 'pdf'], env, { isTerminal: true }),
    2,
    /needs --output FILE/,
  );

  const portfolio = await output('portfolio');
  assert.match(portfolio, /^product name +Household loan$/m);
  assert.match(portfolio, /^outstanding principal +1000\.00$/m);
  assert.match(portfolio, /^days1To30 +0 +0\.00/m);
});
