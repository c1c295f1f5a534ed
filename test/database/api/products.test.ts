import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProductVersionView, ProductView } from '#features/products/schemas.ts';
import { type Answer, created, openApi, type Page, refused } from '#test/support/api.ts';

const api = await openApi();
const today = created(await api.get<{ businessDate: string }>('/v1/business-date')).businessDate;
const later = (days: number) => Temporal.PlainDate.from(today).add({ days }).toString();

type Fields = Readonly<Record<string, unknown>>;
const define = (code: string, fields: Fields = {}) =>
  api.post<ProductView>('/v1/products', {
    code,
    currency: 'EUR',
    kind: 'savings',
    name: 'Savings',
    ...fields,
  });
const addVersion = (code: string, fields: Fields) =>
  api.post<ProductVersionView>(`/v1/products/${code}/versions`, { currency: 'EUR', ...fields });
const open = async (product: string, fields: Fields = {}): Promise<Answer> => {
  const { id: customerId } = await api.newCustomer(fields.customer as Fields | undefined);
  const { customer: _, ...rest } = fields;
  return api.post('/v1/accounts', { customerId, product, currency: 'EUR', ...rest });
};
const fieldsOf = ({ body }: Answer) =>
  (body as { errors?: readonly { path: string }[] }).errors?.map(({ path }) => path);

test('a product is shown in each of its currencies', async () => {
  const { data } = created(await api.get<Page<ProductView>>('/v1/products/current'));
  assert.ok(data.length > 1 && data.every(({ code }) => code === 'current'));
  assert.ok(data.every(({ version, overdraftAllowed }) => version === null && overdraftAllowed));
  refused(await api.get('/v1/products/nothing'), 404, 'not_found');
});

test('the bank defines a product, and accounts are opened on it', async () => {
  const overdraft = { allowed: true, maximumLimit: '500.00' };
  const product = created(await define('start', { kind: 'current', name: 'Start', overdraft }));
  const { accounting, version, effectiveFrom, overdraftAllowed } = product;
  assert.deepEqual(
    [accounting.customerAccounts, version, effectiveFrom, overdraftAllowed, product.overdraft],
    ['2000', 1, today, true, overdraft],
  );
  created(await open('start', { overdraftLimit: '500.00' }));
  refused(await open('start', { overdraftLimit: '500.01' }), 422, 'overdraft_above_maximum');
  refused(await define('start', { kind: 'current' }), 409, 'product_exists');
  refused(await define('start', { currency: 'USD' }), 422, 'product_kind_differs');
  created(await define('start', { currency: 'USD', kind: 'current' }));
  await api.assertVerified();
});

test('a product says who may open an account', async () => {
  created(
    await define('young', { eligibility: { customerTypes: ['person'], minimumAge: 18, maximumAge: 27 } }),
  );
  const born = (years: number, days = 0) => ({
    customer: { dateOfBirth: Temporal.PlainDate.from(today).subtract({ years }).add({ days }).toString() },
  });
  created(await open('young', born(18)));
  created(await open('young', born(28, 1)));
  refused(await open('young', born(28)), 422, 'customer_not_eligible');
  created(await define('grown', { eligibility: { minimumAge: 30 } }));
  refused(await open('grown', born(30, 1)), 422, 'customer_not_eligible');
  created(await open('grown', born(30)));
  created(await define('firms', { eligibility: { customerTypes: ['organisation'] } }));
  refused(await open('firms'), 422, 'customer_not_eligible');
});

test('everything that is wrong with a product is said at once, and leaves nothing', async () => {
  const wrong = {
    kind: 'current',
    overdraft: { allowed: false, maximumLimit: '1.00' },
    eligibility: { minimumAge: 30, maximumAge: 29 },
  };
  await api.leavesNothing(async () => {
    const answer = await define('wrong', wrong);
    refused(answer, 400, 'validation_failed');
    assert.deepEqual(fieldsOf(answer), ['overdraft.maximumLimit', 'eligibility.maximumAge']);
    const tolerance = { overdraft: { allowed: false, maximumLimit: '1.00', unarrangedTolerance: '0.001' } };
    assert.deepEqual(fieldsOf(await define('wrong', tolerance)), [
      'overdraft.unarrangedTolerance',
      'overdraft.maximumLimit',
    ]);
    const negative = { overdraft: { allowed: true, unarrangedTolerance: '-1.00' } };
    refused(await define('wrong', negative), 400, 'invalid_amount');
    const twice = await define('Wrong Code', { kind: 'chequing', overdraft: {}, rate: 1 });
    refused(twice, 400, 'validation_failed');
    assert.deepEqual(fieldsOf(twice)?.toSorted(), ['code', 'kind', 'overdraft.allowed', 'rate']);
    const decimals = { overdraft: { allowed: true, maximumLimit: '1.001' } };
    refused(await define('wrong', decimals), 400, 'invalid_amount');
    const ages = { eligibility: { customerTypes: ['organisation'], minimumAge: 1 } };
    refused(await define('wrong', ages), 400, 'validation_failed');
    refused(await define('wrong', { currency: 'SEK' }), 422, 'currency_not_kept');
    refused(await define('wrong', { effectiveFrom: later(-1) }), 422, 'effective_date_over');
    refused(await define('wrong', { name: ' ' }), 400, 'validation_failed');
    const accounting = { customerAccounts: '1000', interestExpense: '9999' };
    const lines = await define('wrong', { accounting });
    refused(lines, 422, 'gl_account_unsuitable');
    assert.deepEqual(fieldsOf(lines), ['accounting.customerAccounts', 'accounting.interestExpense']);
    refused(
      await define('wrong', { accounting: { customerAccounts: '2300' } }),
      422,
      'gl_account_unsuitable',
    );
    refused(await define('wrong', { accounting: { interestExpense: '1000' } }), 422, 'gl_account_unsuitable');
  });
});

