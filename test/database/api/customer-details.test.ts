import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustomerView } from '#features/customers/schemas.ts';
import { badFields, created, openApi, organisation, person, refused } from '#test/support/api.ts';

const api = await openApi();
const create = (body: Record<string, unknown>) => api.post<CustomerView>('/v1/customers', body);
const without = (body: Record<string, unknown>, ...names: string[]) =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
const address = (country: string, fields = {}) => ({
  line1: '1 Main Street',
  city: 'Town',
  country,
  ...fields,
});

for (const country of ['HK', 'QA', 'AE', 'KE', 'CO', 'VN', 'EG']) {
  test(`an address in ${country} needs no postal code, and may have a region`, async () => {
    const given = address(country, { region: 'North' });
    const customer = created(await create(person({ address: given })));
    assert.deepEqual(customer.address, given);
  });
}

test('an address in a country with postal codes has one', async () => {
  for (const country of ['GB', 'US', 'IM', 'ZA']) {
    const answer = await create(person({ address: address(country) }));
    assert.deepEqual(badFields(answer), ['address.postalCode']);
  }
  assert.deepEqual(badFields(await create(person({ address: address('DE') }))), ['address.postalCode']);
  const moved = created(await create(person({ address: address('DE', { postalCode: '10969' }) })));
  const answer = await api.patch(`/v1/customers/${moved.id}`, { address: address('FR') }, '"1"');
  assert.deepEqual(badFields(answer), ['address.postalCode']);
});

test('a person has one name or two, and keeps at least one', async () => {
  const suharto = created(await create(without(person({ familyName: 'Suharto' }), 'givenName')));
  assert.deepEqual([suharto.givenName, suharto.familyName], [null, 'Suharto']);
  const path = `/v1/customers/${suharto.id}`;
  assert.deepEqual(badFields(await api.patch(path, { familyName: null }, '"1"')), [
    'givenName',
    'familyName',
  ]);
  const changed = created(
    await api.patch<CustomerView>(path, { givenName: 'Suharto', familyName: null }, '"1"'),
  );
  assert.deepEqual([changed.givenName, changed.familyName], ['Suharto', null]);
  assert.deepEqual((await api.get<CustomerView>(path)).body, changed);
});

test('nobody needs an e-mail address, a telephone or an address, and can take them away', async () => {
  const bare = created(await create(without(person(), 'email', 'phone', 'address')));
  assert.deepEqual([bare.email, bare.phone, bare.address], [null, null, null]);
  const full = await api.newCustomer();
  const answer = await api.patch<CustomerView>(
    `/v1/customers/${full.id}`,
    { email: null, phone: null, address: null },
    '"1"',
  );
  const { email, phone, address: where } = created(answer);
  assert.deepEqual([email, phone, where], [null, null, null]);
});

test('a product may ask for what the form does not, and says what is missing', async () => {
  const set = (body: Record<string, unknown>, code = 'savings') =>
    api.raw('PATCH', `/v1/products/${code}`, JSON.stringify(body));
  created(await set({ currency: 'EUR', requiredDetails: ['email', 'address'] }));
  const bare = created(await create(without(person(), 'email', 'phone', 'address')));
  const open = (currency: string) =>
    api.post('/v1/accounts', { customerId: bare.id, product: 'savings', currency });
  const answer = await api.leavesNothing(() => open('EUR'));
  const problem = refused(answer, 422, 'customer_details_missing');
  assert.deepEqual(
    problem.errors?.map(({ path }) => path),
    ['email', 'address'],
  );
  created(await open('USD'));
  const where = address('DE', { postalCode: '10969' });
  created(await api.patch(`/v1/customers/${bare.id}`, { email: 'a@example.com', address: where }, '"1"'));
  created(await open('EUR'));
  refused(await set({ requiredDetails: [] }, 'nothing'), 404, 'not_found');
  refused(await set({ currency: 'SEK', requiredDetails: [] }), 422, 'unknown_product');
  for (const nothing of [{}, { currency: 'EUR' }])
    refused(await api.leavesNothing(() => set(nothing)), 400, 'validation_failed');
  assert.deepEqual(badFields(await set({ requiredDetails: ['shoe size'] })), ['requiredDetails[0]']);
  const teller = await api.as('teller');
  refused(await teller.raw('PATCH', '/v1/products/savings', '{}'), 403, 'forbidden');
  created(await set({ requiredDetails: [] }));
});

test('a club that no register knows becomes a customer', async () => {
  const club = created(await create(without(organisation(), 'registrationNumber')));
  assert.equal(club.registrationNumber, null);
  assert.equal((await create(without(organisation(), 'registrationNumber'))).status, 201, 'and a second');
});

