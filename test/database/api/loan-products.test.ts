import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuoteView } from '#features/loans/products/quote-schemas.ts';
import type { LoanProductView } from '#features/loans/products/schemas.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';

const api = await openApi();

type Fields = Readonly<Record<string, unknown>>;

const CONDITIONS = {
  currency: 'EUR',
  amount: { min: '500.00', max: '5000.00' },
  instalments: { min: 3, max: 24 },
  annualRatePercent: { min: '6', max: '18', default: '12' },
};

const WHOLE = {
  ...CONDITIONS,
  rateTable: [{ amountFrom: '2000.00', annualRatePercent: '9' }],
  every: { count: 1, unit: 'month' },
  method: 'annuity',
  dayCount: 'actual/actual',
  interestPer: 'day',
  yearSplit: 'december_31',
  monthEnd: 'roll',
  rounding: 'half_up',
  downPaymentPercent: '10',
  oneCentNudge: true,
  gracePrincipal: { max: 2, default: 1 },
  graceInterest: { max: 1 },
  fees: [
    { kind: 'origination', percent: '2' },
    { kind: 'instalment', amount: '1.50' },
    { kind: 'late', percent: '5', of: 'principal_and_interest' },
  ],
  penaltyRatePercent: '20',
  repaymentOrder: ['interest', 'principal', 'fee', 'penalty'],
  overpayment: 'credit',
  arrearsTolerance: '5.00',
  arrearsAfterDays: 3,
  provisioningPercent: { current: '1', days1To30: '5', days31To60: '25', days61To90: '50', over90: '100' },
};

let count = 0;
const create = (fields: Fields = {}) => {
  count += 1;
  const body = { name: `Loan ${count}`, ...CONDITIONS, ...fields };
  return api.post<LoanProductView>('/v1/loan-products', body);
};

const quote = (productId: string, fields: Fields = {}) =>
  api.post<QuoteView>('/v1/loans/quote', {
    productId,
    amount: '1000.00',
    currency: 'EUR',
    instalments: 3,
    disbursedOn: '2026-01-31',
    ...fields,
  });

const interest = async (productId: string, fields: Fields = {}) =>
  created(await quote(productId, fields)).schedule.map((row) => row.interest);

test('a product is what was said of it, and is found by its id', async () => {
  const answer = await create({ ...WHOLE, name: '  Car loan ' });
  assert.equal(answer.status, 201);
  const { id, createdAt, ...rest } = answer.body;
  assert.match(id, /^lnp_/);
  assert.equal(answer.headers.get('location'), `/v1/loan-products/${id}`);
  assert.equal(createdAt, '2026-01-14T12:00:00.000Z');
  const settled = { lateFeeRule: 'unless_paid_in_grace', provisionsOf: 'principal_and_interest' };
  const unlabelled = { externalId: null, metadata: {} };
  assert.deepEqual(rest, { ...WHOLE, name: 'Car loan', ...settled, ...unlabelled });
  assert.deepEqual((await api.get(`/v1/loan-products/${id}`)).body, answer.body);
});

test('who defined it is in the audit log', async () => {
  const { id, name } = created(await create());
  const [row] = await api.asOwner(`select operation, role, after from audit_log where resource_id = '${id}'`);
  assert.deepEqual(row, {
    operation: 'createLoanProduct',
    role: 'manager',
    after: { name, currency: 'EUR' },
  });
});

test('the list is newest first, page by page', async () => {
  const names = [];
  for (let index = 0; index < 3; index++) names.unshift(created(await create()).name);
  const pages = await api.allPages<LoanProductView>('/v1/loan-products', 2);
  assert.deepEqual(
    pages
      .flat()
      .map(({ name }) => name)
      .slice(0, 3),
    names,
  );
  assert.ok(pages.every((page) => page.length <= 2));
  assert.deepEqual(badFields(await api.get('/v1/loan-products?cursor=x')), ['cursor']);
});

test('a name is that of one product', async () => {
  await create({ name: 'Twice' });
  const answer = await api.leavesNothing(() => create({ name: 'Twice' }));
  assert.deepEqual(
    refused(answer, 409, 'loan_product_exists').errors?.map(({ path }) => path),
    ['name'],
  );
});

test('of the same product defined at once there is one', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => create({ name: 'At once' })));
  assert.equal(answers.filter(({ status }) => status === 409).length, 4);
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
});

test('a quote on a product needs no more than what is lent, for how long and from when', async () => {
  const { id } = created(await create());
  await api.leavesNothing(async () => {
    assert.deepEqual(await interest(id), ['10.00', '6.70', '3.37']);
  });
  assert.deepEqual(await interest(id, { annualRatePercent: '6' }), ['5.00', '3.34', '1.68']);
});

test('a product says the rate by the amount, the grace, the down payment and the fees', async () => {
  const { id } = created(await create({ ...WHOLE, dayCount: '30/360', yearSplit: 'isda' }));
  const { schedule } = created(await quote(id, { amount: '1999.99' }));
  // 2 % of 1999.99, 10 % of it back, and one instalment of interest alone on 1799.99 at 1 %.
  assert.deepEqual(
    schedule
      .slice(0, 3)
      .map(({ number, principal, interest: earned, fees }) => [number, principal, earned, fees]),
    [
      [0, '0.00', '0.00', '40.00'],
      [1, '200.00', '0.00', '0.00'],
      [2, '0.00', '18.00', '1.50'],
    ],
  );
  // 0.75 % of 1800 and of 3600; without the grace as well.
  assert.equal((await interest(id, { amount: '2000.00' }))[2], '13.50');
  assert.equal((await interest(id, { amount: '4000.00', gracePrincipal: 0 }))[2], '27.00');
});

