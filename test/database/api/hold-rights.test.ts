import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HoldView } from '#features/holds/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { type Answer, created, openApi, type Page, refused, type TestApi } from '#test/support/api.ts';

const bank = await openApi();

async function newUser(): Promise<{ id: string; api: TestApi }> {
  const { id } = await bank.newCustomer();
  return { id, api: await bank.as('customer', fromTypeId('customer', id)) };
}

const [owner, joint, authorised, stranger] = [
  await newUser(),
  await newUser(),
  await newUser(),
  await newUser(),
];
const account = await bank.newAccount({ customerId: owner.id, balance: '1000.00' });
const theirs = await bank.newAccount({ customerId: stranger.id, balance: '100.00' });
for (const [{ id: customerId }, role] of [
  [joint, 'joint'],
  [authorised, 'authorised'],
] as const) {
  created(await bank.post(`/v1/accounts/${account.id}/holders`, { customerId, role }));
}

const body = { accountId: account.id, amount: '10.00', currency: 'EUR' };
const place = (api: TestApi) => api.pay<HoldView>('/v1/holds', body);
const capture = (api: TestApi, { id }: HoldView, fields = {}) =>
  api.pay<HoldView>(`/v1/holds/${id}/capture`, fields);
const release = (api: TestApi, { id }: HoldView) => api.post<HoldView>(`/v1/holds/${id}/release`, {});

test('every holder sets money aside and ends what holders set aside', async () => {
  const holders = [owner, joint, authorised];
  for (const [index, { api }] of holders.entries()) {
    const [one, other] = [created(await place(api)), created(await place(api))];
    assert.equal(one.placedBy, 'holder');
    const next = holders[(index + 1) % 3]!.api;
    assert.equal(created(await capture(next, one, { toAccountId: theirs.id })).status, 'captured');
    assert.equal(created(await release(next, other)).status, 'released');
  }
});

test('what the bank set aside a holder sees and cannot end', async () => {
  const hold = created(await place(bank));
  assert.equal(hold.placedBy, 'bank');
  for (const { api } of [owner, joint, authorised]) {
    assert.equal(created(await api.get<HoldView>(`/v1/holds/${hold.id}`)).id, hold.id);
    await bank.leavesNothing(async () => {
      refused(await release(api, hold), 403, 'forbidden');
      refused(await capture(api, hold, { toAccountId: theirs.id }), 403, 'forbidden');
    });
  }
  created(await release(bank, hold));
});

test('holds on what others hold are as if they were not there', async () => {
  const hold = created(await place(owner.api));
  const absent = `hold_${'0'.repeat(26)}`;
  const calls = (id: string): (() => Promise<Answer>)[] => [
    () => stranger.api.get(`/v1/holds/${id}`),
    () => stranger.api.post(`/v1/holds/${id}/release`, {}),
    () => stranger.api.pay(`/v1/holds/${id}/capture`, {}),
    () => stranger.api.pay(`/v1/holds/${id}/capture`, { amount: '1000000.00', toAccountId: theirs.id }),
  ];
  await bank.leavesNothing(async () => {
    for (const call of [...calls(hold.id), ...calls(absent)]) refused(await call(), 404, 'not_found');
    refused(await place(stranger.api), 404, 'not_found');
  });
  const seen = async ({ api }: { api: TestApi }) =>
    created(await api.get<Page<HoldView>>(`/v1/holds?accountId=${account.id}&status=active`)).data.map(
      ({ id }) => id,
    );
  assert.deepEqual(await seen(stranger), []);
  assert.deepEqual(await seen(authorised), [hold.id]);
  created(await release(owner.api, hold));
});

test('who holds the account no longer has no say about its holds', async () => {
  const guest = await newUser();
  const holders = `/v1/accounts/${account.id}/holders`;
  created(await bank.post(holders, { customerId: guest.id, role: 'authorised' }));
  const hold = created(await place(guest.api));
  created(await bank.delete(`${holders}?customerId=${guest.id}`));
  refused(await release(guest.api, hold), 404, 'not_found');
  created(await release(owner.api, hold));
});

test('a teller sets aside and captures up to the limit of a teller', async () => {
  const teller = await bank.as('teller');
  const rich = await bank.newAccount({ balance: '50000.00' });
  const hold = (amount: string, api: TestApi) =>
    api.pay<HoldView>('/v1/holds', { ...body, accountId: rich.id, amount });
  created(await hold('10000.00', teller));
  await bank.leavesNothing(async () => {
    refused(await hold('10000.01', teller), 403, 'limit_requires_manager');
  });
  const large = created(await hold('20000.00', bank));
  await bank.leavesNothing(async () => refused(await capture(teller, large), 403, 'limit_requires_manager'));
  created(await capture(teller, large, { amount: '10000.00' }));
});

test('the books verify', () => bank.assertVerified());
