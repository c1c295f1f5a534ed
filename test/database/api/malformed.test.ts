import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Answer,
  cash,
  move,
  openApi,
  organisation,
  type Problem,
  person,
  refused,
} from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

const account = await api.newAccount({ balance: '100.00' });
const other = await api.newAccount();
const deposit = await api.deposit(account, '1.00');
const placing = { accountId: account.id, amount: '2.00', currency: 'EUR' };
const hold = await api.pay<{ id: string }>('/v1/holds', placing);

/** Every call that takes a body, with one that would do. */
const CALLS: [method: string, path: string, body: Record<string, unknown>][] = [
  ['POST', '/v1/customers', person()],
  ['POST', '/v1/customers', organisation()],
  ['PATCH', `/v1/customers/${account.customerId}`, { givenName: 'Eve' }],
  ['POST', '/v1/accounts', { customerId: account.customerId, product: 'current', currency: 'EUR' }],
  ['PATCH', `/v1/accounts/${account.id}`, { externalId: 'e-1' }],
  ['POST', `/v1/accounts/${account.id}/freeze`, { reason: 'x' }],
  ['POST', `/v1/accounts/${other.id}/close`, { reason: 'x' }],
  ['POST', `/v1/accounts/${account.id}/holders`, { customerId: other.customerId, role: 'joint' }],
  ['POST', '/v1/deposits', cash(account, '1.00')],
  ['POST', '/v1/withdrawals', cash(account, '1.00')],
  ['POST', '/v1/transfers', move(account, other, '1.00')],
  ['POST', `/v1/transactions/${deposit.id}/reverse`, { reason: 'x' }],
  ['PUT', `/v1/accounts/${account.id}/limits`, { perDay: '1.00' }],
  ['PUT', '/v1/limits', { currency: 'EUR', perDay: '1.00' }],
  ['POST', '/v1/holds', placing],
  ['POST', `/v1/holds/${hold.body.id}/capture`, { amount: '1.00' }],
];

type Body = string | Uint8Array<ArrayBuffer>;

const send = (method: string, path: string, body: Body, headers: Record<string, string> = {}) =>
  api.leavesNothing(() =>
    api.raw(method, path, body, { 'idempotency-key': newKey(), 'if-match': '*', ...headers }),
  );

