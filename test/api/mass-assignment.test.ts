import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestApi } from '#test/support/api.ts';
import { badFields, cash, created, move, openApi, person } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { readOperations } from './operations.ts';

/** What a caller would like to say about a resource, and may not. */
const EXTRA = { id: 'x', status: 'active', balance: '1000000.00', role: 'admin', bookId: 2, createdBy: 'me' };

const api = await openApi();
const admin = await api.as('admin');
const account = await api.newAccount({ balance: '100.00' });
const other = await api.newAccount();
const holder = await api.newCustomer();
const { id: transactionId } = await api.deposit(account, '1.00');
const customerId = await api.bank.newCustomer();
const { id: beneficiaryId } = created(
  await api.post<{ id: string }>(`/v1/customers/${holder.id}/beneficiaries`, {
    name: 'A',
    accountId: other.id,
  }),
);
const outside = {
  fromAccountId: account.id,
  toIban: 'DE89370400440532013000',
  amount: '1.00',
  currency: 'EUR',
};
const outgoing = created(await api.pay('/v1/transfers', outside));
const incoming = { externalReference: 'X', iban: 'DE28100100109999999999', amount: '1.00', currency: 'EUR' };
const unresolved = created(await api.pay<{ id: string }>('/v1/incoming-payments', incoming));
const user = (await admin.get<{ data: { id: string }[] }>('/v1/users?role=manager')).body.data[0]!;
const key = await admin.post<{ id: string }>('/v1/api-keys', { name: 'x', scopes: ['accounts:read'] });

type Write = {
  readonly id: string;
  readonly beneficiaryId?: string;
  readonly body: Record<string, unknown>;
  readonly by?: TestApi;
};

const password = 'violet anchors drift slowly';
const reason = 'asked for';

/** A body that each operation takes, and the id in its path. */
const WRITES: Readonly<Record<string, Write>> = {
  login: { id: '', body: { email: 'a@example.com', password } },
  refresh: { id: '', body: { refreshToken: 'x' } },
  logout: { id: '', body: {} },
  changeOwnPassword: { id: '', body: { oldPassword: password, newPassword: `${password} indeed` } },
  revokeOwnSession: { id: 'ses_01h455vb4pex5vsknk084sn02q', body: {} },
  enrolTotp: { id: '', body: {} },
  confirmTotp: { id: '', body: { code: '123456' } },
  removeTotp: { id: '', body: { password } },
  createCustomer: { id: '', body: person() },
  changeCustomer: { id: holder.id, body: { email: 'b@example.com' } },
  closeCustomer: { id: holder.id, body: {} },
  deleteCustomer: { id: holder.id, body: {} },
  createBeneficiary: { id: holder.id, body: { name: 'B', iban: 'DE89370400440532013000' } },
  changeBeneficiary: { id: holder.id, beneficiaryId, body: { name: 'C' } },
  deleteBeneficiary: { id: holder.id, beneficiaryId, body: {} },
  openAccount: { id: '', body: { customerId: holder.id, product: 'current', currency: 'EUR' } },
  changeAccount: { id: account.id, body: { overdraftLimit: '10.00' } },
  freezeAccount: { id: account.id, body: { reason } },
  unfreezeAccount: { id: account.id, body: { reason } },
  closeAccount: { id: other.id, body: { reason } },
  addHolder: { id: account.id, body: { customerId: holder.id, role: 'joint' } },
  removeHolder: { id: account.id, body: { customerId: holder.id } },
  deposit: { id: '', body: cash(account, '1.00') },
  withdraw: { id: '', body: cash(account, '1.00') },
  transfer: { id: '', body: move(account, other, '1.00') },
  reverseTransaction: { id: transactionId, body: { reason } },
  postBatch: {
    id: '',
    body: { mode: 'atomic', items: [{ type: 'transfer', ...move(account, other, '1.00') }] },
  },
  settleOutgoingPayment: { id: outgoing.id, body: {} },
  returnOutgoingPayment: { id: outgoing.id, body: { reason } },
  receivePayment: { id: '', body: { ...incoming, externalReference: 'Y' } },
  resolveIncomingPayment: { id: unresolved.id, body: { accountId: other.id } },
  returnIncomingPayment: { id: unresolved.id, body: { reason } },
  createUser: {
    id: '',
    body: { email: 'c@example.com', name: 'C', role: 'customer', customerId, password },
    by: admin,
  },
  changeUser: { id: user.id, body: { name: 'D' }, by: admin },
  disableUser: { id: user.id, body: {}, by: admin },
  createApiKey: { id: '', body: { name: 'y', scopes: ['accounts:read'] }, by: admin },
  revokeApiKey: { id: key.body.id, body: {}, by: admin },
};

const writes = (await readOperations(api)).filter(({ method }) => method !== 'GET');

test('every write is asked', () => {
  assert.deepEqual(writes.map(({ id }) => id).sort(), Object.keys(WRITES).sort());
});

describe('a field that is not the caller’s to say is refused, and nothing is changed:', () => {
  for (const { id: operation, method, path, takesBody, fields } of writes) {
    test(operation, async () => {
      const { id, body, by = api, beneficiaryId = '' } = WRITES[operation]!;
      const send = (whole: Record<string, unknown>) =>
        by.raw(
          method,
          path.replace('{id}', id).replace('{beneficiaryId}', beneficiaryId),
          JSON.stringify(whole),
          {
            'idempotency-key': newKey(),
            'if-match': '*',
          },
        );
      await api.leavesNothing(async () => {
        for (const [name, value] of Object.entries(EXTRA)) {
          if (fields.includes(name)) continue;
          assert.deepEqual(badFields(await send({ ...body, [name]: value })), [takesBody ? name : 'body']);
        }
      });
    });
  }

  test('an item of a batch', async () => {
    const { body } = WRITES.postBatch!;
    await api.leavesNothing(async () => {
      for (const [name, value] of Object.entries(EXTRA)) {
        const [item] = body.items as object[];
        const answer = await api.pay('/v1/transactions/batch', {
          ...body,
          items: [{ ...item, [name]: value }],
        });
        assert.match(badFields(answer).join(), new RegExp(`^items.0.{1,2}${name}$`));
      }
    });
  });
});
