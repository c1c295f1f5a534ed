import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { StandingOrderView } from '#features/standing-orders/schemas.ts';
import {
  type Answer,
  cash,
  created,
  DAY_MS,
  move,
  openApi,
  type Problem,
  refused,
} from '#test/support/api.ts';
import { START_MS } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

const manager = await openApi();
const account = await manager.newAccount({ balance: '100000.00' });
const other = await manager.newAccount();
const CODE = 'limit_requires_manager';

type Refusal = Problem & { limit: string; limitAmount: string; left: string; currency: string };

/** Asserts that it takes a manager, and what the problem says of the limit. */
function above(answer: Answer, ...expected: [limit: string, limitAmount: string, left: string]): void {
  const { limit, limitAmount, left } = refused(answer, 403, CODE) as Refusal;
  assert.deepEqual([limit, limitAmount, left], expected);
}

const ONCE = ['perTransaction', '10000.00', '10000.00'] as const;
const order = (amount: string) => ({
  fromAccountId: account.id,
  toAccountId: other.id,
  amount,
  currency: 'EUR',
  frequency: 'weekly',
  startDate: '2026-02-01',
});

test('a teller gives no standing order above the limit, and raises none to it', async () => {
  const teller = await manager.as('teller');
  await manager.leavesNothing(async () =>
    above(await teller.pay('/v1/standing-orders', order('400000.00')), ...ONCE),
  );
  const given = await teller.pay<StandingOrderView>('/v1/standing-orders', order('10000.00'));
  const { id } = created(given);
  const path = `/v1/standing-orders/${id}`;
  await manager.leavesNothing(async () =>
    above(await teller.patch(path, { amount: '10000.01' }, '*'), ...ONCE),
  );
  created(await manager.patch(path, { amount: '400000.00' }, '*'));
  created(await teller.patch(path, { status: 'paused' }, '*'));
  above(await teller.patch(path, { status: 'active' }, '*'), ...ONCE);
  created(await teller.pay(`${path}/cancel`, {}));
});

test('an overdraft is a manager’s, at the opening of an account as after it', async () => {
  const teller = await manager.as('teller');
  const { id: customerId } = await manager.newCustomer();
  const body = { customerId, product: 'current', currency: 'EUR' };
  for (const overdraftLimit of ['1000000.00', '0.01']) {
    await manager.leavesNothing(async () =>
      above(await teller.post('/v1/accounts', { ...body, overdraftLimit }), 'overdraft', '0.00', '0.00'),
    );
  }
  created(await teller.post('/v1/accounts', { ...body, overdraftLimit: '0' }));
  const opened = created(await teller.post<AccountView>('/v1/accounts', body));
  created(await manager.post('/v1/accounts', { ...body, overdraftLimit: '1000000.00' }));
  refused(await teller.patch(`/v1/accounts/${opened.id}`, { overdraftLimit: '0.01' }, '*'), 403, 'forbidden');
});

test('a hold, a capture and a loan that is applied for are held to the limit', async () => {
  const teller = await manager.as('teller');
  const hold = (amount: string) => ({ accountId: account.id, amount, currency: 'EUR' });
  above(await teller.pay('/v1/holds', hold('10000.01')), ...ONCE);
  created(await teller.pay('/v1/holds', hold('1.00')));
  const lending = new Lending(manager);
  const { id: productId } = await lending.newProduct();
  const apply = (amount: string) => new Lending(teller).applyTo(account, productId, { amount });
  await manager.leavesNothing(async () => above(await apply('10000.01'), ...ONCE));
  created(await apply('10000.00'));
  created(await lending.applyTo(account, productId, { amount: '10000.01' }));
});

test('five deposits of 10,000 in a row are more than a teller’s day', async () => {
  const teller = await manager.as('teller');
  const deposit = (amount: string, key?: string) => teller.pay('/v1/deposits', cash(account, amount), key);
  created(await deposit('10000.00', 'first-of-day'));
  refused(await teller.pay('/v1/withdrawals', cash(other, '9000.00')), 422, 'insufficient_funds');
  created(await deposit('10000.00'));
  created(await deposit('9999.99'));
  await manager.leavesNothing(async () => above(await deposit('10000.00'), 'perDay', '30000.00', '0.01'));
  await manager.leavesNothing(async () =>
    above(
      await teller.pay('/v1/holds', { accountId: account.id, amount: '0.02', currency: 'EUR' }),
      'perDay',
      '30000.00',
      '0.01',
    ),
  );
  created(await deposit('0.01'));
  const again = await deposit('10000.00', 'first-of-day');
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  created(await (await manager.as('teller')).pay('/v1/deposits', cash(account, '10000.00')));
  manager.bank.clock.setMs(START_MS + DAY_MS);
  created(await deposit('10000.00'));
});

test('a teller reverses their own entry of the same day, and has it back', async () => {
  const [teller, colleague] = [await manager.as('teller'), await manager.as('teller')];
  const deposit = async (amount: string) => created(await teller.pay('/v1/deposits', cash(account, amount)));
  const reverse = (api: typeof teller, id: string, key?: string) =>
    api.pay(`/v1/transactions/${id}/reverse`, { reason: 'Mistyped' }, key);
  const first = await deposit('10000.00');
  await deposit('10000.00');
  const third = await deposit('10000.00');
  refused(await reverse(colleague, first.id), 403, 'reversal_requires_manager');
  const undone = await reverse(teller, first.id, 'undo-first');
  assert.equal(created(undone).reverses, first.id);
  await deposit('10000.00');
  above(await teller.pay('/v1/deposits', cash(account, '0.01')), 'perDay', '30000.00', '0.00');
  const large = created(await manager.pay('/v1/deposits', cash(account, '10000.01')));
  above(await reverse(teller, large.id), ...ONCE);
  manager.bank.clock.setMs(START_MS + 2 * DAY_MS);
  refused(await reverse(teller, third.id), 403, 'reversal_requires_manager');
  const again = await reverse(teller, first.id, 'undo-first');
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  created(await reverse(manager, third.id));
});

test('moves between accounts count by their amount, and the books verify', async () => {
  const teller = await manager.as('teller');
  for (let times = 0; times < 3; times++)
    created(await teller.pay('/v1/transfers', move(account, other, '10000.00')));
  above(await teller.pay('/v1/transfers', move(account, other, '1.00')), 'perDay', '30000.00', '0.00');
  await manager.assertVerified();
});
