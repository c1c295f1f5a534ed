import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuoteView } from '#features/loans/products/quote-schemas.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';

const api = await openApi();

const TERMS = {
  amount: '1000.00',
  currency: 'EUR',
  annualRatePercent: '12',
  instalments: 3,
  every: { count: 1, unit: 'month' },
  method: 'annuity',
  dayCount: '30/360',
  interestPer: 'day',
  disbursedOn: '2026-01-31',
  monthEnd: 'clamp',
  rounding: 'half_even',
};

type Fields = Readonly<Record<string, unknown>>;
const quote = (fields: Fields = {}) => api.post<QuoteView>('/v1/loans/quote', { ...TERMS, ...fields });

test('a quote is the whole schedule, totals and annual rates, and nothing is stored', async () => {
  const view = await api.leavesNothing(async () => created(await quote()));
  // 1,000 at 1 % a month over three: 340.022 each. 10.00, then 1 % of 669.98, then 1 % of 336.66.
  assert.deepEqual(view, {
    schedule: [
      {
        number: 1,
        dueDate: '2026-02-28',
        principal: '330.02',
        interest: '10.00',
        fees: '0.00',
        total: '340.02',
        outstanding: '669.98',
      },
      {
        number: 2,
        dueDate: '2026-03-31',
        principal: '333.32',
        interest: '6.70',
        fees: '0.00',
        total: '340.02',
        outstanding: '336.66',
      },
      {
        number: 3,
        dueDate: '2026-04-30',
        principal: '336.66',
        interest: '3.37',
        fees: '0.00',
        total: '340.03',
        outstanding: '0.00',
      },
    ],
    totals: { principal: '1000.00', interest: '20.07', fees: '0.00', total: '1020.07' },
    // Rounding to the cent shows: 1.01 to the power of 12 is 12.6825 %.
    aprPercent: '12.6849',
    effectiveAnnualRatePercent: '12.6849',
  });
});

test('the rule of the United States gives the nominal rate', async () => {
  const view = created(await quote({ amount: '1000000.00', apr: 'us' }));
  assert.equal(view.aprPercent, '12.0000');
  assert.equal(view.effectiveAnnualRatePercent, '12.6825');
});

test('every role may ask, a customer too', async () => {
  const customer = await api.as('customer', await api.bank.newCustomer());
  assert.equal((await customer.post('/v1/loans/quote', TERMS)).status, 200);
});

test('what terms leave out has the value that the document says', async () => {
  const { amount, currency, annualRatePercent, instalments, disbursedOn } = TERMS;
  const least = { amount, currency, annualRatePercent, instalments, disbursedOn };
  assert.deepEqual(created(await api.post('/v1/loans/quote', least)), created(await quote()));
});

test('fees are in their rows, and the origination fee is paid with the disbursement', async () => {
  const fees = [
    { kind: 'origination', percent: '2' },
    { kind: 'instalment', amount: '1.50' },
    { kind: 'instalment', percent: '1', of: 'principal_and_interest' },
  ];
  const { schedule, totals, aprPercent } = created(await quote({ fees }));
  assert.deepEqual(
    schedule.map(({ number, dueDate, fees: fee, total }) => [number, dueDate, fee, total]),
    [
      [0, '2026-01-31', '20.00', '20.00'],
      [1, '2026-02-28', '4.90', '344.92'],
      [2, '2026-03-31', '4.90', '344.92'],
      [3, '2026-04-30', '4.90', '344.93'],
    ],
  );
  assert.equal(totals.fees, '34.70');
  assert.equal(totals.total, '1054.77');
  assert.ok(Number(aprPercent) > 35);
});

test('a currency without decimals, and one with three', async () => {
  const yen = created(await quote({ amount: '100000', currency: 'JPY' }));
  assert.deepEqual(
    yen.schedule.map(({ total }) => total),
    ['34002', '34002', '34003'],
  );
  const dinar = created(await quote({ amount: '1000', currency: 'KWD' }));
  assert.deepEqual(
    dinar.schedule.map(({ total }) => total),
    ['340.022', '340.022', '340.023'],
  );
});

test('six hundred instalments are answered, and not one more', async () => {
  assert.equal(created(await quote({ instalments: 600 })).schedule.length, 600);
  assert.deepEqual(badFields(await quote({ instalments: 601 })), ['instalments']);
});

const INVALID: readonly [what: string, fields: Fields, paths: readonly string[]][] = [
  ['an unknown field', { color: 'red' }, ['color']],
  ['no instalments', { instalments: 0 }, ['instalments']],
  ['half an instalment', { instalments: 2.5 }, ['instalments']],
  ['instalments as text', { instalments: '3' }, ['instalments']],
  ['a rate as a number', { annualRatePercent: 12 }, ['annualRatePercent']],
  ['a negative rate', { annualRatePercent: '-1' }, ['annualRatePercent']],
  ['a rate with an exponent', { annualRatePercent: '1e1' }, ['annualRatePercent']],
  ['a rate with seven decimals', { annualRatePercent: '1.0000001' }, ['annualRatePercent']],
  ['a method that is none', { method: 'balloon' }, ['method']],
  ['a day count that is none', { dayCount: 'actual/364' }, ['dayCount']],
  ['a period of nothing', { every: { count: 0, unit: 'month' } }, ['every.count']],
  ['a unit that is none', { every: { count: 1, unit: 'year' } }, ['every.unit']],
  ['an unknown field in a period', { every: { count: 1, unit: 'day', day: 31 } }, ['every.day']],
  ['a date that is none', { disbursedOn: '2026-02-29' }, ['disbursedOn']],
  ['a currency that is none', { currency: 'XXX' }, ['currency']],
  ['a negative grace', { gracePrincipal: -1 }, ['gracePrincipal']],
  ['another rule', { apr: 'fr' }, ['apr']],
];

