import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { type Kind, type Labelled, openLabelled } from './labelled.ts';

const api = await openApi();
const { kinds, lending, from, to, cash, captureOne } = await openLabelled(api);

const LOAN_PRODUCT: Kind = {
  list: '/v1/loan-products',
  create: (labels) =>
    api.post('/v1/loan-products', {
      name: `Loan ${newKey()}`,
      currency: 'EUR',
      amount: { min: '100.00', max: '1000.00' },
      instalments: { min: 1, max: 12 },
      annualRatePercent: { min: '0', max: '30', default: '12' },
      ...labels,
    }),
};

/** Loan products are few: their list is not read by metadata. */
const KINDS: Readonly<Record<string, Kind>> = { ...kinds, 'loan product': LOAN_PRODUCT };

for (const [kind, { list, create }] of Object.entries(KINDS)) {
  test(`a ${kind} keeps its labels, is found by them, and its external id is of one of its kind`, async () => {
    const [externalId, metadata] = [`ext-${newKey()}`, { cart: '17', shop: 'north' }];
    const one = created(await create({ externalId, metadata }));
    assert.deepEqual([one.externalId, one.metadata], [externalId, metadata]);
    const read = async (id: string) =>
      created(await api.get<Page<Labelled>>(`${list}?externalId=${encodeURIComponent(id)}`)).data;
    assert.deepEqual(
      (await read(externalId)).map((found) => [found.id, found.externalId, found.metadata]),
      [[one.id, externalId, metadata]],
    );
    assert.deepEqual(await read('absent'), []);
    const twin = await create({ externalId });
    assert.equal(twin.status, 409);
    const [field] = (twin.body as unknown as { errors: { path: string }[] }).errors;
    assert.equal(field?.path, 'externalId');
    const plain = created(await create({}));
    assert.deepEqual([plain.externalId, plain.metadata], [null, {}]);
  });
}

/** What is changed, and not only created. */
const CHANGED = ['customer', 'account', 'hold', 'standing order', 'beneficiary', 'loan'];

for (const kind of CHANGED) {
  test(`the labels of a ${kind} are changed, and nothing else is`, async () => {
    const { list, create } = KINDS[kind] as Kind;
    const [externalId, next] = [newKey(), newKey()];
    const one = created(await create({ externalId, metadata: { cart: '17', shop: 'north' } }));
    const taken = created(await create({ externalId: newKey() }));
    const path = `${list}/${one.id}`;
    const change = (labels: object) => api.patch<Labelled>(path, { ...labels }, '*');
    const changed = created(await change({ externalId: next, metadata: { shop: 'south' } }));
    assert.deepEqual([changed.externalId, changed.metadata], [next, { shop: 'south' }]);
    assert.deepEqual(withoutStamps(created(await api.get<Labelled>(path))), withoutStamps(changed));
    assert.deepEqual(unlabelled(changed), unlabelled(one));
    const found = created(await api.get<Page<Labelled>>(`${list}?externalId=${next}`)).data;
    assert.deepEqual(
      found.map(({ id }) => id),
      [one.id],
    );
    await api.leavesNothing(async () => {
      const answer = await change({ externalId: taken.externalId });
      const { errors } = answer.body as unknown as { errors: { path: string }[] };
      assert.deepEqual([answer.status, errors.map(({ path }) => path)], [409, ['externalId']]);
      assert.deepEqual(badFields(await change({ externalId: ' ' })), ['externalId']);
      assert.deepEqual(badFields(await change({ externalId: 'a\tb', metadata: { a: 1 } })), [
        'externalId',
        'metadata.a',
      ]);
    });
    const kept = created(await change({ metadata: {} }));
    assert.deepEqual([kept.externalId, kept.metadata], [next, {}]);
    const gone = created(await change({ externalId: null }));
    assert.deepEqual([gone.externalId, gone.metadata], [null, {}]);
    created(await create({ externalId: next }));
  });
}

const withoutStamps = (shown: object) => ({ ...shown, version: 0, updatedAt: '' });
const unlabelled = (shown: object) => ({ ...withoutStamps(shown), externalId: null, metadata: {} });

test('a repeated request for a hold is answered with the labels of the first', async () => {
  const [key, externalId] = [newKey(), newKey()];
  const place = () => (KINDS.hold as Kind).create({ externalId, metadata: { a: '1' } }, key);
  const first = created(await place());
  created(await api.patch(`/v1/holds/${first.id}`, { externalId: newKey(), metadata: {} }, '*'));
  created(await api.patch(`/v1/holds/${first.id}`, { externalId: null }, '*'));
  const again = created(await place());
  assert.deepEqual([again.externalId, again.metadata], [externalId, { a: '1' }]);
});

