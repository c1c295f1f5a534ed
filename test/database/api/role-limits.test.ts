import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badFields, cash, created, DAY_MS, openApi, refused } from '#test/support/api.ts';
import { START_MS } from '#test/support/bank.ts';

const manager = await openApi();
const CODE = 'limit_requires_manager';

type Limits = {
  readonly set: readonly Record<string, unknown>[];
  readonly fallback: unknown;
  readonly businessDate: string;
};

const set = (currency: string, perTransaction: string | null, perDay: string | null, fields = {}) =>
  manager.raw(
    'PUT',
    '/v1/role-limits',
    JSON.stringify({ role: 'teller', currency, perTransaction, perDay, ...fields }),
  );
const list = async () => created(await manager.get<Limits>('/v1/role-limits'));

/** Asserts what a new teller may deposit at once, and that one unit more takes a manager. */
async function takes(currency: string, most: string, over: string): Promise<void> {
  const [teller, account] = [await manager.as('teller'), await manager.newAccount({ currency })];
  created(await teller.pay('/v1/deposits', cash(account, most)));
  refused(await teller.pay('/v1/deposits', cash(account, over)), 403, CODE);
}

test('a currency without a limit takes the strictest, and one with a limit takes that', async () => {
  await takes('USD', '10000.00', '10000.01');
  await takes('JPY', '10000', '10001');
  await takes('KWD', '1000.000', '1000.001');
  created(await set('JPY', '1500000', '4000000'));
  created(await set('KWD', '3000.000', null));
  await takes('JPY', '1500000', '1500001');
  await takes('KWD', '3000.000', '3000.001');
  await takes('EUR', '10000.00', '10000.01');
  created(await set('CHF', '500.00', '700.00'));
  await takes('USD', '500.00', '500.01');
  await takes('EUR', '10000.00', '10000.01');
  created(await set('CHF', null, null));
  const [teller, account] = [await manager.as('teller'), await manager.newAccount({ currency: 'CHF' })];
  created(await teller.pay('/v1/deposits', cash(account, '999999999999.99')));
  await takes('USD', '3000.00', '3000.01');
});

test('a limit counts from its date on, also for what was done before on that day', async () => {
  created(await set('GBP', '100.00', '150.00', { validFrom: '2026-01-15' }));
  const [teller, account] = [await manager.as('teller'), await manager.newAccount({ currency: 'GBP' })];
  const deposit = (amount: string) => teller.pay('/v1/deposits', cash(account, amount));
  created(await deposit('3000.00'));
  manager.bank.clock.setMs(START_MS + DAY_MS);
  refused(await deposit('100.01'), 403, CODE);
  created(await deposit('100.00'));
  refused(await deposit('50.01'), 403, CODE);
  created(await set('GBP', '100.00', '99.00'));
  refused(await deposit('0.01'), 403, CODE);
  created(await set('GBP', '100.00', '150.00'));
  created(await deposit('50.00'));
  const gbp = (await list()).set.filter(({ currency }) => currency === 'GBP');
  assert.deepEqual(
    gbp.map(({ validFrom, perDay }) => [validFrom, perDay]),
    [['2026-01-15', '150.00']],
  );
});

test('limits are listed with what counts where none is set', async () => {
  const { set: limits, fallback, businessDate } = await list();
  assert.deepEqual(fallback, { currency: 'EUR', perTransaction: '10000.00', perDay: '30000.00' });
  assert.equal(businessDate, '2026-01-15');
  const [yen] = limits.filter(({ currency }) => currency === 'JPY');
  assert.match(String(yen?.setBy), /^usr_/);
  const { setBy: _, ...shown } = yen ?? {};
  assert.deepEqual(shown, {
    role: 'teller',
    currency: 'JPY',
    perTransaction: '1500000',
    perDay: '4000000',
    validFrom: '2026-01-14',
  });
});

test('a bad limit is refused with its field, and a teller sets none', async () => {
  const teller = await manager.as('teller');
  await teller.get('/v1/role-limits');
  await manager.leavesNothing(async () => {
    assert.deepEqual(badFields(await set('EUR', '0.001', null), 'invalid_amount'), ['perTransaction']);
    assert.deepEqual(badFields(await set('EUR', '1', '1000000000000'), 'invalid_amount'), ['perDay']);
    assert.deepEqual(badFields(await set('XYZ', '1', '1')), ['currency']);
    assert.deepEqual(badFields(await set('EUR', '1', '1', { role: 'manager' })), ['role']);
    assert.deepEqual(badFields(await set('EUR', '1', '1', { validFrom: '2026-01-14' })), ['validFrom']);
    assert.deepEqual(badFields(await set('EUR', '1', '1', { validFrom: '2026-02-30' })), ['validFrom']);
    const body = JSON.stringify({ role: 'teller', currency: 'EUR', perTransaction: null, perDay: null });
    refused(await teller.raw('PUT', '/v1/role-limits', body), 403, 'forbidden');
  });
});
