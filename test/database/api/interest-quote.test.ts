import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InterestQuoteView } from '#features/interest/quote/schemas.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { VECTOR_QUOTES } from '#test/unit/features/interest/vector-quotes.ts';

const api = await openApi();

type Fields = Readonly<Record<string, unknown>>;
const LEAST: Fields = {
  currency: 'EUR',
  rate: '2',
  balances: [
    { from: '2024-05-01', amount: '10000.00' },
    { from: '2024-05-03', amount: '30000.00' },
  ],
  from: '2024-05-01',
  to: '2024-05-03',
};
const quote = (fields: Fields = {}) =>
  api.post<InterestQuoteView>('/v1/interest/quote', { ...LEAST, ...fields });

test('a quote says what is earned, from which days, and nothing is stored', async () => {
  const view = await api.leavesNothing(async () => created(await quote()));
  const balance = { kind: 'credit', compounded: '0.00', rate: '2', daysOfYear: 365 };
  assert.deepEqual(view, {
    currency: 'EUR',
    segments: [
      {
        ...balance,
        from: '2024-05-01',
        to: '2024-05-02',
        balance: '10000.00',
        days: 2,
        amount: '1.095890410959',
        formula: '10000.00 × 2 % × 2/365 = 1.095890410959',
        parts: [{ balance: '10000.00', rate: '2', amount: '1.095890410959' }],
      },
      {
        ...balance,
        from: '2024-05-03',
        to: '2024-05-03',
        balance: '30000.00',
        days: 1,
        amount: '1.643835616438',
        formula: '30000.00 × 2 % × 1/365 = 1.643835616438',
        parts: [{ balance: '30000.00', rate: '2', amount: '1.643835616438' }],
      },
    ],
    postings: [],
    accrued: {
      creditInterest: '2.74',
      debitInterest: '0.00',
      exactCreditInterest: '2.739726027397',
      exactDebitInterest: '0.00',
      exactArrangedInterest: '0.00',
      exactUnarrangedInterest: '0.00',
    },
    tax: [],
    totals: {
      creditInterest: '0.00',
      debitInterest: '0.00',
      arrangedInterest: '0.00',
      unarrangedInterest: '0.00',
      tax: '0.00',
      net: '0.00',
    },
    aerPercent: '2.02',
    apyPercent: '2.02',
    apyEarnedPercent: null,
  });
});

test('published figures to the digit', { skip: VECTOR_QUOTES.length === 0 }, async () => {
  assert.ok(VECTOR_QUOTES.length >= 60);
  for (const { id, request, shown, expected } of VECTOR_QUOTES) {
    const view = created(await api.post<InterestQuoteView>('/v1/interest/quote', request));
    assert.deepEqual(shown(view), expected, id);
  }
});

test('what is posted is taxed by parts, and part of later balances unless it is paid out', async () => {
  const terms = {
    rate: '12',
    interestPer: 'period',
    balances: [{ from: '2024-01-01', amount: '1000.00' }],
    from: '2024-01-01',
    to: '2024-02-29',
    tax: [
      { name: 'Tax', percent: '25' },
      { name: 'Surcharge', percentOfTax: '5.5' },
    ],
  };
  const added = created(await quote({ ...terms, taxExempt: '4.00' }));
  const [january, february] = added.postings;
  assert.deepEqual(january, {
    from: '2024-01-01',
    on: '2024-01-31',
    creditInterest: '10.00',
    debitInterest: '0.00',
    arrangedInterest: '0.00',
    unarrangedInterest: '0.00',
    tax: '1.58',
    taxes: [
      { name: 'Tax', amount: '1.50' },
      { name: 'Surcharge', amount: '0.08' },
    ],
    net: '8.42',
  });
  // 1 % of 1,008.42 is 10.0842; nothing of it is exempt any more.
  assert.deepEqual([february?.creditInterest, february?.tax], ['10.08', '2.66']);
  assert.deepEqual(added.tax, [
    { name: 'Tax', amount: '4.02' },
    { name: 'Surcharge', amount: '0.22' },
  ]);
  assert.deepEqual(added.totals, {
    creditInterest: '20.08',
    debitInterest: '0.00',
    arrangedInterest: '0.00',
    unarrangedInterest: '0.00',
    tax: '4.24',
    net: '15.84',
  });
  const paidOut = created(await quote({ ...terms, compounding: 'none' }));
  assert.deepEqual(
    paidOut.postings.map(({ creditInterest }) => creditInterest),
    ['10.00', '10.00'],
  );
});

