import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BeneficiaryView } from '#features/beneficiaries/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, created, openApi, type Problem, refused } from '#test/support/api.ts';

const api = await openApi();
const payee = await api.newAccount();

const FOREIGN = 'DE89370400440532013000';

async function newOwner() {
  const customer = await api.newCustomer();
  const path = `/v1/customers/${customer.id}/beneficiaries`;
  const add = (fields: Record<string, unknown>) =>
    api.post<BeneficiaryView>(path, { name: 'Bäckerei Sommer', ...fields });
  return { customer, path, add };
}

test('a beneficiary is added by IBAN, is cooling off for a day, and is usable from then on', async () => {
  const { customer, path, add } = await newOwner();
  const answer = await add({ iban: FOREIGN, nickname: 'Bread' });
  const added = created(answer);
  assert.equal(answer.headers.get('location'), `${path}/${added.id}`);
  assert.deepEqual(added, {
    id: added.id,
    customerId: customer.id,
    name: 'Bäckerei Sommer',
    nickname: 'Bread',
    iban: FOREIGN,
    account: { type: 'iban', iban: FOREIGN },
    accountId: null,
    currency: null,
    limitPerDay: null,
    status: 'cooling_off',
    usableFrom: '2026-01-15T12:00:00.000Z',
    externalId: null,
    metadata: {},
    createdAt: '2026-01-14T12:00:00.000Z',
    updatedAt: '2026-01-14T12:00:00.000Z',
  });
  const startMs = api.bank.clock.nowMs();
  api.bank.clock.setMs(startMs + 86_399_999);
  assert.equal(created(await api.get<BeneficiaryView>(`${path}/${added.id}`)).status, 'cooling_off');
  api.bank.clock.setMs(startMs + 86_400_000);
  assert.equal(created(await api.get<BeneficiaryView>(`${path}/${added.id}`)).status, 'active');
  api.bank.clock.setMs(startMs);
});

test('how long a beneficiary cools off is the book’s to say', async () => {
  const { add } = await newOwner();
  await api.asOwner('update books set beneficiary_cooling_off_hours = 2');
  assert.equal(created(await add({ iban: FOREIGN })).usableFrom, '2026-01-14T14:00:00.000Z');
  await api.asOwner('update books set beneficiary_cooling_off_hours = 0');
  assert.equal(created(await add({ iban: payee.iban })).status, 'active');
  await api.asOwner('update books set beneficiary_cooling_off_hours = 24');
});

test('one payee is one beneficiary of a customer, however it is written, by IBAN or by account', async () => {
  const { add } = await newOwner();
  const first = created(await add({ accountId: payee.id }));
  assert.equal(first.iban, payee.iban);
  assert.equal(first.accountId, payee.id);
  assert.equal(first.currency, 'EUR');
  created(await add({ iban: FOREIGN }));
  const again = [
    { accountId: payee.id },
    { iban: payee.iban },
    { iban: ` ${payee.iban.replaceAll(/(.{4})/g, '$1 ')}` },
    { iban: 'de89 3704 0044 0532 0130 00' },
    { iban: 'DE89\u200b3704\u200c0044\u200d0532\ufeff0130\u206000' },
    { iban: 'ＤＥ８９３７０４００４４０５３２０１３０００' },
    { iban: 'DE89\u00a03704\u20090044-0532-0130-00', name: 'Somebody else' },
  ];
  await api.leavesNothing(async () => {
    for (const fields of again) {
      const { errors } = refused(await add(fields), 409, 'beneficiary_exists');
      assert.deepEqual(
        errors?.map(({ path, message }) => [path, message]),
        [['accountId' in fields ? 'accountId' : 'iban', 'belongs to another beneficiary']],
      );
    }
  });
  const other = await newOwner();
  created(await other.add({ iban: FOREIGN }));
});

