import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { ProductView } from '#features/products/schemas.ts';
import { badFields, created, openApi, type Page, refused, withIban } from '#test/support/api.ts';

const api = await openApi();

const patch = (account: AccountView, body: Record<string, unknown>, etag: string | undefined) =>
  api.patch<AccountView>(`/v1/accounts/${account.id}`, body, etag);

/** ISO 7064 mod 97-10 over the IBAN with its first four characters moved behind, letters as 10 to 35. */
function ibanRemainder(iban: string): bigint {
  const turned = `${iban.slice(4)}${iban.slice(0, 4)}`;
  return BigInt(turned.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))) % 97n;
}

test('an account is opened empty, with its customer as owner and a valid IBAN of the book’s bank', async () => {
  const customer = await api.newCustomer();
  const request = { customerId: customer.id, product: 'current', currency: 'EUR' };
  const details = { overdraftLimit: '500', externalId: 'core-1', metadata: { branch: '7' } };
  const answer = await api.post<AccountView>('/v1/accounts', { ...request, ...details });
  assert.equal(answer.status, 201);
  const { id, number, iban, createdAt, updatedAt, ...rest } = withIban(answer.body);
  assert.deepEqual(rest, {
    ...request,
    ...details,
    status: 'active',
    frozen: null,
    isEstate: false,
    statusReason: null,
    customerReason: null,
    holders: [{ customerId: customer.id, role: 'owner' }],
    overdraftLimit: '500.00',
    unarrangedOverdraft: '0.00',
    minimumBalance: '0.00',
    balance: { posted: '0.00', held: '0.00', available: '500.00' },
    openedOn: '2026-01-14',
    closedOn: null,
    closingNoticeOn: null,
  });
  assert.match(number, /^\d{10}$/);
  assert.match(iban, /^DE\d{20}$/);
  assert.equal(iban.slice(4), `10010010${number}`);
  assert.equal(ibanRemainder(iban), 1n);
  assert.equal(createdAt, updatedAt);
  assert.equal(answer.headers.get('location'), `/v1/accounts/${id}`);
  assert.equal(answer.headers.get('etag'), '"1"');
  assert.deepEqual((await api.get(`/v1/accounts/${id}`)).body, answer.body);
});

test('every account has a number and an IBAN of its own, each valid', async () => {
  const { id: customerId } = await api.newCustomer();
  const accounts = await Promise.all(Array.from({ length: 20 }, () => api.newAccount({ customerId })));
  assert.equal(new Set(accounts.map(({ iban }) => iban)).size, 20);
  assert.equal(new Set(accounts.map(({ number }) => number)).size, 20);
  for (const { iban } of accounts) assert.equal(ibanRemainder(iban), 1n, iban);
});

test('there is a current and a savings product for every currency, and accounts open on each', async () => {
  const { data } = created(await api.get<Page<ProductView>>('/v1/products'));
  const currencies = ['CHF', 'CZK', 'EUR', 'GBP', 'JPY', 'KWD', 'USD'];
  assert.deepEqual(
    data.map(({ code, currency, overdraftAllowed }) => [currency, code, overdraftAllowed]),
    currencies.flatMap((currency) => [
      [currency, 'current', true],
      [currency, 'savings', false],
    ]),
  );
  const { id: customerId } = await api.newCustomer();
  const zeros = { EUR: '0.00', JPY: '0', KWD: '0.000' };
  for (const [currency, zero] of Object.entries(zeros)) {
    const account = await api.newAccount({ customerId, product: 'savings', currency });
    assert.deepEqual(account.balance, { posted: zero, held: zero, available: zero });
    assert.equal(account.overdraftLimit, zero);
  }
});