test('an overdraft costs one rate up to its limit and another beyond it', async () => {
  const view = created(
    await quote({
      rate: '0',
      overdraft: { arrangedRate: '7.3', unarrangedRate: '14.6' },
      overdraftLimit: '1000',
      balances: [{ from: '2024-04-01', amount: '-1500.00' }],
      from: '2024-04-01',
      to: '2024-04-30',
    }),
  );
  const [segment] = view.segments;
  assert.deepEqual([segment?.kind, segment?.rate, segment?.amount], ['overdraft', null, '-12.00']);
  assert.deepEqual(segment?.parts, [
    { balance: '-1000.00', rate: '7.3', amount: '-6.00' },
    { balance: '-500.00', rate: '14.6', amount: '-6.00' },
  ]);
  const [posting] = view.postings;
  assert.deepEqual(
    [posting?.arrangedInterest, posting?.unarrangedInterest, posting?.net],
    ['6.00', '6.00', '-12.00'],
  );
  const { arrangedInterest, unarrangedInterest, debitInterest } = view.totals;
  assert.deepEqual([arrangedInterest, unarrangedInterest, debitInterest], ['6.00', '6.00', '12.00']);
});

test('what an overdraft has cost so far is told apart by its limit too', async () => {
  const { accrued } = created(
    await quote({
      rate: '0',
      posting: 'monthly',
      overdraft: { arrangedRate: '7.3', unarrangedRate: '14.6' },
      overdraftLimit: '1000',
      balances: [{ from: '2025-04-01', amount: '-1500.00' }],
      from: '2025-04-01',
      to: '2025-04-10',
    }),
  );
  assert.deepEqual(
    [accrued.exactArrangedInterest, accrued.exactUnarrangedInterest, accrued.exactDebitInterest],
    ['2.00', '2.00', '4.00'],
  );
});

test('a reference rate changes by date, and must have a value on each day', async () => {
  const reference = { code: 'EURIBOR-3M', margin: '-0.5' };
  const change = { code: 'EURIBOR-3M', from: '2024-05-03', rate: '4.5' };
  const rates = [
    change,
    { code: 'EURIBOR-3M', from: '2023-01-01', rate: '2.5' },
    { ...change, code: 'SOFR' },
  ];
  const { segments } = created(await quote({ rate: undefined, reference, referenceRates: rates }));
  assert.deepEqual(
    segments.map(({ from, rate }) => [from, rate]),
    [
      ['2024-05-01', '2'],
      ['2024-05-03', '4'],
    ],
  );
  refused(
    await quote({ rate: undefined, reference, referenceRates: [change] }),
    422,
    'reference_rate_missing',
  );
});

test('closing posts what has accrued', async () => {
  const { postings, accrued } = created(await quote({ closing: true }));
  assert.deepEqual([postings[0]?.creditInterest, postings[0]?.on], ['2.74', '2024-05-03']);
  assert.equal(accrued.creditInterest, '0.00');
});

test('fifty years are answered, or five with a posting a day, and not one more day', async () => {
  const years = { from: '1990-01-01', balances: [{ from: '1990-01-01', amount: '1.00' }] };
  const { postings } = created(await quote({ ...years, to: '2040-01-01' }));
  assert.equal(postings.length, 600);
  assert.deepEqual(badFields(await quote({ ...years, to: '2040-01-02' })), ['to']);
  const daily = { ...years, posting: 'daily' };
  assert.equal(created(await quote({ ...daily, to: '1995-01-01' })).postings.length, 1_827);
  assert.deepEqual(badFields(await quote({ ...daily, to: '1995-01-02' })), ['to']);
});

