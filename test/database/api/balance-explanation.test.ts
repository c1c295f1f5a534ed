import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BalanceExplanation } from '#bank/balance-explanation/schemas.ts';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { HoldView } from '#features/holds/schemas.ts';
import type { ApiKeyView } from '#identity/api-keys/contract.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, created, DAY_MS, openApi, refused, type TestApi } from '#test/support/api.ts';
import { START_MS } from '#test/support/bank.ts';

const api = await openApi();

/** Asks, and holds every answer to its own sums, to the cent. */
async function explain({ id }: { readonly id: string }, asOf?: string, by: TestApi = api) {
  const query = asOf === undefined ? '' : `?asOf=${encodeURIComponent(asOf)}`;
  const told = created(await by.get<BalanceExplanation>(`/v1/accounts/${id}/balance/explain${query}`));
  const { booked, held, overdraft, available } = told;
  const lines = booked.lines.reduce((sum, { amount }) => sum + cents(amount), cents(booked.before));
  assert.equal(lines, cents(booked.amount), 'the lines add up to what is booked');
  if (held !== null && overdraft !== null) {
    const parts = [
      held.unlisted,
      ...held.holds.map((hold) => hold.remainingAmount),
      ...held.attachments.map((order) => order.heldAmount),
    ];
    assert.equal(
      parts.reduce((sum, part) => sum + cents(part), 0),
      cents(held.amount),
      'the holds add up to what is held',
    );
    assert.equal(cents(booked.amount) - cents(held.amount) + cents(overdraft.arranged), cents(available));
  }
  return told;
}

const cents = (amount: string | null): number => Math.round(Number(amount) * 100);

const hold = async (account: AccountView, amount: string) =>
  created(await api.pay<HoldView>('/v1/holds', { accountId: account.id, amount, currency: 'EUR' }));

test('an account without a line has nothing to explain', async () => {
  const { booked, held, overdraft, available, asOf } = await explain(await api.newAccount());
  assert.deepEqual(booked, { amount: '0.00', lineCount: 0, before: '0.00', lines: [] });
  assert.deepEqual(held, { amount: '0.00', holds: [], attachments: [], unlisted: '0.00' });
  assert.deepEqual([overdraft?.arranged, available, asOf], ['0.00', '0.00', null]);
});

test('a balance is explained by its newest lines, what is held of it, and the overdraft', async () => {
  const account = await api.newAccount({ balance: '100.00', overdraftLimit: '50.00' });
  for (let line = 0; line < 24; line++) await api.withdraw(account, '1.00');
  const placed = await hold(account, '30.00');
  await hold(account, '60.00');
  created(await api.pay(`/v1/holds/${placed.id}/capture`, { amount: '10.00', final: false }));
  const { booked, held, overdraft, available } = await explain(account);
  assert.deepEqual([booked.amount, booked.lineCount, booked.lines.length], ['66.00', 26, 20]);
  assert.equal(booked.before, '95.00');
  assert.deepEqual(
    [held?.amount, held?.holds.map(({ remainingAmount }) => remainingAmount)],
    ['80.00', ['60.00', '20.00']],
  );
  assert.deepEqual(overdraft, { arranged: '50.00', used: '14.00', unarranged: '0.00' });
  assert.equal(available, '36.00');
  created(await api.pay(`/v1/holds/${placed.id}/release`, {}));
  assert.equal((await explain(account)).held?.holds.length, 1, 'what was released holds nothing');
});

test('what is below the arranged overdraft is shown as nobody’s arrangement', async () => {
  const account = await api.newAccount({ overdraftLimit: '20.00' });
  const credit = await api.transfer(await api.newAccount({ balance: '100.00' }), account, '100.00');
  await api.withdraw(account, '95.00');
  const overdraw = { reason: 'wrong payee', overdrawReason: 'spent by the payee, case 12' };
  created(await api.pay(`/v1/transactions/${credit.id}/reverse`, overdraw));
  const { overdraft, available } = await explain(account);
  assert.deepEqual(overdraft, { arranged: '20.00', used: '20.00', unarranged: '75.00' });
  assert.equal(available, '-75.00');
});

