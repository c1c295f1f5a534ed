import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveCustomers } from '#features/customers/contract.ts';
import type { CustomerView } from '#features/customers/schemas.ts';
import { created, openApi, organisation, type Page } from '#test/support/api.ts';

const api = await openApi();

const PEOPLE = [
  ['Ayşe', 'Yılmaz'],
  ['Jürgen', 'Müller'],
  ['Siobhán', "O'Brien"],
  ['Łukasz', 'Żółć'],
  ['Søren', 'Åkesson-Strauß'],
  ['小明', '王'],
  ['Noel', 'Soerensen Aagaard'],
  ['Sæby', 'Ångström-Bäck'],
  ['José Luís', 'Garc\u0131\u0301a'],
] as const;
for (const [givenName, familyName] of PEOPLE) await api.newCustomer({ givenName, familyName });
created(
  await api.post('/v1/customers', organisation({ legalName: 'Café Zürich  AG', externalId: 'CRM-0815/x' })),
);

async function search(text: string): Promise<(string | null)[]> {
  const { data } = created(await api.get<Page<CustomerView>>(`/v1/customers?q=${encodeURIComponent(text)}`));
  return data.map(({ familyName, legalName }) => familyName ?? legalName);
}

for (const [text, found] of [
  ['Yilmaz', 'Yılmaz'],
  ['YILMAZ ayse', 'Yılmaz'],
  ['Muller', 'Müller'],
  ['Mueller', 'Müller'],
  ['Müller', 'Müller'],
  ['Mu\u0308ller  Ju\u0308rgen', 'Müller'],
  ['Müller Jürgen', 'Müller'],
  ['Jürgen Müller', 'Müller'],
  ['  jurg   mull ', 'Müller'],
  ['obrien', "O'Brien"],
  ["o'brien siobhan", "O'Brien"],
  ['o’brien', "O'Brien"],
  ['lukasz zolc', 'Żółć'],
  ['strauss', 'Åkesson-Strauß'],
  ['akesson soren', 'Åkesson-Strauß'],
  ['soeren aakesson', 'Åkesson-Strauß'],
  ['strauß', 'Åkesson-Strauß'],
  ['Sørensen Ågaard', 'Soerensen Aagaard'],
  ['Sörensen', 'Soerensen Aagaard'],
  ['noel soer', 'Soerensen Aagaard'],
  ['Aangstroem Baeck', 'Ångström-Bäck'],
  ['Angstrom Bæck', 'Ångström-Bäck'],
  ['Säby', 'Ångström-Bäck'],
  ['saeby', 'Ångström-Bäck'],
  ['王小明', '王'],
  ['小明', '王'],
  ['garcia jose', 'Garc\u0131\u0301a'],
  ['cafe  zurich', 'Café Zürich  AG'],
  ['crm-0815', 'Café Zürich  AG'],
  ['0815', 'Café Zürich  AG'],
] as const) {
  test(`"${text}" finds ${found}`, async () => assert.deepEqual(await search(text), [found]));
}

for (const text of [
  'Müller Ayşe',
  'üller',
  "' or true --",
  '%',
  '_',
  '\\',
  '   ',
  '\u0301',
  'zzz',
  'nol akesson',
]) {
  test(`"${text}" finds nobody`, async () => assert.deepEqual(await search(text), []));
}

test('a customer is found by what it is called now, and not by what it was', async () => {
  const customer = await api.newCustomer({ familyName: 'Vorher' });
  const path = `/v1/customers/${customer.id}`;
  created(await api.patch(path, { familyName: 'Nachher', email: 'nach@example.org' }, '"1"'));
  assert.deepEqual(await search('vorher'), []);
  assert.deepEqual(await search('nachher nach@example'), ['Nachher']);
  assert.equal((await api.delete(path)).status, 204);
  assert.deepEqual(await search('nachher'), []);
});

test('customers that a version before wrote or changed are found once their words are made', async () => {
  const customer = await api.newCustomer({ familyName: 'Überbracht', nationalId: 'OLD-77' });
  await api.asOwner('delete from customer_words; delete from customer_identifiers;');
  await api.asOwner('update customers set derived_version = null, version = version + 1');
  assert.deepEqual(await search('uberbracht'), []);
  const count = await deriveCustomers(api.bank.context);
  assert.equal(count, PEOPLE.length + 2);
  assert.deepEqual(await search('uberbracht'), ['Überbracht']);
  assert.equal((await api.post('/v1/customers', { ...body(), nationalId: 'old77' })).status, 409);
  const [stored] = await api.asOwner<{ version: number }>(
    `select version from customers where family_name = 'Überbracht'`,
  );
  assert.equal(stored?.version, 2, `${customer.id} is as it was`);
  assert.equal(await deriveCustomers(api.bank.context), 0);
});

function body(): Record<string, unknown> {
  return {
    type: 'person',
    familyName: 'Second',
    dateOfBirth: '1990-01-01',
    address: { line1: 'A 1', city: 'Berlin', postalCode: '10969', country: 'DE' },
  };
}

test('names that an earlier version made words of are found by both spellings after the next start', async () => {
  await api.newCustomer({ givenName: 'Jørgen', familyName: 'Gaarder' });
  await api.asOwner("delete from customer_words where word in ('joergen', 'garder')");
  await api.asOwner("update customers set has_spellings = null where family_name = 'Gaarder'");
  assert.deepEqual(await search('joergen gårder'), []);
  assert.equal(await deriveCustomers(api.bank.context), 1);
  assert.deepEqual(await search('joergen gårder'), ['Gaarder']);
  assert.equal(await deriveCustomers(api.bank.context), 0);
});
