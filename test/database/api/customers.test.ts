import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustomerView } from '#features/customers/schemas.ts';
import { badFields, created, openApi, organisation, person, refused } from '#test/support/api.ts';

const api = await openApi();

const create = (body: Record<string, unknown>) => api.post<CustomerView>('/v1/customers', body);

test('a person is created with all that was given, cleaned', async () => {
  const address = { line1: ' Lindenstr. 1 ', line2: 'c/o Byron', city: 'Berlin', postalCode: '10969' };
  const body = {
    type: 'person',
    givenName: '  Ada ',
    familyName: 'Lovelace',
    dateOfBirth: '1990-12-10',
    email: 'ada@example.com',
    phone: '+4930901820',
    address: { ...address, country: 'DE' },
    nationalId: 'L01X00T47',
    externalId: 'crm-1',
    metadata: { segment: 'private' },
  };
  const answer = await create(body);
  assert.equal(answer.status, 201);
  const { id, createdAt, updatedAt, ...rest } = answer.body;
  assert.deepEqual(rest, {
    type: 'person',
    status: 'active',
    deceasedOn: null,
    givenName: 'Ada',
    familyName: 'Lovelace',
    dateOfBirth: '1990-12-10',
    legalName: null,
    registrationNumber: null,
    email: 'ada@example.com',
    phone: '+4930901820',
    nationalId: 'L01X00T47',
    identifiers: [],
    address: { ...address, line1: 'Lindenstr. 1', country: 'DE' },
    externalId: 'crm-1',
    metadata: { segment: 'private' },
  });
  assert.equal(createdAt, updatedAt);
  assert.equal(answer.headers.get('location'), `/v1/customers/${id}`);
  assert.equal(answer.headers.get('etag'), '"1"');
  const read = await api.get<CustomerView>(`/v1/customers/${id}`);
  assert.equal(read.headers.get('etag'), '"1"');
  assert.deepEqual(read.body, answer.body);
});

test('an organisation is created with its legal name and registration number', async () => {
  const { body } = await create(organisation({ legalName: 'Café Zürich AG', registrationNumber: 'CHE-1' }));
  assert.equal(body.type, 'organisation');
  assert.equal(body.legalName, 'Café Zürich AG');
  assert.equal(body.registrationNumber, 'CHE-1');
  assert.equal(body.givenName, null);
  assert.equal(body.dateOfBirth, null);
});

const ACCEPTED: [name: string, fields: Record<string, unknown>][] = [
  ['18 years old today', { dateOfBirth: '2008-01-14' }],
  ['130 years old', { dateOfBirth: '1895-01-15' }],
  ['of one letter', { givenName: 'O' }],
  ['of 100 letters', { givenName: 'a'.repeat(100) }],
  ['named in Chinese', { givenName: '小明', familyName: '王' }],
  ['with an apostrophe and a quote', { familyName: `O'Brien "Bob" \\ %_;--` }],
  ['with an address in Kosovo, which ISO 3166 leaves to its users', { address: address({ country: 'XK' }) }],
  ['with an e-mail of 254 characters', { email: `${'a'.repeat(242)}@example.com` }],
  ['with a phone in a small country', { phone: '+2902158' }],
  ['with 50 metadata', { metadata: Object.fromEntries(count(50).map((n) => [`k${n}`, 'v'])) }],
];
for (const [name, fields] of ACCEPTED) {
  test(`a person ${name} is welcome`, async () => {
    assert.equal((await create(person(fields))).status, 201);
  });
}

