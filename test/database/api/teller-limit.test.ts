import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, readConfig } from '#config/config.ts';
import { cash, created, move, openApi, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';

const manager = await openApi();
const teller = await manager.as('teller');
const account = await manager.newAccount({ balance: '100000.00' });
const other = await manager.newAccount();
const CODE = 'limit_requires_manager';

test('a teller moves exactly the limit, and one cent more takes a manager', async () => {
  for (const [path, body] of [
    ['/v1/deposits', (amount: string) => cash(account, amount)],
    ['/v1/withdrawals', (amount: string) => cash(account, amount)],
    ['/v1/transfers', (amount: string) => move(account, other, amount)],
  ] as const) {
    created(await teller.pay(path, body('10000.00')));
    await manager.leavesNothing(async () => refused(await teller.pay(path, body('10000.01')), 403, CODE));
    created(await manager.pay(path, body('10000.01')));
  }
});

test('a refused amount leaves the key free', async () => {
  const fresh = await manager.as('teller');
  refused(await fresh.pay('/v1/deposits', cash(account, '10000.01'), 'limit-key'), 403, CODE);
  const answer = await fresh.pay('/v1/deposits', cash(account, '9000.00'), 'limit-key');
  assert.equal(created(answer).amount, '9000.00');
  assert.equal(answer.headers.get('idempotent-replayed'), null);
});

test('each item of a batch is held to the limit', async () => {
  const { batches } = manager.bank;
  const caller = { actor: 'usr_teller', role: 'teller' } as const;
  const id = await manager.bank.newAccount();
  const item = (amountMinor: bigint) =>
    ({ kind: 'deposit', accountId: id, mode: 'cash', amountMinor, currency: 'EUR' as never }) as const;
  const items = [item(1_000_000n), item(1_000_001n)];
  const { results } = await batches.post({ caller, idempotencyKey: 'a', mode: 'independent', items });
  assert.deepEqual(
    results.map((result) => (result.status === 'refused' ? result.code : result.status)),
    ['posted', CODE],
  );
  await manager.leavesNothing(() =>
    assert.rejects(batches.post({ caller, idempotencyKey: 'b', mode: 'atomic', items }), {
      code: 'batch_refused',
    }),
  );
  const all = await batches.post({ caller: TEST_CALLER, idempotencyKey: 'c', mode: 'atomic', items });
  assert.deepEqual(
    all.results.map(({ status }) => status),
    ['posted', 'posted'],
  );
});

test('FLORIN_TELLER_LIMIT takes whole major units, of a currency', () => {
  const limitOf = (variables: Readonly<Record<string, string>>) => {
    const { currency, perTransactionMinor, perDayMinor } = readConfig(variables).tellerLimit;
    return [currency, perTransactionMinor, perDayMinor];
  };
  assert.deepEqual(limitOf({}), ['EUR', 1_000_000n, 3_000_000n]);
  assert.deepEqual(limitOf({ FLORIN_TELLER_LIMIT: '250' }), ['EUR', 25_000n, 75_000n]);
  assert.deepEqual(limitOf({ FLORIN_TELLER_LIMIT: '0' }), ['EUR', 0n, 0n]);
  assert.deepEqual(limitOf({ FLORIN_TELLER_LIMIT: '250 JPY', FLORIN_TELLER_DAY_LIMIT: '300' }), [
    'JPY',
    250n,
    300n,
  ]);
  assert.deepEqual(limitOf({ FLORIN_TELLER_DAY_LIMIT: '15000' }), ['EUR', 1_000_000n, 1_500_000n]);
  for (const wrong of ['-1', '1.5', '1e4', ' 1', '01', '9999999999999', 'none', '1 eur', '1 XYZ', '1EUR']) {
    assert.throws(() => readConfig({ FLORIN_TELLER_LIMIT: wrong }), ConfigError, wrong);
  }
  assert.throws(() => readConfig({ FLORIN_TELLER_DAY_LIMIT: '1 EUR' }), ConfigError);
});