const REFUSED: [name: string, fields: Record<string, unknown>, status: number, code: string][] = [
  ['an unknown product', { product: 'gold' }, 422, 'unknown_product'],
  ['a product in another case', { product: 'Current' }, 422, 'unknown_product'],
  ['a currency that the bank does not keep', { currency: 'SEK' }, 422, 'unknown_product'],
  ['an overdraft on savings', { product: 'savings', overdraftLimit: '0.01' }, 422, 'overdraft_not_allowed'],
  ['a code that is no currency', { currency: 'XYZ' }, 400, 'validation_failed'],
  ['a currency in lower case', { currency: 'eur' }, 400, 'validation_failed'],
  ['a negative overdraft', { overdraftLimit: '-1' }, 400, 'invalid_amount'],
  ['an overdraft that is a number', { overdraftLimit: 100 }, 400, 'invalid_amount'],
  ['an overdraft of too many decimals', { overdraftLimit: '0.001' }, 400, 'invalid_amount'],
  ['an overdraft of thirteen digits', { overdraftLimit: '1000000000000' }, 400, 'invalid_amount'],
  ['an absent customer', { customerId: 'cus_01h455vb4pex5vsknk084sn02q' }, 404, 'not_found'],
  ['the id of something else', { customerId: 'acc_01h455vb4pex5vsknk084sn02q' }, 404, 'not_found'],
  ['no id at all', { customerId: "' or 1=1" }, 404, 'not_found'],
  ['a status', { status: 'closed' }, 400, 'validation_failed'],
  ['an IBAN of the caller’s choice', { iban: 'DE89370400440532013000' }, 400, 'validation_failed'],
  ['a balance', { balance: { posted: '100.00' } }, 400, 'validation_failed'],
  ['an empty external id', { externalId: '' }, 400, 'validation_failed'],
  ['an external id of spaces', { externalId: '  ' }, 400, 'validation_failed'],
];
for (const [name, fields, status, code] of REFUSED) {
  test(`an account with ${name} is refused: ${status} ${code}`, async () => {
    const customer = await api.newCustomer();
    const body = { customerId: customer.id, product: 'current', currency: 'EUR', ...fields };
    refused(await api.leavesNothing(() => api.post('/v1/accounts', body)), status, code);
  });
}

test('savings without overdraft take an overdraft limit of zero', async () => {
  assert.equal((await api.newAccount({ product: 'savings', overdraftLimit: '0' })).overdraftLimit, '0.00');
});

test('the largest overdraft limit has twelve digits before the point, exactly', async () => {
  const account = await api.newAccount({ overdraftLimit: '999999999999.99' });
  assert.equal(account.balance.available, '999999999999.99');
});

test('an external id belongs to one account', async () => {
  await api.newAccount({ externalId: 'core-77' });
  const { id: customerId } = await api.newCustomer();
  const body = { customerId, product: 'current', currency: 'EUR', externalId: 'core-77' };
  const problem = refused(
    await api.leavesNothing(() => api.post('/v1/accounts', body)),
    409,
    'account_exists',
  );
  assert.deepEqual(
    problem.errors?.map(({ path }) => path),
    ['externalId'],
  );
});

test('a change takes the ETag that was read, and gives the next one', async () => {
  const account = await api.newAccount({ externalId: 'core-2', metadata: { a: '1' } });
  const changes = { overdraftLimit: '20.00', externalId: null, metadata: {} };
  const answer = await patch(account, changes, '"1"');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('etag'), '"2"');
  const { updatedAt: _, ...rest } = answer.body;
  const { updatedAt: __, ...before } = account;
  const balance = { posted: '0.00', held: '0.00', available: '20.00' };
  assert.deepEqual(rest, { ...before, ...changes, balance });
  refused(await api.leavesNothing(() => patch(account, changes, '"1"')), 412, 'version_conflict');
  refused(await patch(account, changes, undefined), 428, 'precondition_required');
  assert.equal((await patch(account, { overdraftLimit: '0' }, '*')).headers.get('etag'), '"3"');
});

test('money that moves does not make an ETag stale', async () => {
  const account = await api.newAccount({ balance: '1.00' });
  assert.equal((await patch(account, { metadata: { a: 'b' } }, '"1"')).status, 200);
});

test('an overdraft limit goes down to what is drawn and no further', async () => {
  const account = await api.newAccount({ overdraftLimit: '100.00' });
  await api.withdraw(account, '40.00');
  const low = await api.leavesNothing(() => patch(account, { overdraftLimit: '39.99' }, '*'));
  refused(low, 422, 'overdraft_in_use');
  const answer = created(await patch(account, { overdraftLimit: '40.00' }, '*'));
  assert.deepEqual(answer.balance, { posted: '-40.00', held: '0.00', available: '0.00' });
  refused(
    await api.pay('/v1/withdrawals', { ...payOut(account), amount: '0.01' }),
    422,
    'insufficient_funds',
  );
});