for (const [what, fields, paths] of INVALID) {
  test(`${what} is not valid`, async () => {
    assert.deepEqual(badFields(await quote(fields)), paths);
  });
}

for (const amount of ['0', '0.00', '-1', '1.001', '1e3', 1000, null]) {
  test(`${JSON.stringify(amount)} is no amount to lend`, async () => {
    assert.equal((await quote({ amount })).status, 400);
  });
}

const CONTRADICTIONS: readonly [code: string, fields: Fields, path: string][] = [
  ['first_due_not_after_disbursement', { firstDueOn: '2026-01-31' }, 'firstDueOn'],
  ['first_due_not_after_disbursement', { scheduleStartsOn: '2025-12-31' }, 'firstDueOn'],
  ['schedule_starts_after_disbursement', { scheduleStartsOn: '2026-02-01' }, 'scheduleStartsOn'],
  ['term_too_long', { instalments: 121, every: { count: 10, unit: 'month' } }, 'instalments'],
  ['term_too_long', { firstDueOn: '2126-02-01' }, 'firstDueOn'],
  ['term_too_long', { disbursedOn: '9800-01-01' }, 'disbursedOn'],
  ['grace_too_long', { gracePrincipal: 3 }, 'gracePrincipal'],
  ['grace_too_long', { graceInterest: 3 }, 'graceInterest'],
  ['multiple_without_instalment', { method: 'bullet', instalmentMultiple: '1.00' }, 'instalmentMultiple'],
  ['nudge_without_annuity', { method: 'flat', oneCentNudge: true }, 'oneCentNudge'],
  ['nudge_without_annuity', { instalmentMultiple: '1.00', oneCentNudge: true }, 'oneCentNudge'],
  ['year_split_without_actual_actual', { yearSplit: 'december_31' }, 'yearSplit'],
  ['down_payment_out_of_range', { downPaymentPercent: '0' }, 'downPaymentPercent'],
  ['down_payment_out_of_range', { downPaymentPercent: '100' }, 'downPaymentPercent'],
  [
    'down_payment_with_disbursements',
    { downPaymentPercent: '10', disbursements: [{ on: '2026-03-01', amount: '1.00' }] },
    'downPaymentPercent',
  ],
  ['rate_out_of_range', { annualRatePercent: '1000.000001' }, 'annualRatePercent'],
  [
    'rate_out_of_range',
    { rateChanges: [{ from: '2026-03-01', annualRatePercent: '1001' }] },
    'rateChanges[0].annualRatePercent',
  ],
  [
    'rate_change_outside_term',
    { rateChanges: [{ from: '2026-01-31', annualRatePercent: '1' }] },
    'rateChanges',
  ],
  [
    'rate_change_outside_term',
    { rateChanges: [{ from: '2026-05-01', annualRatePercent: '1' }] },
    'rateChanges',
  ],
  ['disbursement_outside_term', { disbursements: [{ on: '2026-01-30', amount: '1.00' }] }, 'disbursements'],
  ['disbursement_outside_term', { disbursements: [{ on: '2026-04-30', amount: '1.00' }] }, 'disbursements'],
  [
    'disbursements_do_not_add_up',
    { disbursements: [{ on: '2026-01-31', amount: '999.99' }] },
    'disbursements',
  ],
  ['fee_not_one_of_amount_and_percent', { fees: [{ kind: 'origination' }] }, 'fees[0]'],
  [
    'fee_not_one_of_amount_and_percent',
    { fees: [{ kind: 'origination', amount: '1.00', percent: '1' }] },
    'fees[0]',
  ],
  [
    'fee_not_one_of_amount_and_percent',
    { fees: [{ kind: 'instalment', amount: '1.00', of: 'principal' }] },
    'fees[0]',
  ],
];

for (const [code, fields, path] of CONTRADICTIONS) {
  test(`${code}: ${JSON.stringify(fields)}`, async () => {
    assert.deepEqual(badFields(await quote(fields), code), [path]);
  });
}

test('terms of which no schedule or rate comes are refused', async () => {
  refused(await quote({ amount: '0.01' }), 422, 'amount_too_small');
  refused(
    await quote({ instalmentMultiple: '10.00', annualRatePercent: '400', instalments: 120 }),
    422,
    'instalment_multiple_too_coarse',
  );
  refused(await quote({ instalmentMultiple: '10000' }), 422, 'instalment_multiple_too_coarse');
  refused(await quote({ fees: [{ kind: 'origination', amount: '1000.00' }] }), 422, 'apr_not_computable');
});

test('disbursements on top of the amount, or all of them, come to the same', async () => {
  const onTop = created(
    await quote({ amount: '600.00', disbursements: [{ on: '2026-03-15', amount: '400.00' }] }),
  );
  const all = created(
    await quote({
      disbursements: [
        { on: '2026-03-15', amount: '400.00' },
        { on: '2026-01-31', amount: '600.00' },
      ],
    }),
  );
  assert.deepEqual(all, onTop);
  assert.equal(all.totals.principal, '1000.00');
});
