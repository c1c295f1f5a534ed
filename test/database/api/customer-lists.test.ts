import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustomerView } from '#features/customers/schemas.ts';
import { badFields, created, openApi, organisation, type Page } from '#test/support/api.ts';

const api = await openApi();

async function names(query: string): Promise<(string | null)[]> {
  const { data } = created(await api.get<Page<CustomerView>>(`/v1/customers${query}`));
  return data.map(({ familyName, legalName }) => familyName ?? legalName);
}

const search = (text: string) => names(`?q=${encodeURIComponent(text)}`);

const FAMILY_NAMES = ['100% Müller', 'Under_score', "O'Brien", 'Back\\slash', 'Zed "Quote" Smith', 'Plain'];
for (const familyName of FAMILY_NAMES) await api.newCustomer({ familyName });

test('a search takes %, _, \\ and quotes for what they are, and none of them for a word', async () => {
  for (const text of ['%', '_', '\\', "'", '"', "x' or '1'='1"]) assert.deepEqual(await search(text), []);
  assert.deepEqual(await search('% MÜLLER'), ['100% Müller']);
  assert.deepEqual(await search("o'brien"), ["O'Brien"]);
});

test('a search finds a name in whichever Unicode form it is typed', async () => {
  assert.deepEqual(await search('Mu\u0308ller'), ['100% Müller']);
});

test('a search covers names, e-mail and external id', async () => {
  await api.newCustomer({ familyName: 'Needle', email: 'haystack@example.org', externalId: 'crm-4711' });
  created(await api.post('/v1/customers', organisation({ legalName: 'Heuhaufen AG' })));
  assert.deepEqual(await search('haystack@'), ['Needle']);
  assert.deepEqual(await search('CRM-47'), ['Needle']);
  assert.deepEqual(await search('Ada Needle'), ['Needle']);
  assert.deepEqual(await search('heuhaufen'), ['Heuhaufen AG']);
  assert.deepEqual(await search('nobody at all'), []);
});

test('lists are filtered by status, e-mail in any case, and external id', async () => {
  const closed = await api.newCustomer({
    familyName: 'Gone',
    email: 'gone@example.net',
    externalId: 'gone-1',
  });
  await api.post(`/v1/customers/${closed.id}/close`, {});
  assert.deepEqual(await names('?status=closed'), ['Gone']);
  assert.ok(!(await names('?status=active&limit=100')).includes('Gone'));
  assert.deepEqual(await names('?email=GONE@example.NET'), ['Gone']);
  assert.deepEqual(await names('?email=one@example.net'), []);
  assert.deepEqual(await names('?externalId=gone-1'), ['Gone']);
  assert.deepEqual(await names('?externalId=gone-1&status=active'), []);
});

test('thirty rows come page by page, newest first, none twice and none missing', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 30; index++) {
    ids.unshift((await api.newCustomer({ familyName: `Paged ${index}` })).id);
  }
  for (const [limit, sizes] of [
    [7, [7, 7, 7, 7, 2]],
    [10, [10, 10, 10]],
    [29, [29, 1]],
    [30, [30]],
    [31, [30]],
    [100, [30]],
  ] as const) {
    const pages = await api.allPages<CustomerView>('/v1/customers?q=Paged', limit);
    assert.deepEqual(
      pages.map(({ length }) => length),
      sizes,
    );
    assert.deepEqual(
      pages.flat().map(({ id }) => id),
      ids,
    );
  }
  const { data, nextCursor } = created(await api.get<Page<CustomerView>>('/v1/customers?q=Paged'));
  assert.equal(data.length, 25);
  assert.notEqual(nextCursor, null);
});

test('a row that comes while one pages does not shift the pages behind it', async () => {
  for (let index = 0; index < 4; index++) await api.newCustomer({ familyName: `Shift ${index}` });
  const first = created(await api.get<Page<CustomerView>>('/v1/customers?q=Shift&limit=2'));
  await api.newCustomer({ familyName: 'Shift 4' });
  const second = await names(`?q=Shift&limit=2&cursor=${first.nextCursor}`);
  assert.deepEqual(
    first.data.map(({ familyName }) => familyName),
    ['Shift 3', 'Shift 2'],
  );
  assert.deepEqual(second, ['Shift 1', 'Shift 0']);
});

const uuid = '0189f0a8-0000-7000-8000-000000000000';
const cursorOf = (values: unknown) => Buffer.from(JSON.stringify(values)).toString('base64url');

const REFUSED: [query: string, field: string][] = [
  ['limit=0', 'limit'],
  ['limit=101', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=1.5', 'limit'],
  ['limit=ten', 'limit'],
  ['limit=', 'limit'],
  ['limit=5&limit=6', 'limit'],
  ['cursor=', 'cursor'],
  ['cursor=nonsense', 'cursor'],
  [`cursor=${cursorOf(['1'])}`, 'cursor'],
  [`cursor=${cursorOf([uuid, uuid])}`, 'cursor'],
  [`cursor=${cursorOf([1])}`, 'cursor'],
  [`cursor=${cursorOf({ id: uuid })}`, 'cursor'],
  [`cursor=${cursorOf([`${uuid}' or true --`])}`, 'cursor'],
  ['status=dormant', 'status'],
  ['offset=5', 'offset'],
  ['q=%00', 'q'],
  [`q=${'x'.repeat(101)}`, 'q'],
];
for (const [query, field] of REFUSED) {
  test(`the query ${query.slice(0, 40)} is refused, naming ${field}`, async () => {
    assert.deepEqual(badFields(await api.get(`/v1/customers?${query}`)), [field]);
  });
}

test('the limits of a page are 1 and 100', async () => {
  assert.equal((await names('?limit=1')).length, 1);
  assert.equal((await api.get('/v1/customers?limit=100')).status, 200);
});

test('a cursor of a row that is gone goes on behind it', async () => {
  for (let index = 0; index < 3; index++) await api.newCustomer({ familyName: `Behind ${index}` });
  const first = created(await api.get<Page<CustomerView>>('/v1/customers?q=Behind&limit=1'));
  assert.equal((await api.delete(`/v1/customers/${first.data[0]!.id}`)).status, 204);
  assert.deepEqual(await names(`?q=Behind&cursor=${first.nextCursor}`), ['Behind 1', 'Behind 0']);
});