test('what is no IBAN is refused with what is wrong about it, and nothing is written', async () => {
  const { path, add } = await newOwner();
  const faults: [iban: string, message: string][] = [
    ['DE88370400440532013000', 'must be a valid IBAN: the check digits are wrong'],
    ['DE8937040044053201300', 'must be a valid IBAN: one of DE has 22 characters'],
    ['XX89370400440532013000', 'must be a valid IBAN: it begins with no country that has IBANs'],
    ['DE8937040044053201300O', 'must be a valid IBAN: the check digits are wrong'],
    ['', 'must be a valid IBAN'],
    ['Ｄ€89', 'must be a valid IBAN'],
  ];
  await api.leavesNothing(async () => {
    for (const [iban, message] of faults) {
      const { errors } = refused(await add({ iban }), 400, 'validation_failed');
      assert.deepEqual(
        errors?.map((error) => [error.path, error.message]),
        [['iban', message]],
        iban,
      );
    }
    assert.deepEqual(badFields(await add({})), ['iban']);
    assert.deepEqual(badFields(await add({ iban: FOREIGN, accountId: payee.id })), ['iban']);
    assert.deepEqual(badFields(await add({ iban: FOREIGN, name: '\u200b ' })), ['name']);
    assert.deepEqual(badFields(await add({ iban: FOREIGN, name: 'x'.repeat(141) })), ['name']);
    assert.deepEqual(badFields(await add({ iban: FOREIGN, nickname: ' ' })), ['nickname']);
    assert.deepEqual(badFields(await add({ iban: FOREIGN, currency: 'XXX' })), ['currency']);
    assert.deepEqual(badFields(await add({ iban: payee.iban, currency: 'USD' })), ['currency']);
    refused(await add({ iban: 'DE28100100109999999999' }), 422, 'unknown_payee');
    refused(await add({ accountId: 'acc_01h455vb4pex5vsknk084sn02q' }), 404, 'not_found');
    refused(await api.patch(`${path}/ben_01h455vb4pex5vsknk084sn02q`, { name: 'A' }, '*'), 404, 'not_found');
  });
});

test('a limit a day is in the payee’s currency, or the customer’s, and is above zero', async () => {
  const { customer, add } = await newOwner();
  await api.leavesNothing(async () => {
    for (const limitPerDay of ['-1.00', '0', '0.00', '1.001', '1e3']) {
      assert.deepEqual(badFields(await add({ iban: payee.iban, limitPerDay }), 'invalid_amount'), [
        'limitPerDay',
      ]);
    }
    // Nobody knows of what.
    assert.deepEqual(badFields(await add({ iban: FOREIGN, limitPerDay: '5.00' })), ['currency']);
  });
  await api.newAccount({ customerId: customer.id, currency: 'KWD' });
  const ours = created(await add({ iban: payee.iban, limitPerDay: '5' }));
  assert.deepEqual([ours.currency, ours.limitPerDay], ['EUR', '5.00']);
  const foreign = created(await add({ iban: FOREIGN, limitPerDay: '5.001' }));
  assert.deepEqual([foreign.currency, foreign.limitPerDay], ['KWD', '5.001']);
  const said = created(await add({ iban: 'GB29NWBK60161331926819', limitPerDay: '500', currency: 'JPY' }));
  assert.deepEqual([said.currency, said.limitPerDay], ['JPY', '500']);
});