const OUTSIDE: readonly [code: string, fields: Fields][] = [
  ['currency_mismatch', { currency: 'USD' }],
  ['amount_outside_product', { amount: '499.99' }],
  ['amount_outside_product', { amount: '5000.01' }],
  ['amount_outside_product', { amount: '4000.00', disbursements: [{ on: '2026-02-10', amount: '1000.01' }] }],
  ['term_outside_product', { instalments: 2 }],
  ['term_outside_product', { instalments: 25 }],
  ['rate_outside_product', { annualRatePercent: '5.999999' }],
  ['rate_outside_product', { annualRatePercent: '18.000001' }],
  ['rate_outside_product', { rateChanges: [{ from: '2026-02-15', annualRatePercent: '19' }] }],
  ['grace_outside_product', { gracePrincipal: 1 }],
  ['grace_outside_product', { graceInterest: 1 }],
];

test('what the product does not take is refused, and what lies on its limits is not', async () => {
  const { id } = created(await create());
  for (const [code, fields] of OUTSIDE) refused(await quote(id, fields), 422, code);
  const within: readonly Fields[] = [
    { amount: '500.00' },
    { amount: '5000.00' },
    { amount: '4000.00', disbursements: [{ on: '2026-02-10', amount: '1000.00' }] },
    { instalments: 24 },
    { annualRatePercent: '18' },
    { gracePrincipal: 0 },
  ];
  for (const fields of within) assert.equal((await quote(id, fields)).status, 200, JSON.stringify(fields));
});

test('what the product says nobody else does, and a product that is none is not found', async () => {
  const { id } = created(await create());
  assert.deepEqual(badFields(await quote(id, { method: 'flat' })), ['method']);
  assert.deepEqual(badFields(await quote(id, { fees: [] })), ['fees']);
  refused(await quote('lnp_01h455vb4pex5vsknk084sn02q'), 404, 'not_found');
  refused(await quote('car-loan'), 404, 'not_found');
  refused(await api.get('/v1/loan-products/lnp_01h455vb4pex5vsknk084sn02q'), 404, 'not_found');
  const bare = { amount: '100.00', currency: 'EUR', instalments: 3, disbursedOn: '2026-01-31' };
  assert.deepEqual(badFields(await api.post('/v1/loans/quote', bare)), ['annualRatePercent']);
});

const INVALID: readonly [fields: Fields, path: string, code?: string][] = [
  [{ name: ' ' }, 'name'],
  [{ currency: 'XXX' }, 'currency'],
  [{ amount: { min: '2', max: '1' } }, 'amount.max'],
  [{ amount: { min: '0', max: '1' } }, 'amount.min', 'invalid_amount'],
  [{ instalments: { min: 4, max: 3 } }, 'instalments.max'],
  [{ instalments: { min: 1, max: 601 } }, 'instalments.max'],
  [{ annualRatePercent: { min: '7', max: '6', default: '6' } }, 'annualRatePercent.max'],
  [{ annualRatePercent: { min: '6', max: '7', default: '8' } }, 'annualRatePercent.default'],
  [{ rateTable: [{ amountFrom: '1', annualRatePercent: '19' }] }, 'rateTable[0].annualRatePercent'],
  [
    {
      rateTable: [
        { amountFrom: '1', annualRatePercent: '9' },
        { amountFrom: '1.00', annualRatePercent: '8' },
      ],
    },
    'rateTable',
  ],
  [{ gracePrincipal: { max: 1, default: 2 } }, 'gracePrincipal.max'],
  [{ gracePrincipal: { max: 3, default: 3 } }, 'gracePrincipal', 'grace_too_long'],
  [{ fees: [{ kind: 'late' }] }, 'fees[0]', 'fee_not_one_of_amount_and_percent'],
  [{ method: 'flat', oneCentNudge: true }, 'oneCentNudge', 'nudge_without_annuity'],
  [{ every: { count: 1000, unit: 'month' } }, 'instalments', 'term_too_long'],
  [{ downPaymentPercent: '100' }, 'downPaymentPercent', 'down_payment_out_of_range'],
  [{ penaltyRatePercent: '1001' }, 'penaltyRatePercent', 'rate_out_of_range'],
  [{ repaymentOrder: ['fee', 'fee', 'interest', 'principal'] }, 'repaymentOrder'],
  [{ arrearsTolerance: '0.001' }, 'arrearsTolerance', 'invalid_amount'],
  [{ provisioningPercent: { ...WHOLE.provisioningPercent, over90: '100.1' } }, 'provisioningPercent.over90'],
  [{ status: 'active' }, 'status'],
];

for (const [fields, path, code] of INVALID) {
  test(`${JSON.stringify(fields)} defines no product`, async () => {
    const answer = await api.leavesNothing(() => create(fields));
    assert.deepEqual(badFields(answer, code), [path]);
  });
}