const BAD_CHANGES: [body: Record<string, unknown>, code: string, field: string][] = [
  [{}, 'validation_failed', 'body'],
  [{ status: 'closed' }, 'validation_failed', 'status'],
  [{ currency: 'USD' }, 'validation_failed', 'currency'],
  [{ customerId: 'cus_01h455vb4pex5vsknk084sn02q' }, 'validation_failed', 'customerId'],
  [{ version: 5 }, 'validation_failed', 'version'],
  [{ overdraftLimit: null }, 'invalid_amount', 'overdraftLimit'],
  [{ overdraftLimit: '-0.01' }, 'invalid_amount', 'overdraftLimit'],
  [{ overdraftLimit: '1.999' }, 'invalid_amount', 'overdraftLimit'],
  [{ metadata: null }, 'validation_failed', 'metadata'],
];
for (const [body, code, field] of BAD_CHANGES) {
  test(`a change of an account to ${JSON.stringify(body)} is refused, naming ${field}`, async () => {
    const account = await api.newAccount();
    const answer = await api.leavesNothing(() => patch(account, body, '"1"'));
    assert.deepEqual(badFields(answer, code), [field]);
  });
}

test('savings get no overdraft later either', async () => {
  const account = await api.newAccount({ product: 'savings' });
  refused(await patch(account, { overdraftLimit: '1' }, '*'), 422, 'overdraft_not_allowed');
});

test('accounts are found by holder, status, IBAN however written, and external id', async () => {
  const account = await api.newAccount({ externalId: 'find-me' });
  const second = await api.newAccount({ customerId: account.customerId });
  const joint = await api.newCustomer();
  await api.post(`/v1/accounts/${second.id}/holders`, { customerId: joint.id, role: 'authorised' });
  await api.post(`/v1/accounts/${account.id}/freeze`, { reason: 'lost card' });
  const ids = async (query: string) =>
    created(await api.get<Page<AccountView>>(`/v1/accounts?${query}`)).data.map(({ id }) => id);
  assert.deepEqual(await ids(`customerId=${account.customerId}`), [second.id, account.id]);
  assert.deepEqual(await ids(`customerId=${joint.id}`), [second.id]);
  assert.deepEqual(await ids(`customerId=${account.customerId}&status=frozen`), [account.id]);
  assert.deepEqual(await ids(`customerId=${account.customerId}&status=closed`), []);
  assert.deepEqual(await ids(`iban=${account.iban}`), [account.id]);
  const spaced = account.iban.toLowerCase().replaceAll(/(.{4})/g, '$1 ');
  assert.deepEqual(await ids(`iban=${encodeURIComponent(spaced)}`), [account.id]);
  assert.deepEqual(await ids('externalId=find-me'), [account.id]);
  assert.deepEqual(await ids('customerId=cus_01h455vb4pex5vsknk084sn02q'), []);
  const wrongDigit = account.iban.replace(/.$/, (last) => String((Number(last) + 1) % 10));
  assert.deepEqual(badFields(await api.get(`/v1/accounts?iban=${wrongDigit}`)), ['iban']);
  assert.deepEqual(badFields(await api.get('/v1/accounts?customerId=5')), ['customerId']);
});

test('thirty accounts come page by page, newest first, none twice and none missing', async () => {
  const { id: customerId } = await api.newCustomer();
  const ids: string[] = [];
  for (let index = 0; index < 30; index++) ids.unshift((await api.newAccount({ customerId })).id);
  const pages = await api.allPages<AccountView>(`/v1/accounts?customerId=${customerId}`, 7);
  assert.deepEqual(
    pages.map(({ length }) => length),
    [7, 7, 7, 7, 2],
  );
  assert.deepEqual(
    pages.flat().map(({ id }) => id),
    ids,
  );
});

function payOut(account: AccountView): Record<string, unknown> {
  return { accountId: account.id, currency: 'EUR', mode: 'cash' };
}