test('names and limits are changed by who has read the beneficiary last', async () => {
  const { path, add } = await newOwner();
  const added = await add({ iban: payee.iban, limitPerDay: '10.00', nickname: 'Bread' });
  const one = `${path}/${created(added).id}`;
  assert.equal(added.headers.get('etag'), '"1"');
  refused(await api.patch(one, { name: 'New' }, undefined), 428, 'precondition_required');
  refused(await api.patch(one, { name: 'New' }, '"2"'), 412, 'version_conflict');
  const changed = await api.patch<BeneficiaryView>(one, { name: 'New', nickname: null }, '"1"');
  assert.equal(changed.headers.get('etag'), '"2"');
  const { name, nickname, limitPerDay } = created(changed);
  assert.deepEqual([name, nickname, limitPerDay], ['New', null, '10.00']);
  const lifted = created(await api.patch<BeneficiaryView>(one, { limitPerDay: null }, '"2"'));
  assert.equal(lifted.limitPerDay, null);
  assert.equal(created(await api.patch<BeneficiaryView>(one, { limitPerDay: '7' }, '*')).limitPerDay, '7.00');
  await api.leavesNothing(async () => {
    assert.deepEqual(badFields(await api.patch(one, { iban: FOREIGN }, '*')), ['iban']);
    assert.deepEqual(badFields(await api.patch(one, {}, '*')), ['body']);
    assert.deepEqual(badFields(await api.patch(one, { limitPerDay: '0' }, '*'), 'invalid_amount'), [
      'limitPerDay',
    ]);
  });
  const rows = await api.asOwner<{ operation: string }>(
    `select operation from audit_log where resource_id = '${created(added).id}' order by audit_id`,
  );
  assert.deepEqual(
    rows.map(({ operation }) => operation),
    ['createBeneficiary', 'changeBeneficiary', 'changeBeneficiary', 'changeBeneficiary'],
  );
});

test('beneficiaries are listed newest first, page by page, and no other customer’s', async () => {
  const { path, add } = await newOwner();
  const other = await newOwner();
  created(await other.add({ iban: FOREIGN }));
  const ids: string[] = [];
  for (const iban of [payee.iban, FOREIGN, 'GB29NWBK60161331926819']) {
    ids.unshift(created(await add({ iban })).id);
  }
  const pages = await api.allPages<BeneficiaryView>(path, 2);
  assert.deepEqual(
    pages.map((page) => page.map(({ id }) => id)),
    [ids.slice(0, 2), ids.slice(2)],
  );
  refused(await api.get(`${other.path}/${ids[0]}`), 404, 'not_found');
  refused(await api.delete(`${other.path}/${ids[0]}`), 404, 'not_found');
  refused(await api.get('/v1/customers/cus_01h455vb4pex5vsknk084sn02q/beneficiaries'), 404, 'not_found');
});

test('a customer’s user reaches its own beneficiaries and nobody else’s', async () => {
  const owner = await newOwner();
  const stranger = await newOwner();
  const { id } = created(await owner.add({ iban: FOREIGN }));
  const own = await api.as('customer', fromTypeId('customer', owner.customer.id));
  const foreign = await api.as('customer', fromTypeId('customer', stranger.customer.id));
  created(await own.get(`${owner.path}/${id}`));
  created(await own.post(owner.path, { name: 'Mine', iban: payee.iban }));
  created(await own.patch(`${owner.path}/${id}`, { nickname: 'N' }, '*'));
  const absent = await foreign.get<Problem>('/v1/customers/cus_01h455vb4pex5vsknk084sn02q/beneficiaries');
  await api.leavesNothing(async () => {
    for (const answer of [
      await foreign.get<Problem>(owner.path),
      await foreign.get<Problem>(`${owner.path}/${id}`),
      await foreign.post<Problem>(owner.path, { name: 'X', iban: 'GB29NWBK60161331926819' }),
      await foreign.patch<Problem>(`${owner.path}/${id}`, { name: 'X' }, '*'),
      await foreign.delete<Problem>(`${owner.path}/${id}`),
    ]) {
      refused(answer, 404, 'not_found');
      assert.equal(answer.body.detail, absent.body.detail);
    }
  });
  assert.equal((await own.delete(`${owner.path}/${id}`)).status, 204);
});

test('beneficiaries go with their customer, and no new ones come to one who left', async () => {
  const { customer, path, add } = await newOwner();
  created(await add({ iban: FOREIGN }));
  created(await api.post(`/v1/customers/${customer.id}/close`, {}));
  refused(await add({ iban: payee.iban }), 409, 'customer_closed');
  assert.equal((await api.delete(`/v1/customers/${customer.id}`)).status, 204);
  const [left] = await api.asOwner(
    `select from beneficiaries b where not exists (select from customers c where c.customer_id = b.customer_id)`,
  );
  assert.equal(left, undefined);
  refused(await api.get(path), 404, 'not_found');
});