test('a product posts to lines that the bank made', async () => {
  const line = (code: string, fields: Fields) =>
    api.post('/v1/accounting/gl-accounts', { code, name: 'Line', ...fields });
  created(await line('2150', { class: 'liability', control: true }));
  created(await line('5050', { class: 'expense' }));
  created(await line('2151', { class: 'liability' }));
  const accounting = { customerAccounts: '2150', interestExpense: '5050' };
  const product = created(await define('of_lines', { accounting }));
  const { customerAccounts, interestExpense, interestPayable } = product.accounting;
  assert.deepEqual([customerAccounts, interestExpense, interestPayable], ['2150', '5050', '2600']);
  created(await open('of_lines'));
  const taken = { customerAccounts: '2151', interestExpense: '2150' };
  const refusal = await define('of_others', { accounting: taken });
  refused(refusal, 422, 'gl_account_unsuitable');
  assert.deepEqual(fieldsOf(refusal), ['accounting.customerAccounts', 'accounting.interestExpense']);
  refused(
    await api.patch('/v1/accounting/gl-accounts/5050', { retired: true }, '*'),
    409,
    'gl_account_in_use',
  );
  await api.assertVerified();
});

test('versions follow each other, and none begins in the past', async () => {
  created(await define('steps', { effectiveFrom: later(1) }));
  refused(await open('steps'), 422, 'product_not_offered_yet');
  await api.leavesNothing(async () => {
    refused(await addVersion('steps', { effectiveFrom: later(-1) }), 422, 'effective_date_over');
    refused(await addVersion('steps', { effectiveFrom: later(1) }), 422, 'version_out_of_order');
    refused(await addVersion('steps', { effectiveFrom: later(9), currency: 'USD' }), 422, 'unknown_product');
    refused(await addVersion('nothing', { effectiveFrom: later(9) }), 404, 'not_found');
    refused(await addVersion('steps', { effectiveFrom: '2026-02-30' }), 400, 'validation_failed');
    refused(await addVersion('steps', {}), 400, 'validation_failed');
  });
  const added = created(await addVersion('steps', { effectiveFrom: later(2), appliesTo: 'new_accounts' }));
  assert.deepEqual([added.version, added.appliesTo], [2, 'new_accounts']);
  const list = created(await api.get<Page<ProductVersionView>>('/v1/products/steps/versions'));
  assert.deepEqual(
    list.data.map(({ version, effectiveFrom }) => [version, effectiveFrom]),
    [
      [1, later(1)],
      [2, later(2)],
    ],
  );
  refused(await api.get('/v1/products/nothing/versions'), 404, 'not_found');
});

test('accounts that are open keep their terms, or follow new ones, as the version says', async () => {
  const overdraft = (maximumLimit: string) => ({ overdraft: { allowed: true, maximumLimit } });
  created(await define('keeps', { kind: 'current', ...overdraft('100.00') }));
  const account = created(await open('keeps')) as { id: string };
  const limit = (overdraftLimit: string) => api.patch(`/v1/accounts/${account.id}`, { overdraftLimit }, '*');
  const next = { effectiveFrom: later(1), appliesTo: 'new_accounts', ...overdraft('300.00') };
  created(await addVersion('keeps', next));
  created(await addVersion('keeps', { effectiveFrom: later(2), ...overdraft('200.00') }));
  created(await api.post('/v1/business-date', { businessDate: later(1) }));
  created(await limit('100.00'));
  refused(await limit('100.01'), 422, 'overdraft_above_maximum');
  created(await open('keeps', { overdraftLimit: '300.00' }));
  created(await api.post('/v1/business-date', { businessDate: later(2) }));
  created(await limit('200.00'));
  refused(await limit('200.01'), 422, 'overdraft_above_maximum');
});

test('a product is renamed and retired', async () => {
  created(await define('old_one'));
  const change = { name: 'Old savings', status: 'retired' };
  const { data } = created(await api.patch<Page<ProductView>>('/v1/products/old_one', change, undefined));
  assert.deepEqual([data[0]?.name, data[0]?.status], ['Old savings', 'retired']);
  refused(await open('old_one'), 422, 'product_retired');
  refused(await api.patch('/v1/products/old_one', { status: 'gone' }, undefined), 400, 'validation_failed');
  refused(await (await api.as('teller')).post('/v1/products', { code: 'x' }), 403, 'forbidden');
});