/** What may be wrong with the bytes of a body, given one that is right. */
const SPOILED: [name: string, spoil: (json: string) => Body][] = [
  ['a key given twice', (json) => json.replace(/\{("\w+"):/, '{$1:"twice",$1:')],
  [
    '100,000 nested arrays',
    (json) => json.replace('{', `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)},`),
  ],
  ['100,000 open objects', () => '{"a":'.repeat(100_000)],
  [
    'invalid UTF-8',
    (json) => Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.from(',"x":"\xff"}', 'latin1')]),
  ],
  ['NUL in text', (json) => json.replace(/:"/, ':"\\u0000')],
  ['half a surrogate pair', (json) => json.replace(/:"/, ':"\\ud800')],
  ['__proto__', (json) => json.replace('{', '{"__proto__":{"status":"closed"},')],
  ['a body cut off', (json) => json.slice(0, -1)],
  ['nothing', () => ''],
  ['two bodies', (json) => `${json}${json}`],
];
for (const [name, spoil] of SPOILED) {
  test(`${name} is 400 invalid_json on every call, and nothing is done`, async () => {
    for (const [method, path, body] of CALLS) {
      const answer = await send(method, path, spoil(JSON.stringify(body)));
      refused(answer, 400, 'invalid_json');
    }
  });
}

for (const json of ['null', '[]', '"text"', '5', 'true']) {
  test(`the body ${json} is 400 on every call`, async () => {
    for (const [method, path] of CALLS) {
      const { code } = (await send(method, path, json)).body as Problem;
      assert.equal(code, 'validation_failed', `${method} ${path}`);
    }
  });
}

test('a body that is not declared as JSON is 415 on every call', async () => {
  for (const [method, path, body] of CALLS) {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const answer = await send(method, path, JSON.stringify(body), { 'content-type': type });
      refused(answer, 415, 'unsupported_media_type');
    }
  }
});

test('a body over one MiB is 413 on every call', async () => {
  for (const [method, path, body] of CALLS) {
    const large = JSON.stringify({ ...body, metadata: { a: 'x'.repeat(1024 * 1024) } });
    refused(await send(method, path, large), 413, 'payload_too_large');
  }
});

test('an unknown field is named on every call', async () => {
  for (const [method, path, body] of CALLS) {
    const problem = refused(
      await send(method, path, JSON.stringify({ ...body, isAdmin: true })),
      400,
      'validation_failed',
    );
    const [error] = problem.errors ?? [];
    assert.deepEqual([error?.path, error?.message], ['isAdmin', 'is not a known field']);
  }
});

test('every call does its work once its body is right', async () => {
  const before = await api.snapshot();
  const [create] = CALLS;
  const answer = await api.raw(create![0], create![1], JSON.stringify(create![2]));
  assert.equal(answer.status, 201);
  assert.notDeepEqual(await api.snapshot(), before, 'a snapshot sees what is new');
});

const POISON = [
  "'; drop table customers; --",
  '{{7*7}} $(id)',
  '<script>alert(1)</script>',
  '%s%n',
  '../../etc/passwd',
];
for (const text of POISON) {
  test(`the text ${text} is kept as text, and looked for as text`, async () => {
    const customer = await api.newCustomer({ givenName: `A ${text}`, externalId: text });
    assert.equal(customer.givenName, `A ${text}`);
    const paid = await api.deposit(account, '1.00', { reference: text, description: text });
    assert.equal(paid.reference, text);
    const query = encodeURIComponent(text);
    const found = await api.get<{ data: { id: string }[] }>(`/v1/customers?q=${query}`);
    assert.deepEqual(
      found.body.data.map(({ id }) => id),
      [customer.id],
    );
    const paidAgain = await api.get<{ data: { id: string }[] }>(`/v1/transactions?reference=${query}`);
    assert.deepEqual(
      paidAgain.body.data.map(({ id }) => id),
      [paid.id],
    );
  });
}

test('no refusal tells of another customer’s data', async () => {
  const secret = { nationalId: 'SECRET-1', externalId: 'secret-2', email: 'secret.3@example.com' };
  const victim = await api.newCustomer({ givenName: 'Secretia', ...secret });
  const theirs = await api.newAccount({ customerId: victim.id, externalId: 'secret-4', balance: '777.77' });
  await api.post(`/v1/accounts/${theirs.id}/freeze`, { reason: 'secret-5' });
  const attempts = [
    () => api.post('/v1/customers', person({ nationalId: 'SECRET-1' })),
    () => api.post('/v1/customers', person({ externalId: 'secret-2' })),
    () =>
      api.post('/v1/accounts', {
        customerId: account.customerId,
        product: 'current',
        currency: 'EUR',
        externalId: 'secret-4',
      }),
    () => api.pay('/v1/transfers', move(account, theirs, '1.00')),
    () => api.pay('/v1/transfers', move(account, theirs, '1.00', { currency: 'USD' })),
    () => api.delete(`/v1/customers/${victim.id}`),
    () => api.post(`/v1/accounts/${theirs.id}/close`, { reason: 'x' }),
  ];
  const told = ['Secretia', 'secret.3', '777.77', 'secret-5', theirs.iban, theirs.number];
  for (const attempt of attempts) {
    const answer = await api.leavesNothing(attempt);
    assert.ok(answer.status >= 400, answer.text);
    for (const word of told) assert.ok(!answer.text.includes(word), answer.text);
  }
});

test('a text with NUL is refused by its name, and null where a text is due as that', async () => {
  const account = await api.newAccount();
  const payment = { externalReference: newKey(), amount: '1.00', currency: 'EUR' };
  const detailOf = (answer: Answer) => (answer.body as unknown as { detail: string }).detail;
  const nul = await api.pay('/v1/incoming-payments', {
    ...payment,
    iban: account.iban,
    reference: 'a\u0000b',
  });
  refused(nul, 400, 'invalid_json');
  assert.equal(detailOf(nul), 'reference holds NUL or half a surrogate pair: no text has one.');
  const none = await api.pay('/v1/incoming-payments', { ...payment, iban: null });
  refused(none, 400, 'validation_failed');
  assert.equal(detailOf(none), 'iban must be string, and not null.');
});