test('the same number of two countries or types is two numbers', async () => {
  const postal = { postalCode: '1000' };
  const inCountry = (country: string) =>
    person({ nationalId: '30123456', address: address(country, postal) });
  const argentine = created(await create(inCountry('AR')));
  created(await create(inCountry('PE')));
  refused(await create(inCountry('AR')), 409, 'customer_exists');
  const clubs = ['DE', 'AT'].map((country) =>
    create(organisation({ registrationNumber: 'FN 1', address: address(country, postal) })),
  );
  for (const club of await Promise.all(clubs)) created(club);
  const identifiers = (type: string, country: string) => [{ type, country, value: '30123456' }];
  created(await create(person({ identifiers: identifiers('passport', 'AR') })));
  created(await create(person({ identifiers: identifiers('passport', 'PE') })));
  const answer = await api.leavesNothing(() =>
    create(person({ identifiers: identifiers('national_id', 'AR') })),
  );
  const problem = refused(answer, 409, 'customer_exists');
  assert.deepEqual(
    problem.errors?.map(({ path }) => path),
    ['identifiers[0]'],
  );
  assert.ok(!answer.text.includes(argentine.id));
});

const SPELLINGS = [
  'x-77 ab1',
  'X77AB1',
  'x.77.ab.1',
  'X\u200b77AB1',
  '\uff3877\uff21\uff22\uff11',
  'X \u0667\u0667 AB1',
];
for (const spelling of SPELLINGS) {
  test(`X77 AB-1 written as ${JSON.stringify(spelling)} is the same number`, async () => {
    await create(person({ nationalId: 'X77 AB-1' }));
    refused(await api.leavesNothing(() => create(person({ nationalId: spelling }))), 409, 'customer_exists');
    const identifiers = [{ type: 'national_id', country: 'DE', value: spelling }];
    refused(await create(person({ identifiers })), 409, 'customer_exists');
  });
}

test('a VAT number is the same with the prefix of its country, an LEI in whichever country', async () => {
  const vat = (value: string) =>
    create(organisation({ identifiers: [{ type: 'vat_number', country: 'GR', value }] }));
  created(await vat('EL 123456789'));
  refused(await vat('123456789'), 409, 'customer_exists');
  refused(await vat('gr-123456789'), 409, 'customer_exists');
  const lei = (country?: string) =>
    create(
      organisation({
        identifiers: [{ type: 'lei', value: '529900T8BM49AURSDO55', ...(country && { country }) }],
      }),
    );
  created(await lei());
  refused(await lei('DE'), 409, 'customer_exists');
});

test('identifiers are listed as they were given, changed as a whole, and free again', async () => {
  const passport = { type: 'passport', country: 'DE', value: 'C01 X00T47' };
  const lei = { type: 'lei', value: '7LTWFZYICNSX8D621K86' };
  const holder = await api.newCustomer({ identifiers: [passport, lei], nationalId: 'HOLDER-1' });
  const path = `/v1/customers/${holder.id}`;
  assert.deepEqual(holder.identifiers, [{ ...lei, country: null }, passport]);
  const moved = await api.patch<CustomerView>(path, { givenName: 'Grace' }, '"1"');
  assert.deepEqual(created(moved).identifiers, holder.identifiers, 'another change leaves them');
  const emptied = await api.patch<CustomerView>(path, { identifiers: [] }, '"2"');
  assert.deepEqual(created(emptied).identifiers, []);
  assert.equal(created(emptied).nationalId, 'HOLDER-1');
  created(await create(person({ identifiers: [passport] })));
  refused(await create(person({ nationalId: 'holder 1' })), 409, 'customer_exists');
});

for (const [name, identifiers, field] of [
  ['without a country', [{ type: 'passport', value: '1' }], 'identifiers[0].country'],
  [
    'of a country that is not one',
    [{ type: 'passport', country: 'XX', value: '1' }],
    'identifiers[0].country',
  ],
  ['of an unknown type', [{ type: 'library_card', country: 'DE', value: '1' }], 'identifiers[0].type'],
  ['with wrong check digits', [{ type: 'lei', value: '529900T8BM49AURSDO66' }], 'identifiers[0].value'],
  ['that is too short', [{ type: 'lei', value: '529900' }], 'identifiers[0].value'],
  ['of signs alone', [{ type: 'passport', country: 'DE', value: '--- ' }], 'identifiers[0].value'],
  [
    'that is there twice',
    [
      { type: 'passport', country: 'DE', value: 'ab-1' },
      { type: 'passport', country: 'DE', value: 'AB1' },
    ],
    'identifiers[1]',
  ],
] as const) {
  test(`an identifier ${name} is refused`, async () => {
    assert.deepEqual(badFields(await create(person({ identifiers }))), [field]);
  });
}

test('twenty at once with one number in twenty spellings make one customer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      create(person({ identifiers: [{ type: 'tax_id', country: 'DE', value: `9${'-'.repeat(index)}77` }] })),
    ),
  );
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  for (const answer of answers) if (answer.status !== 201) refused(answer, 409, 'customer_exists');
});
