import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustomerView } from '#features/customers/schemas.ts';
import { badFields, created, openApi, organisation, refused } from '#test/support/api.ts';

const api = await openApi();

const patch = (customer: CustomerView, body: Record<string, unknown>, etag: string | undefined = '"1"') =>
  api.patch<CustomerView>(`/v1/customers/${customer.id}`, body, etag);

test('a change takes the ETag that was read, and gives the next one', async () => {
  const customer = await api.newCustomer({ nationalId: 'N-1', externalId: 'E-1', metadata: { a: '1' } });
  const address = { line1: 'Rue 2', city: 'Paris', postalCode: '75001', country: 'FR' };
  const changes = { familyName: 'King', phone: '+33142685300', address, metadata: { b: '2' } };
  const first = await patch(customer, changes);
  assert.equal(first.status, 200);
  assert.equal(first.headers.get('etag'), '"2"');
  const { updatedAt, ...rest } = first.body;
  const { updatedAt: _, ...before } = customer;
  assert.deepEqual(rest, { ...before, ...changes });
  assert.ok(updatedAt >= customer.updatedAt);
  const second = await patch(customer, { givenName: 'Augusta' }, '"2"');
  assert.equal(second.headers.get('etag'), '"3"');
  assert.deepEqual((await api.get(`/v1/customers/${customer.id}`)).body, second.body);
});

test('without If-Match nothing changes: 428', async () => {
  const customer = await api.newCustomer();
  const answer = await api.leavesNothing(() =>
    api.patch(`/v1/customers/${customer.id}`, { givenName: 'Eve' }, undefined),
  );
  refused(answer, 428, 'precondition_required');
});

test('one of the tags in If-Match is enough', async () => {
  const customer = await api.newCustomer();
  created(await patch(customer, { givenName: 'Eve' }, '"77", "1"'));
  created(await patch(customer, { givenName: 'Ada' }, 'W/"2", "2"'));
});

for (const etag of [
  '"0"',
  '"2"',
  '"01"',
  'W/"1"',
  '1',
  '"77", "2"',
  'W/"1", "2"',
  'x',
  '"99999999999999999999"',
]) {
  test(`If-Match ${etag} at version 1 is stale: 412`, async () => {
    const customer = await api.newCustomer();
    const answer = await api.leavesNothing(() => patch(customer, { givenName: 'Eve' }, etag));
    refused(answer, 412, 'version_conflict');
  });
}

test('If-Match * takes whichever version there is', async () => {
  const customer = await api.newCustomer();
  await patch(customer, { givenName: 'One' });
  const answer = await patch(customer, { givenName: 'Two' }, '*');
  assert.equal(answer.body.givenName, 'Two');
  assert.equal(answer.headers.get('etag'), '"3"');
});

test('of two changes at once that read the same version, one is told of the conflict', async () => {
  const customer = await api.newCustomer();
  const answers = await Promise.all(['A', 'B', 'C', 'D'].map((givenName) => patch(customer, { givenName })));
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 412, 412, 412],
  );
});

test('null takes an optional detail away; what is not named stays', async () => {
  const customer = await api.newCustomer({ nationalId: 'N-2', externalId: 'E-2' });
  const first = created(await patch(customer, { nationalId: null }));
  assert.equal(first.nationalId, null);
  assert.equal(first.externalId, 'E-2');
  const second = created(await patch(customer, { externalId: null }, '"2"'));
  assert.equal(second.externalId, null);
  // What was taken away is free for another.
  assert.equal((await api.newCustomer({ nationalId: 'N-2' })).nationalId, 'N-2');
});

const REFUSED: [name: string, body: Record<string, unknown>, fields: string[]][] = [
  ['nothing', {}, ['body']],
  ['a bad e-mail', { email: 'nobody' }, ['email']],
  ['a bad phone', { phone: '123' }, ['phone']],
  ['half an address', { address: { city: 'Paris' } }, ['address.line1', 'address.country']],
  ['a birth date under age', { dateOfBirth: '2008-01-15' }, ['dateOfBirth']],
  ['an empty national id', { nationalId: '' }, ['nationalId']],
  ['a legal name for a person', { legalName: 'Ada GmbH' }, ['legalName']],
  ['the type', { type: 'organisation' }, ['type']],
  ['the id', { id: 'cus_01h455vb4pex5vsknk084sn02q' }, ['id']],
  ['the status', { status: 'closed' }, ['status']],
  ['the version', { version: 9 }, ['version']],
];
for (const [name, body, fields] of REFUSED) {
  test(`a change of ${name} is refused, naming the field`, async () => {
    const customer = await api.newCustomer();
    const answer = await api.leavesNothing(() => patch(customer, body));
    assert.deepEqual(badFields(answer), fields);
  });
}

test('an organisation takes no birth date', async () => {
  const customer = created(await api.post<CustomerView>('/v1/customers', organisation()));
  assert.deepEqual(badFields(await patch(customer, { dateOfBirth: '1990-01-01' })), ['dateOfBirth']);
});

test('a change to another customer’s national id is refused', async () => {
  await api.newCustomer({ nationalId: 'TAKEN' });
  const customer = await api.newCustomer();
  const answer = await api.leavesNothing(() => patch(customer, { nationalId: 'TAKEN' }));
  refused(answer, 409, 'customer_exists');
});

test('a customer without open accounts is closed, and for good', async () => {
  const account = await api.newAccount();
  const path = `/v1/customers/${account.customerId}`;
  const early = await api.leavesNothing(() => api.post(`${path}/close`, {}));
  refused(early, 409, 'customer_has_open_accounts');
  await api.post(`/v1/accounts/${account.id}/close`, { reason: 'moving' });
  const answer = await api.post<CustomerView>(`${path}/close`, {});
  assert.equal(answer.status, 200);
  assert.equal(answer.body.status, 'closed');
  assert.equal(answer.headers.get('etag'), '"2"');
  refused(await api.leavesNothing(() => api.post(`${path}/close`, {})), 409, 'customer_closed');
});

test('a customer with a frozen account is not closed', async () => {
  const account = await api.newAccount();
  await api.post(`/v1/accounts/${account.id}/freeze`, { reason: 'fraud' });
  refused(await api.post(`/v1/customers/${account.customerId}/close`, {}), 409, 'customer_has_open_accounts');
});

test('closing takes no body', async () => {
  const customer = await api.newCustomer();
  const answer = await api.post(`/v1/customers/${customer.id}/close`, { force: true });
  assert.deepEqual(badFields(answer), ['body']);
});

test('a closed customer is not changed, opens no account and holds none', async () => {
  const customer = await api.newCustomer();
  const account = await api.newAccount();
  await api.post(`/v1/customers/${customer.id}/close`, {});
  const refusals = [
    () => patch(customer, { givenName: 'Eve' }, '"2"'),
    () => api.post('/v1/accounts', { customerId: customer.id, product: 'current', currency: 'EUR' }),
    () => api.post(`/v1/accounts/${account.id}/holders`, { customerId: customer.id, role: 'joint' }),
  ];
  for (const refusal of refusals) refused(await api.leavesNothing(refusal), 409, 'customer_closed');
  const read = await api.get<CustomerView>(`/v1/customers/${customer.id}`);
  assert.equal(read.body.status, 'closed');
});
