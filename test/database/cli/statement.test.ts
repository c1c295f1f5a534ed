import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { openStatement } from '#features/transactions/contract.ts';
import { type AccountId, toTypeId } from '#lib/ids.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { florinAt } from './florin.ts';

const DAY_MS = 86_400_000;

type Line = { readonly amount: string; readonly balanceAfter: string; readonly description: string | null };

const bank = await openTestBank();
const florin = florinAt(bank.databaseUrl);
const accountId = await bank.newAccount();
const account = toTypeId('account', accountId);
let payer: AccountId;

/** 2,500 lines: 1,200 on 14 January lead to 1200.00, 800 on the 15th to 1000.00, 500 on the 16th to 1050.00. */
before(async () => {
  const startMs = bank.clock.nowMs();
  await many(1_200, () => cash('deposit', 100n));
  bank.clock.setMs(startMs + DAY_MS);
  payer = await bank.newAccount({ balanceMinor: 5_000n });
  await many(800, () => cash('withdraw', 25n));
  bank.clock.setMs(startMs + 2 * DAY_MS);
  await many(500, () =>
    bank.transactions.transfer({
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      fromAccountId: payer,
      to: { accountId },
      amountMinor: 10n,
      currency: EUR,
      description: '=HYPERLINK("http://example.com")',
    }),
  );
});

async function many(count: number, act: () => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: count }, act));
}

function cash(direction: 'deposit' | 'withdraw', amountMinor: bigint): Promise<unknown> {
  const request = { caller: TEST_CALLER, idempotencyKey: newKey(), accountId, amountMinor, currency: EUR };
  return bank.transactions[direction]({ ...request, mode: 'cash' });
}

/** Cents of an amount with two decimals. */
function cents(amount: string): bigint {
  assert.match(amount, /^-?\d+\.\d{2}$/);
  return BigInt(amount.replace('.', ''));
}

function assertAddsUp(opening: string, lines: readonly Line[], closing: string): void {
  let balance = cents(opening);
  for (const { amount, balanceAfter } of lines) {
    balance += cents(amount);
    assert.equal(cents(balanceAfter), balance);
  }
  assert.equal(balance, cents(closing));
}

test('as JSON it is one document with every line, oldest first', async () => {
  const { openingBalance, closingBalance, lines, ...rest } = await florin.json('statement', account);
  assert.equal(openingBalance, '0.00');
  assert.equal(closingBalance, '1050.00');
  assert.equal((lines as Line[]).length, 2_500);
  assertAddsUp('0.00', lines as Line[], '1050.00');
  const { currency, from, to, accountId: id } = rest;
  assert.deepEqual({ currency, from, to, id }, { currency: 'EUR', from: null, to: null, id: account });
});

test('a period lies between the balances at its ends', async () => {
  const period = ['--from', '2026-01-15', '--to', '2026-01-15'];
  const { openingBalance, closingBalance, lines } = await florin.json('statement', account, ...period);
  assert.equal(openingBalance, '1200.00');
  assert.equal(closingBalance, '1000.00');
  assert.equal((lines as Line[]).length, 800);
  assertAddsUp('1200.00', lines as Line[], '1000.00');
});

test('as CSV it has the balances as its first and last row, and no formula of a customer’s', async () => {
  const { stdout, exitCode } = await florin.run('statement', account, '--format', 'csv');
  assert.equal(exitCode, 0);
  const rows: Record<string, string>[] = parse(stdout, { columns: true });
  const [opening, ...lines] = rows;
  const closing = lines.pop();
  assert.deepEqual([opening?.type, opening?.amount, opening?.balanceAfter], ['opening_balance', '', '0.00']);
  assert.deepEqual(
    [closing?.type, closing?.amount, closing?.balanceAfter],
    ['closing_balance', '', '1050.00'],
  );
  assert.equal(lines.length, 2_500);
  assertAddsUp('0.00', lines as unknown as Line[], '1050.00');
  assert.equal(lines[1_200]?.amount, '-0.25');
  const last = lines.at(-1);
  assert.equal(last?.description, '\'=HYPERLINK("http://example.com")');
  assert.equal(last?.counterpartyName, 'Ada Lovelace');
  assert.equal(last?.reverses, '');
});

test('the statement of a payer names the holder of the account that was paid', async () => {
  const { stdout } = await florin.run('statement', toTypeId('account', payer), '--format', 'csv');
  const rows: Record<string, string>[] = parse(stdout, { columns: true });
  assert.equal(rows.at(-2)?.counterpartyName, 'Ada Lovelace');
  const table = await florin.run('statement', toTypeId('account', payer));
  assert.match(table.stdout, /transfer +Ada Lovelace · .* -0\.10 /);
});

test('as a table it begins and ends with the balances', async () => {
  const { stdout, exitCode } = await florin.run('statement', account, '--from', '2026-01-16');
  assert.equal(exitCode, 0);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines[0], 'Test bank');
  assert.match(lines[1] ?? '', /^Statement of DE\d{20} in EUR, from 2026-01-16 to the last line$/);
  assert.match(lines[3] ?? '', /^Date +Value date +Type +Details +Amount +Balance$/);
  assert.match(lines[4] ?? '', /^ +Opening balance +1000\.00$/);
  assert.match(lines[5] ?? '', /^2026-01-16 +2026-01-16 +transfer +Ada Lovelace · .* +0\.10 +1000\.10$/);
  assert.match(lines.at(-1) ?? '', /^ +Closing balance +1050\.00$/);
  assert.equal(lines.length, 506);
});

test('an empty period says so and has the same balance twice', async () => {
  const period = ['--from', '2026-02-01'];
  const { stdout } = await florin.run('statement', account, ...period);
  assert.match(stdout, /Opening balance +1050\.00\n +Closing balance +1050\.00\n\nNothing was booked/);
  const { lines, openingBalance, closingBalance } = await florin.json('statement', account, ...period);
  assert.deepEqual([lines, openingBalance, closingBalance], [[], '1050.00', '1050.00']);
  const before = await florin.json('statement', account, '--to', '2026-01-13');
  assert.deepEqual([before.lines, before.openingBalance, before.closingBalance], [[], '0.00', '0.00']);
});

test('what is booked while it is read is not in it', async () => {
  const other = await bank.newAccount({ balanceMinor: 700n });
  const statement = await openStatement(bank.context, TEST_CALLER, other, {});
  await bank.transactions.transfer({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    fromAccountId: other,
    to: { accountId },
    amountMinor: 300n,
    currency: EUR,
  });
  const pages = await Array.fromAsync(statement.pages());
  assert.deepEqual(
    pages.flat().map(({ signedMinor }) => signedMinor),
    [700n],
  );
  assert.equal(statement.closingMinor, 700n);
});
