import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustomerView } from '#features/customers/schemas.ts';
import { badFields, created, move, openApi, person } from '#test/support/api.ts';

const api = await openApi();
const HIDDEN = '\u202e\u2066\u200b\u00ad\ufeff\u{e0041}';

test('what cannot be seen is dropped from every text of a customer', async () => {
  const body = person({
    givenName: `An${HIDDEN}na`,
    familyName: `Som${HIDDEN}mer\u2028Berg`,
    externalId: `crm${HIDDEN}-1`,
    email: `anna${HIDDEN}.sommer@example.com`,
    metadata: { note: `a${HIDDEN}b` },
  });
  const customer = created(await api.post<CustomerView>('/v1/customers', body));
  assert.equal(customer.givenName, 'Anna');
  assert.equal(customer.familyName, 'Sommer Berg');
  assert.equal(customer.externalId, 'crm-1');
  assert.equal(customer.email, 'anna.sommer@example.com');
  assert.deepEqual(customer.metadata, { note: 'ab' });
  const found = await api.get<{ data: CustomerView[] }>(
    `/v1/customers?externalId=${encodeURIComponent(`crm${HIDDEN}-1`)}`,
  );
  assert.deepEqual(
    found.body.data.map(({ id }) => id),
    [customer.id],
  );
});

test('payees and references lose it too, and a repeat that has it is the same request', async () => {
  const [account, payee] = [await api.newAccount({ balance: '10.00' }), await api.newAccount()];
  const pay = (reference: string) =>
    api.pay('/v1/transfers', move(account, payee, '1.00', { reference }), 'once');
  const first = created(await pay(`in\u202evoice ${HIDDEN}1`));
  assert.equal(first.reference, 'invoice 1');
  assert.equal(created(await pay('invoice 1')).id, first.id);
});

test('a name made of nothing that can be seen is refused, and so is a control character in metadata', async () => {
  const create = (fields: Record<string, unknown>) => api.post('/v1/customers', person(fields));
  assert.deepEqual(badFields(await create({ givenName: HIDDEN })), ['givenName']);
  assert.deepEqual(badFields(await create({ metadata: { a: 'x\u001by' } })), ['metadata.a']);
  const answer = await create({ metadata: { [`a${HIDDEN}`]: 'x' } });
  assert.equal(answer.status, 400, answer.text);
});