test('a loan that is corrected, or has ended, keeps its new labels and takes others', async () => {
  const labels = { externalId: newKey(), metadata: { branch: 'north' } };
  const shown = ({ externalId, metadata }: Labelled) => ({ externalId, metadata });
  const loan = await lending.newLoan(from, { externalId: newKey(), directDebit: false });
  created(await api.patch(`/v1/loans/${loan.id}`, labels, '*'));
  const repaid = created(await lending.repay(loan, '10.00'));
  assert.deepEqual(shown(repaid), labels);
  assert.deepEqual(shown(created(await lending.act(loan, 'undo-last-repayment'))), labels);
  assert.deepEqual(shown(await lending.get(loan)), labels);
  const rejected = await lending.newApplication(from);
  created(await api.post(`/v1/loans/${rejected.id}/reject`, { reason: 'too much' }));
  const late = created(
    await api.patch<Labelled>(`/v1/loans/${rejected.id}`, { metadata: { file: '7' } }, '*'),
  );
  assert.deepEqual(late.metadata, { file: '7' });
  refused(await api.patch(`/v1/loans/${rejected.id}`, { directDebit: true }, '*'), 409, 'loan_not_in_status');
});

test('a repeated settlement is answered with its labels, and with others the key is refused', async () => {
  const [key, labels] = [newKey(), { externalId: newKey(), metadata: { file: '7' } }];
  const { transactionId } = created(await captureOne({}));
  const body = { currency: 'EUR', transactionIds: [transactionId] };
  const settle = (fields: object) =>
    api.pay<Labelled>('/v1/capture-settlements', { ...body, ...fields }, key);
  const first = created(await settle(labels));
  assert.deepEqual([first.externalId, first.metadata], [labels.externalId, labels.metadata]);
  assert.deepEqual(created(await settle(labels)), first);
  refused(await settle({}), 422, 'idempotency_key_reused');
});

test('labels are bounded, and are part of what a repeated request says', async () => {
  const { create } = KINDS.deposit as Kind;
  const tooMany = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`name${at}`, 'x']));
  assert.deepEqual(badFields(await create({ metadata: tooMany })), ['metadata']);
  assert.deepEqual(badFields(await create({ externalId: 'x'.repeat(101) })), ['externalId']);
  const [key, externalId] = [newKey(), newKey()];
  const first = created(await create({ externalId, metadata: { a: '1', b: '2' } }, key));
  const again = await create({ externalId, metadata: { b: '2', a: '1' } }, key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.equal(created(again).id, first.id);
  refused(await create({ externalId, metadata: { a: '1' } }, key), 422, 'idempotency_key_reused');
});

test('whoever is on the other side of a transfer does not see its labels, nor finds it by them', async () => {
  const { fromTypeId } = await import('#lib/ids.ts');
  const externalId = newKey();
  const { id } = created(await (KINDS.transfer as Kind).create({ externalId, metadata: { note: 'mine' } }));
  const seenBy = async (account: AccountView) => {
    const holder = await api.as('customer', fromTypeId('customer', account.customerId));
    const one = created(await holder.get<Labelled>(`/v1/transactions/${id}`));
    const found = created(await holder.get<Page<Labelled>>(`/v1/transactions?externalId=${externalId}`)).data;
    const lines = created(await holder.get<Page<Labelled>>(`/v1/accounts/${account.id}/transactions`)).data;
    const line = lines.find((each) => each.id === id);
    assert.deepEqual([line?.externalId, line?.metadata], [one.externalId, one.metadata]);
    return [one.externalId, one.metadata, found.length];
  };
  assert.deepEqual(await seenBy(from), [externalId, { note: 'mine' }, 1]);
  assert.deepEqual(await seenBy(to), [null, {}, 0]);
});

test('in a batch the second of two with one external id is refused, and a reversal has labels of its own', async () => {
  const externalId = newKey();
  const item = { type: 'deposit', ...cash({ externalId, metadata: { row: '1' } }) };
  type Results = { readonly results: readonly { readonly code?: string; readonly transactionId?: string }[] };
  const post = (mode: string) => api.pay<Results>('/v1/transactions/batch', { mode, items: [item, item] });
  refused(await api.leavesNothing(() => post('atomic')), 422, 'batch_refused');
  const { results } = created(await post('independent'));
  assert.deepEqual(
    results.map(({ code }) => code),
    [undefined, 'external_id_exists'],
  );
  const path = `/v1/transactions/${results[0]?.transactionId}`;
  const back = created(
    await api.pay<Labelled>(`${path}/reverse`, { reason: 'keyed in twice', externalId: `${externalId}-r` }),
  );
  assert.equal(back.externalId, `${externalId}-r`);
  refused(await api.pay(`${path}/reverse`, { reason: 'again' }), 409, 'already_reversed');
});

test('two at once with one external id: one is booked', async () => {
  const externalId = newKey();
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => (KINDS.deposit as Kind).create({ externalId })),
  );
  const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
  assert.deepEqual([count(201), count(409)], [1, 5]);
});

test('the books verify after all that', () => api.assertVerified());