const TIER = { upTo: '1000', rate: '1' };
const INVALID: readonly [what: string, fields: Fields, paths: readonly string[]][] = [
  ['no rate at all', { rate: undefined }, ['rate']],
  ['a rate beside tiers', { tiers: [TIER] }, ['rate']],
  ['a rate with five decimals', { rate: '1.00001' }, ['rate']],
  ['a rate above a thousand', { rate: '1000.0001' }, ['rate']],
  ['a rate below minus a thousand', { rate: '-1001' }, ['rate']],
  ['no tiers', { rate: undefined, tiers: [] }, ['tiers']],
  ['tiers that do not ascend', { rate: undefined, tiers: [TIER, TIER] }, ['tiers[1].upTo']],
  [
    'an endless tier before another',
    { rate: undefined, tiers: [{ ...TIER, upTo: null }, TIER] },
    ['tiers[1].upTo'],
  ],
  ['an unknown day count', { dayCount: 'actual/364' }, ['dayCount']],
  ['a sum of rounded segments', { roundedPer: 'segment' }, ['roundedPer']],
  ['rounded days that compound', { roundedPer: 'day', compounding: 'monthly' }, ['roundedPer']],
  ['an average that compounds daily', { basis: 'average_daily', compounding: 'daily' }, ['compounding']],
  ['a period without its basis', { basisPeriod: 'monthly' }, ['basisPeriod']],
  ['a day of the lowest without its basis', { minimumFromDay: 5 }, ['minimumFromDay']],
  [
    'a lowest balance of a longer period',
    { basis: 'period_minimum', basisPeriod: 'yearly' },
    ['basisPeriod'],
  ],
  ['a posting day of a maturity', { posting: 'maturity', postingDay: 15 }, ['postingDay']],
  [
    'a tax of more than all',
    {
      tax: [
        { name: 'a', percent: '60' },
        { name: 'b', percent: '41' },
      ],
    },
    ['tax'],
  ],
  ['a surcharge on nothing', { tax: [{ name: 'a', percentOfTax: '5' }] }, ['tax[0].percentOfTax']],
  ['a tax of neither', { tax: [{ name: 'a' }] }, ['tax[0]']],
  [
    'promotions that overlap',
    { promotions: [promotion('2024-05-01'), promotion('2024-05-01')] },
    ['promotions'],
  ],
  ['a promotion of both', { promotions: [{ ...promotion('2024-05-01'), margin: '1' }] }, ['promotions[0]']],
  ['no balances', { balances: [] }, ['balances']],
  [
    'balances out of order',
    { balances: [balanceOn('2024-05-02'), balanceOn('2024-05-02')] },
    ['balances[1].from'],
  ],
  ['an end before the beginning', { to: '2024-04-30' }, ['to']],
  ['an opening after the beginning', { openedOn: '2024-05-02' }, ['openedOn']],
  [
    'a negative overdraft rate',
    { overdraft: { arrangedRate: '-1', unarrangedRate: '2' } },
    ['overdraft.arrangedRate'],
  ],
  ['an unknown field', { color: 'red' }, ['color']],
];

function promotion(from: string) {
  return { from, until: '2024-06-01', rate: '3' };
}

function balanceOn(from: string) {
  return { from, amount: '1.00' };
}

test('each wrong field is named, and all of them at once', async () => {
  for (const [what, fields, paths] of INVALID) assert.deepEqual(badFields(await quote(fields)), paths, what);
  const amounts = await quote({ minimumBalance: '1.005', overdraftLimit: '0.001' });
  assert.deepEqual(badFields(amounts, 'invalid_amount'), ['minimumBalance', 'overdraftLimit']);
  const several = await quote({
    balances: [{ from: '2024-02-30', amount: '1.00' }],
    tiers: [{ upTo: '1.005', rate: '1' }],
    to: '2024-04-30',
  });
  assert.ok(badFields(several).length >= 2);
});

test('anybody who is signed in may ask, and nobody else', async () => {
  for (const role of ['admin', 'teller', 'auditor'] as const) {
    const asked = await api.as(role);
    created(await asked.post('/v1/interest/quote', LEAST));
  }
  refused(
    await api.withToken(async () => undefined).post('/v1/interest/quote', LEAST),
    401,
    'unauthenticated',
  );
});

test('a product quotes by the version that an account of a day has, and says its own terms', async () => {
  const today = '2026-02-02';
  created(await api.post('/v1/business-date', { businessDate: today }));
  const product = { code: 'quoted', currency: 'EUR', kind: 'savings', name: 'Quoted' };
  const interest = { rate: '3.65', tax: [{ name: 'Tax', percent: '10' }] };
  created(await api.post('/v1/products', { ...product, interest }));
  const version = { currency: 'EUR', effectiveFrom: '2026-02-11', appliesTo: 'new_accounts' };
  created(await api.post('/v1/products/quoted/versions', { ...version, interest: { rate: '7.3' } }));
  const days = { from: today, to: '2026-02-11', balances: [{ from: today, amount: '1000.00' }] };
  const asked = { currency: 'EUR', product: 'quoted', ...days };
  const ask = (fields: Fields) => api.post<InterestQuoteView>('/v1/interest/quote', { ...asked, ...fields });
  const old = created(await ask({ closing: true }));
  assert.deepEqual(
    old.segments.map(({ formula }) => formula),
    ['1000.00 × 3.65 % × 10/365 = 1.00'],
  );
  assert.deepEqual(old.tax, [{ name: 'Tax', amount: '0.10' }]);
  const later = created(await ask({ from: '2026-02-11', openedOn: '2026-02-11' }));
  assert.deepEqual(
    later.segments.map(({ rate }) => rate),
    ['7.3'],
  );
  assert.deepEqual(badFields(await ask({ rate: '1', posting: 'daily' })), ['rate', 'posting']);
  assert.deepEqual(badFields(await ask({ from: '2026-01-31' })), ['from']);
  refused(await ask({ product: 'nothing' }), 404, 'not_found');
  refused(await ask({ currency: 'USD' }), 404, 'not_found');
});
