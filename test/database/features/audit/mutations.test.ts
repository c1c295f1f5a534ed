import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { newId, randomIds, toTypeId } from '#lib/ids.ts';
import { cash, created, openApi, refused } from '#test/support/api.ts';
import { TEST_CALLER as TEST } from '#test/support/bank.ts';

const api = await openApi();
const account = await api.newAccount({ balance: '100.00' });
const other = await api.newAccount();

type Row = {
  operation: string;
  resource_type: string;
  resource_id: string;
  role: string;
  actor: string;
  address: string;
  request_id: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};

/** What the audit trail says of a resource, oldest first. */
function rowsOf(resourceId: string): Promise<Row[]> {
  return api.asOwner<Row>(
    `select operation, resource_type, resource_id, role, actor, address, request_id, before, after from audit_log
     where resource_id = '${resourceId}' order by audit_id`,
  );
}

/** The fields as the trail has them in clear, and whether there are sealed ones beside them. */
function inClear(fields: Record<string, unknown> | null) {
  if (fields === null) return null;
  const { personal, ...rest } = fields;
  return personal === undefined ? rest : { ...rest, personal: 'sealed' };
}

test('every change of an account is recorded with what was before and after', async () => {
  const one = await api.newAccount();
  const path = `/v1/accounts/${one.id}`;
  const { headers } = await api.get(path);
  created(await api.patch(path, { overdraftLimit: '50.00', externalId: 'E1' }, headers.get('etag') ?? ''));
  created(await api.post(`${path}/freeze`, { reason: 'a dispute' }));
  created(await api.post(`${path}/unfreeze`, { reason: 'settled' }));
  const { id: customerId } = await api.newCustomer();
  created(await api.post<AccountView>(`${path}/holders`, { customerId, role: 'joint' }));
  created(await api.delete(`${path}/holders?customerId=${customerId}`));
  created(await api.post(`${path}/close`, { reason: 'moving away' }));
  const rows = await rowsOf(one.id);
  const personal = 'sealed';
  const held = { accountId: one.id, customerId, role: 'joint' };
  assert.deepEqual(
    rows.map(({ operation, resource_type, before, after }) => [
      operation,
      resource_type,
      inClear(before),
      inClear(after),
    ]),
    [
      [
        'openAccount',
        'account',
        null,
        { customerId: one.customerId, product: 'current', currency: 'EUR', status: 'active', version: 1 },
      ],
      ['changeAccount', 'account', { version: 1, personal }, { version: 2, personal }],
      [
        'freezeAccount',
        'account',
        { status: 'active', frozen: null, version: 2, personal },
        { status: 'frozen', frozen: 'all', version: 3, personal },
      ],
      [
        'unfreezeAccount',
        'account',
        { status: 'frozen', frozen: 'all', version: 3, personal },
        { status: 'active', frozen: null, version: 4, personal },
      ],
      ['addHolder', 'account_holder', null, held],
      ['removeHolder', 'account_holder', held, null],
      [
        'closeAccount',
        'account',
        { status: 'active', version: 6, personal },
        { status: 'closed', version: 7, personal },
      ],
    ],
  );
  for (const row of rows) {
    assert.equal(row.role, 'manager');
    assert.match(row.actor, /^usr_/);
    assert.equal(row.address, '127.0.0.1');
    assert.match(row.request_id, /^req_[0-9a-f]{32}$/);
  }
});

test('every movement of money is recorded once, and a repeated one not again', async () => {
  const deposit = created(await api.pay('/v1/deposits', cash(account, '10.00'), 'audited'));
  created(await api.pay('/v1/deposits', cash(account, '10.00'), 'audited'));
  const transfer = await api.transfer(account, other, '5.00');
  const withdrawal = await api.withdraw(account, '1.00');
  const sealed = { personal: 'sealed' };
  const reversal = created(await api.pay(`/v1/transactions/${transfer.id}/reverse`, { reason: 'a mistake' }));
  for (const [id, operation] of [
    [deposit.id, 'deposit'],
    [transfer.id, 'transfer'],
    [withdrawal.id, 'withdraw'],
    [reversal.id, 'reverseTransaction'],
  ] as const) {
    const rows = await rowsOf(id);
    assert.deepEqual(
      rows.map((row) => [row.operation, row.resource_type, row.role, row.before, inClear(row.after)]),
      [[operation, 'transaction', 'manager', null, operation === 'reverseTransaction' ? sealed : null]],
    );
  }
});

