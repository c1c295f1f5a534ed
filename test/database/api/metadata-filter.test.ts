import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, created, openApi, type Page } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { type Kind, type Labelled, openLabelled } from './labelled.ts';

const api = await openApi();
const { kinds, lending, from, to } = await openLabelled(api);
const LISTS = [...new Set(Object.values(kinds).map(({ list }) => list))];

const kindOf = (name: string) => kinds[name] as Kind;

/** What each list is asked with. */
const by = (metadata: Readonly<Record<string, string>>) =>
  Object.entries(metadata)
    .map(([name, value]) => `metadata[${encodeURIComponent(name)}]=${encodeURIComponent(value)}`)
    .join('&');

const idsOf = (rows: readonly Labelled[]) => rows.map(({ id }) => id);

for (const [kind, { list, create }] of Object.entries(kinds)) {
  test(`a ${kind} is found by its metadata, and only if all of it is there`, async () => {
    const shop = `Größe & 50% "${newKey()}"`;
    const one = created(await create({ metadata: { shop, cart: '17', 'file [no.]': '' } }));
    const other = created(await create({ metadata: { shop, cart: '18' } }));
    const find = async (metadata: Readonly<Record<string, string>>) =>
      idsOf((await api.allPages<Labelled>(`${list}?${by(metadata)}`, 1)).flat());
    assert.deepEqual((await find({ shop })).toSorted(), [one.id, other.id].toSorted());
    assert.deepEqual(await find({ shop, cart: '17' }), [one.id]);
    assert.deepEqual(await find({ shop, cart: '18' }), [other.id]);
    assert.deepEqual(await find({ shop, cart: '17', 'file [no.]': '' }), [one.id]);
    for (const wrong of [
      { shop: shop.toUpperCase() },
      { cart: shop },
      { shop, cart: '19' },
      { shop, x: '' },
    ]) {
      assert.deepEqual(await find(wrong), []);
    }
  });
}

test('what happened to a loan is found by its metadata', async () => {
  const loan = await lending.newLoan(from);
  const list = `/v1/loans/${loan.id}/transactions`;
  const shop = newKey();
  for (const cart of ['1', '2']) {
    created(await lending.repay(loan, '1.00', { metadata: { shop, cart } }));
  }
  type Event = { readonly metadata: object };
  const found = (await api.allPages<Event>(`${list}?${by({ shop, cart: '2' })}`, 1)).flat();
  assert.deepEqual(
    found.map(({ metadata }) => metadata),
    [{ shop, cart: '2' }],
  );
  assert.equal((await api.allPages(`${list}?${by({ shop })}`, 1)).flat().length, 2);
});

test('names and values are checked as where they are given, and named', async () => {
  const four = { a: '1', b: '2', c: '3', d: '4' };
  const long = 'x'.repeat(41);
  for (const list of LISTS) {
    const refusedBy = async (query: string) => badFields(await api.get(`${list}?${query}`));
    assert.deepEqual(await refusedBy('metadata=north'), ['metadata']);
    assert.deepEqual(await refusedBy(by(four)), ['metadata']);
    assert.deepEqual(await refusedBy(by({ [long]: 'x' })), [`metadata[${long}]`]);
    assert.deepEqual(await refusedBy(by({ '': 'x' })), ['metadata[]']);
    assert.deepEqual(await refusedBy(by({ branch: 'x'.repeat(501) })), ['metadata[branch]']);
    assert.deepEqual(await refusedBy(by({ branch: 'a\u0007' })), ['metadata[branch]']);
    assert.deepEqual(await refusedBy('metadata[branch]=a&metadata[branch]=b'), ['metadata[branch]']);
    assert.deepEqual(await refusedBy('meta[branch]=a'), ['meta[branch]']);
    assert.deepEqual((await refusedBy('metadata=a&metadata[branch]=b')).toSorted(), [
      'metadata',
      'metadata[branch]',
    ]);
  }
  assert.deepEqual(badFields(await api.get('/v1/transactions?metadata[a%00]=b')), ['metadata[a\0]']);
  assert.deepEqual(badFields(await api.get('/v1/transactions?order=sequence&metadata[a]=b')), ['metadata']);
  assert.deepEqual(badFields(await api.get('/v1/products?metadata[a]=b')), ['metadata[a]']);
  for (const name of ['__proto__', 'constructor']) {
    const { data } = created(await api.get<Page<Labelled>>(`/v1/holds?metadata[${name}]=1`));
    assert.deepEqual(data, [], name);
  }
});

test('a cursor goes with its metadata', async () => {
  const shop = newKey();
  for (const cart of ['1', '2']) created(await kindOf('hold').create({ metadata: { shop, cart } }));
  const first = created(await api.get<Page<Labelled>>(`/v1/holds?${by({ shop })}&limit=1`));
  const next = `cursor=${first.nextCursor}`;
  created(await api.get(`/v1/holds?${by({ shop })}&${next}`));
  assert.deepEqual(badFields(await api.get(`/v1/holds?${by({ shop: 'x' })}&${next}`)), ['cursor']);
});

/** Lists that a customer's user reads, and whose the things of the kind are. */
const READ_BY_CUSTOMERS = {
  account: to.customerId,
  deposit: from.customerId,
  transfer: from.customerId,
  'payment to another bank': from.customerId,
  hold: from.customerId,
  'standing order': from.customerId,
  beneficiary: from.customerId,
  'deposit for a term': from.customerId,
  loan: to.customerId,
};

test('a customer finds its own by metadata, and nobody else’s', async () => {
  const stranger = await api.newAccount();
  const as = (customerId: string) => api.as('customer', fromTypeId('customer', customerId));
  const strange = await as(stranger.customerId);
  for (const [kind, owner] of Object.entries(READ_BY_CUSTOMERS)) {
    const { list, create } = kindOf(kind);
    const metadata = { shop: newKey() };
    const { id } = created(await create({ metadata }));
    const own = created(await (await as(owner)).get<Page<Labelled>>(`${list}?${by(metadata)}`));
    assert.deepEqual([idsOf(own.data), own.nextCursor], [[id], null], kind);
    const answer = await strange.get<Page<Labelled>>(`${list}?${by(metadata)}`);
    if (kind === 'beneficiary') assert.equal(answer.status, 404);
    else assert.deepEqual(created(answer).data, [], kind);
  }
});

test('whoever is on the other side of a transfer does not find it by its metadata', async () => {
  const metadata = { shop: newKey() };
  const { id } = created(await kindOf('transfer').create({ metadata }));
  const payee = await api.as('customer', fromTypeId('customer', to.customerId));
  assert.deepEqual(created(await payee.get<Page<Labelled>>(`/v1/transactions?${by(metadata)}`)).data, []);
  assert.equal(created(await payee.get<Labelled>(`/v1/transactions/${id}`)).id, id);
});