const REFUSED: [name: string, body: Record<string, unknown>, fields: string[]][] = [
  ['a person a day under 18', person({ dateOfBirth: '2008-01-15' }), ['dateOfBirth']],
  ['a person born tomorrow', person({ dateOfBirth: '2026-01-15' }), ['dateOfBirth']],
  ['a person born today', person({ dateOfBirth: '2026-01-14' }), ['dateOfBirth']],
  ['a person over 130', person({ dateOfBirth: '1895-01-14' }), ['dateOfBirth']],
  ['a birth date that does not exist', person({ dateOfBirth: '2001-02-29' }), ['dateOfBirth']],
  ['a birth date in another form', person({ dateOfBirth: '10.12.1990' }), ['dateOfBirth']],
  ['a birth date with a time', person({ dateOfBirth: '1990-12-10T00:00:00Z' }), ['dateOfBirth']],
  ['a birth date that is a number', person({ dateOfBirth: 19901210 }), ['dateOfBirth']],
  ['a missing birth date', without(person(), 'dateOfBirth'), ['dateOfBirth']],
  ['missing names', without(person(), 'givenName', 'familyName'), ['givenName', 'familyName']],
  ['an empty name', person({ givenName: '' }), ['givenName']],
  ['a name of spaces', person({ familyName: '   ' }), ['familyName']],
  ['a name without a letter', person({ familyName: '123' }), ['familyName']],
  ['a name of 101 letters', person({ givenName: 'a'.repeat(101) }), ['givenName']],
  ['a name with a line break', person({ givenName: 'Ada\nB' }), ['givenName']],
  ['a name that is null', person({ givenName: null }), ['givenName']],
  ['an e-mail without @', person({ email: 'ada.example.com' }), ['email']],
  ['an e-mail without a domain', person({ email: 'ada@' }), ['email']],
  ['an e-mail without a dot in its domain', person({ email: 'ada@localhost' }), ['email']],
  ['an e-mail with a space', person({ email: 'a da@example.com' }), ['email']],
  ['two e-mails', person({ email: 'ada@example.com,bob@example.com' }), ['email']],
  ['an e-mail of 255 characters', person({ email: `${'a'.repeat(243)}@example.com` }), ['email']],
  ['a phone without +', person({ phone: '4930901820' }), ['phone']],
  ['a phone with 00', person({ phone: '004930901820' }), ['phone']],
  ['a phone with spaces', person({ phone: '+49 30 901820' }), ['phone']],
  ['a phone too short for its country', person({ phone: '+12025550' }), ['phone']],
  ['a phone of 16 digits', person({ phone: '+4930901820123456' }), ['phone']],
  ['a phone with letters', person({ phone: '+49FLORIN' }), ['phone']],
  ['a country in lower case', person({ address: address({ country: 'de' }) }), ['address.country']],
  ['a country of three letters', person({ address: address({ country: 'DEU' }) }), ['address.country']],
  ['a country that is none', person({ address: address({ country: 'ZZ' }) }), ['address.country']],
  ['an address without a city', person({ address: address({ city: undefined }) }), ['address.city']],
  ['an address with an unknown field', person({ address: address({ state: 'BE' }) }), ['address.state']],
  ['an address that is text', person({ address: 'Berlin' }), ['address']],
  ['metadata that is not text', person({ metadata: { age: 5 } }), ['metadata.age']],
  ['nested metadata', person({ metadata: { a: { b: 'c' } } }), ['metadata.a']],
  [
    '51 metadata',
    person({ metadata: Object.fromEntries(count(51).map((n) => [`k${n}`, 'v'])) }),
    ['metadata'],
  ],
  [
    'a metadata name of 41 letters',
    person({ metadata: { ['k'.repeat(41)]: 'v' } }),
    [`metadata.${'k'.repeat(41)}`],
  ],
  ['metadata of 501 letters', person({ metadata: { k: 'v'.repeat(501) } }), ['metadata.k']],
  ['a person with a legal name', person({ legalName: 'Ada GmbH' }), ['legalName']],
  ['an organisation with a birth date', organisation({ dateOfBirth: '1990-12-10' }), ['dateOfBirth']],
  ['an organisation without a name', without(organisation(), 'legalName'), ['legalName']],
  ['an unknown type', person({ type: 'company' }), ['type']],
  ['a missing type', without(person(), 'type'), ['type']],
  ['an id of the caller’s choice', person({ id: 'cus_01h455vb4pex5vsknk084sn02q' }), ['id']],
  ['a status', person({ status: 'closed' }), ['status']],
  ['a version', person({ version: 7 }), ['version']],
  ['a book', person({ bookId: 2 }), ['bookId']],
  ['a book as the database calls it', person({ book_id: 2 }), ['book_id']],
  ['a creation date', person({ createdAt: '2020-01-01T00:00:00Z' }), ['createdAt']],
  ['a field that only looks known', person({ given_name: 'Eve' }), ['given_name']],
];
for (const [name, body, fields] of REFUSED) {
  test(`${name} is refused, naming the field`, async () => {
    const answer = await api.leavesNothing(() => create(body));
    assert.deepEqual(badFields(answer), fields);
  });
}

const UNIQUE: [name: string, make: typeof person, field: string][] = [
  ['person', person, 'nationalId'],
  ['organisation', organisation, 'registrationNumber'],
  ['person', person, 'externalId'],
];
for (const [name, make, field] of UNIQUE) {
  test(`a second ${name} with the same ${field} is refused, and told nothing of the first`, async () => {
    const first = created(await create(make({ [field]: 'X-77' })));
    const second = await api.leavesNothing(() => create(make({ [field]: '  X-77 ' })));
    const problem = refused(second, 409, 'customer_exists');
    assert.deepEqual(
      problem.errors?.map(({ path }) => path),
      [field],
    );
    assert.ok(!second.text.includes(first.id) && !second.text.includes(first.email ?? ''), second.text);
    assert.equal((await create(make({ [field]: 'X-78' }))).status, 201);
  });
}

test('twenty at once with the same nationalId make one customer', async () => {
  const body = () => create(person({ nationalId: 'TWENTY' }));
  const answers = await Promise.all(count(20).map(body));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  for (const answer of answers) if (answer.status !== 201) refused(answer, 409, 'customer_exists');
});

test('a unique detail is compared in one Unicode form', async () => {
  assert.equal((await create(person({ nationalId: 'JOSE\u0301' }))).status, 201);
  refused(await create(person({ nationalId: 'JOS\u00c9' })), 409, 'customer_exists');
});

function address(fields: Record<string, unknown>): Record<string, unknown> {
  return { line1: 'Lindenstr. 1', city: 'Berlin', postalCode: '10969', country: 'DE', ...fields };
}

function without(body: Record<string, unknown>, ...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

function count(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