test('a batch is one act', async () => {
  const item = { type: 'deposit', accountId: account.id, mode: 'cash', amount: '1.00', currency: 'EUR' };
  const body = { mode: 'independent', items: [item, { ...item, currency: 'USD' }] };
  const { id } = created(await api.pay<{ id: string }>('/v1/transactions/batch', body));
  const rows = await rowsOf(id);
  assert.deepEqual(
    rows.map(({ operation, after }) => [operation, after]),
    [['postBatch', { mode: 'independent', itemCount: 2, postedCount: 1 }]],
  );
});

test('users and keys are recorded with who made them, without a secret', async () => {
  const { users, apiKeys } = api.bank;
  const details = { email: 'zoe@florin.example', name: 'Zoe', role: 'teller' } as const;
  const { id } = await users.create(TEST, details, 'violet anchors drift slowly');
  await users.change(TEST, id, 1, { role: 'manager' });
  await users.disable(TEST, id);
  const user = { ...details, status: 'active', version: 1 };
  assert.deepEqual(
    (await rowsOf(toTypeId('user', id))).map(({ operation, before, after }) => [operation, before, after]),
    [
      ['createUser', null, user],
      ['changeUser', { role: 'teller', version: 1 }, { role: 'manager', version: 2 }],
      ['disableUser', { status: 'active', version: 2 }, { status: 'disabled', version: 3 }],
    ],
  );
  const expiresAtMs = Date.parse('2026-06-30T00:00:00Z');
  const { key } = await apiKeys.create(TEST, { name: 'payroll', scopes: ['accounts:read'], expiresAtMs });
  await apiKeys.revoke(TEST, key.state.id);
  // Nothing is left to be done, and nothing is recorded.
  await apiKeys.revoke(TEST, key.state.id);
  const rows = await rowsOf(toTypeId('apiKey', key.state.id));
  assert.deepEqual(
    rows.map(({ operation, after }) => [operation, after]),
    [
      [
        'createApiKey',
        {
          name: 'payroll',
          prefix: key.state.prefix,
          clientId: toTypeId('apiKey', key.state.id),
          scopes: ['accounts:read'],
          expiresAt: '2026-06-30T00:00:00.000Z',
        },
      ],
      ['revokeApiKey', { revokedAt: '2026-01-14T12:00:00.000Z' }],
    ],
  );
});

test('what is refused is not recorded as done', async () => {
  await api.leavesNothing(async () => {
    refused(await api.pay('/v1/withdrawals', cash(account, '99999.00')), 422, 'insufficient_funds');
    refused(await api.post(`/v1/accounts/${account.id}/close`, { reason: 'x' }), 409, 'account_not_empty');
  });
});

test('when the record cannot be written, nothing was done', async () => {
  // The one text of a caller that the table may refuse.
  const caller = { actor: '', role: 'operator' } as const;
  const { accounts, transactions, bank } = { ...api.bank, bank: api.bank };
  const id = await bank.newAccount({ balanceMinor: 100n });
  const key = toTypeId('transaction', newId(randomIds, 'transaction'));
  await api.leavesNothing(async () => {
    await assert.rejects(accounts.freeze(caller, id, { reason: 'x' }), /audit_log_actor_check/);
    await assert.rejects(
      transactions.deposit({
        caller: { ...TEST, address: 'x'.repeat(201) },
        idempotencyKey: key,
        accountId: id,
        amountMinor: 1n,
        currency: 'EUR' as never,
        mode: 'cash',
      }),
      /audit_log_address_check/,
    );
  });
});