test('of an earlier date or instant what was booked is explained; what was held then is not kept', async () => {
  const account = await api.newAccount({ balance: '10.00' });
  api.bank.clock.setMs(START_MS + 2 * DAY_MS);
  await api.deposit(account, '5.00');
  await hold(account, '3.00');
  for (const asOf of ['2026-01-14', '2026-01-15', '2026-01-16T11:00:00Z']) {
    const { booked, held, overdraft, available, ...told } = await explain(account, asOf);
    assert.equal(told.asOf, asOf);
    assert.deepEqual([booked.amount, booked.lineCount, booked.lines.length], ['10.00', 1, 1]);
    assert.deepEqual([held, overdraft, available], [null, null, null]);
  }
  assert.equal((await explain(account, '2026-01-13')).booked.lineCount, 0);
  assert.equal((await explain(account, '2026-01-16')).booked.amount, '15.00');
  for (const asOf of ['', 'today', '2026-02-30', '2099-01-01']) {
    const answer = await api.get(`/v1/accounts/${account.id}/balance/explain?asOf=${asOf}`);
    assert.deepEqual(badFields(answer), ['asOf']);
  }
});

test('a caller is shown the parts that it may list, and the sum of the others', async () => {
  const customerId = (await api.newCustomer()).id;
  const account = await api.newAccount({ customerId, balance: '100.00' });
  await hold(account, '10.00');
  const order = { accountId: account.id, currency: 'EUR', reasonCode: 'tax', legalReference: 'FA 12/26' };
  created(await api.pay('/v1/attachments', { ...order, amount: '40.00' }));
  const teller = await api.as('teller');
  const owner = await api.as('customer', fromTypeId('customer', customerId));
  const partsFor = async (by: TestApi) => {
    const { booked, held } = await explain(account, undefined, by);
    return [booked.lines.length, held?.holds.length, held?.attachments.length, held?.unlisted];
  };
  assert.deepEqual(await partsFor(api), [1, 1, 1, '0.00']);
  assert.deepEqual(await partsFor(await api.as('auditor')), [1, 1, 1, '0.00']);
  assert.deepEqual(await partsFor(teller), [1, 1, 0, '40.00']);
  assert.deepEqual(await partsFor(owner), [1, 1, 0, '40.00']);
  const admin = await api.as('admin');
  const withScopes = async (...scopes: string[]) => {
    const key = created(
      await admin.post<ApiKeyView & { token: string }>('/v1/api-keys', { name: 'A key', scopes }),
    );
    return api.withToken(() => Promise.resolve(key.token));
  };
  assert.deepEqual(await partsFor(await withScopes('accounts:read')), [0, 0, 0, '50.00']);
  const all = await withScopes('accounts:read', 'transactions:read', 'holds:read');
  assert.deepEqual(await partsFor(all), [1, 1, 0, '40.00']);
  const stranger = await api.as('customer', fromTypeId('customer', (await api.newCustomer()).id));
  refused(await stranger.get(`/v1/accounts/${account.id}/balance/explain`), 404, 'not_found');
});

test('the parts add up while money moves', async () => {
  const account = await api.newAccount({ balance: '1000.00', overdraftLimit: '100.00' });
  const other = await api.newAccount({ balance: '1000.00' });
  let isMoving = true;
  const moving = Array.from({ length: 6 }, async (_, index) => {
    while (isMoving) {
      if (index % 3 === 0) await api.transfer(account, other, '1.00');
      else if (index % 3 === 1) await api.transfer(other, account, '1.00');
      else await hold(account, '0.01');
    }
  });
  const seen = new Set<string>();
  try {
    for (let read = 0; read < 60; read++) {
      const { booked, held } = await explain(account);
      seen.add(`${booked.lineCount} ${held?.amount}`);
    }
  } finally {
    isMoving = false;
    await Promise.all(moving);
  }
  assert.ok(seen.size > 10, 'money moved between the reads');
});
