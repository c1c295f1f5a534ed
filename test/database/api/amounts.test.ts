import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badFields, cash, created, move, openApi } from '#test/support/api.ts';

const api = await openApi();

const account = await api.newAccount({ balance: '1000.00', overdraftLimit: '1000.00' });
const other = await api.newAccount({ balance: '1000.00' });

/** The three calls that move money, each with an amount as it is written in the JSON. */
const CALLS: [path: string, body: string][] = [
  ['/v1/deposits', JSON.stringify(cash(account, 'AMOUNT'))],
  ['/v1/withdrawals', JSON.stringify(cash(account, 'AMOUNT'))],
  ['/v1/transfers', JSON.stringify(move(account, other, 'AMOUNT'))],
];

const BAD = [
  '"-1"',
  '"-0.01"',
  '"-0"',
  '"0"',
  '"0.0"',
  '"0.00"',
  '"0.001"',
  '"1.999"',
  '"1.000"',
  '"1e3"',
  '"1E3"',
  '"1e-2"',
  '"NaN"',
  '"Infinity"',
  '"-Infinity"',
  '"0x10"',
  '"0b1"',
  '"1_000"',
  '"1n"',
  '9007199254740993',
  '1',
  '0.5',
  '-1',
  '1e3',
  `"${'9'.repeat(40)}"`,
  `"${'0'.repeat(40)}"`,
  `"0.${'0'.repeat(40)}1"`,
  '"1000000000000"',
  '"1000000000000.00"',
  '"92233720368547758.07"',
  '"9223372036854775807"',
  '" 1"',
  '"1 "',
  '"1\\n"',
  '"1\\t"',
  '"\\u00a01"',
  '"1 000"',
  'true',
  'false',
  'null',
  '[]',
  '["1.00"]',
  '{}',
  '{"value":"1.00"}',
  '"1,000.00"',
  '"1,50"',
  '"+5"',
  '""',
  '" "',
  '"01"',
  '"00.50"',
  '".5"',
  '"5."',
  '"."',
  '"1.2.3"',
  '"１２"',
  '"1２"',
  '"١"',
  '"€5"',
  '"5 EUR"',
  '"5EUR"',
  '"½"',
  '"1.\u066b5"',
  '"one"',
  `"1' or '1'='1"`,
];

for (const amount of BAD) {
  test(`the amount ${amount.slice(0, 45)} moves no money on any route`, async () => {
    for (const [path, body] of CALLS) {
      const headers = { 'idempotency-key': 'the-same-for-all' };
      const written = body.replace('"AMOUNT"', amount);
      const answer = await api.leavesNothing(() => api.raw('POST', path, written, headers));
      assert.deepEqual(badFields(answer, 'invalid_amount'), ['amount'], `${path} ${answer.text}`);
    }
  });
}

test('an amount that is missing is missing, and not zero', async () => {
  for (const [path, body] of CALLS) {
    const written = body.replace('"amount":"AMOUNT",', '');
    const answer = await api.leavesNothing(() =>
      api.raw('POST', path, written, { 'idempotency-key': 'the-same-for-all' }),
    );
    assert.deepEqual(badFields(answer), ['amount']);
  }
});

const GOOD: [amount: string, told: string][] = [
  ['0.01', '0.01'],
  ['0.1', '0.10'],
  ['1', '1.00'],
  ['10.5', '10.50'],
  ['100', '100.00'],
  ['999999999999.99', '999999999999.99'],
];
for (const [amount, told] of GOOD) {
  test(`the amount "${amount}" is booked as ${told} exactly, in and out`, async () => {
    const empty = await api.newAccount();
    const deposit = await api.deposit(empty, amount);
    assert.equal(deposit.amount, told);
    assert.equal(deposit.balanceAfter, told);
    assert.equal(await api.postedBalance(empty), told);
    assert.equal((await api.withdraw(empty, amount)).balanceAfter, '0.00');
  });
}

test('a balance that no double holds is told exactly', async () => {
  const exact = await api.newAccount({ currency: 'KWD' });
  for (let times = 0; times < 9; times++) await api.deposit(exact, '999999999999.999');
  assert.equal((await api.deposit(exact, '7199254741.002')).balanceAfter, '9007199254740.993');
});

test('the largest amount has twelve digits before the point in every currency', async () => {
  for (const [currency, largest, tooLarge] of [
    ['JPY', '999999999999', '1000000000000'],
    ['EUR', '999999999999.99', '1000000000000.00'],
    ['KWD', '999999999999.999', '1000000000000.000'],
  ] as const) {
    const rich = await api.newAccount({ currency });
    assert.equal((await api.deposit(rich, largest)).balanceAfter, largest);
    for (const path of ['/v1/deposits', '/v1/withdrawals']) {
      const answer = await api.leavesNothing(() => api.pay(path, cash(rich, tooLarge, { currency })));
      assert.deepEqual(badFields(answer, 'invalid_amount'), ['amount']);
    }
  }
});

test('key and amounts were never used up by all the refusals', async () => {
  const answer = await api.pay('/v1/deposits', cash(account, '1.00'), 'the-same-for-all');
  assert.equal(created(answer).balanceAfter, '1001.00');
  await api.assertVerified();
});
