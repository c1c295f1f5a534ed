import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GlAccountLineView } from '#features/accounting/lines/schemas.ts';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { ConversionView } from '#features/conversions/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey, TEST_CALLER } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const api = await openApi();
const RATES = '/v1/exchange-rates';
const CONVERSIONS = '/v1/conversions';

type PositionsView = {
  readonly baseCurrency: string;
  readonly positions: readonly {
    readonly currency: string;
    readonly position: string;
    readonly bookValue: string;
    readonly value: string | null;
    readonly unrealisedResult: string | null;
  }[];
};

const setRate = async (pair: string, bid: string, ask: string, fields: object = {}) =>
  created(await api.post(RATES, { pair, bid, ask, ...fields }));
const wanted = (
  from: AccountView,
  to: AccountView,
  amount: string,
  currency: string,
  fields: object = {},
) => ({
  fromAccountId: from.id,
  toAccountId: to.id,
  amount,
  currency,
  ...fields,
});
const convert = (body: Record<string, unknown>, key = newKey()) =>
  api.pay<ConversionView>(CONVERSIONS, body, key);
const positions = async (query = '') => {
  const report = created(await api.get<PositionsView>(`/v1/accounting/positions${query}`));
  return report.positions.map(
    (one) => `${one.currency} ${one.position} ${one.bookValue} ${one.value} ${one.unrealisedResult}`,
  );
};
const shown = ({ sold, soldCurrency, bought, boughtCurrency }: ConversionView) =>
  `${sold} ${soldCurrency} ${bought} ${boughtCurrency}`;

created(await api.post('/v1/business-date', { businessDate: '2026-03-02' }));
await setRate('EUR/USD', '1.0840', '1.0860');
await setRate('GBP/EUR', '1.1700', '1.1760');
await setRate('EUR/JPY', '161.20', '161.60');
const [euros, dollars, pounds, yen] = [
  await api.newAccount({ balance: '1000.00' }),
  await api.newAccount({ currency: 'USD' }),
  await api.newAccount({ currency: 'GBP' }),
  await api.newAccount({ currency: 'JPY' }),
];

test('what the payer sells goes at the bid, and what the payee gets is rounded once', async () => {
  const key = newKey();
  const body = wanted(euros, dollars, '100.00', 'EUR', { description: 'Dollars' });
  const answer = await convert(body, key);
  const made = created(answer);
  assert.equal(shown(made), '100.00 EUR 108.40 USD');
  assert.deepEqual(made.rates, [{ pair: 'EUR/USD', rate: '1.084' }]);
  assert.deepEqual([made.fixed, made.source, made.rounding], ['sold', 'table', 'half_even']);
  assert.equal(answer.headers.get('location'), `${CONVERSIONS}/${made.id}`);
  assert.deepEqual(created(await api.get(`${CONVERSIONS}/${made.id}`)), made);
  const again = await convert(body, key);
  assert.deepEqual([again.body, again.headers.get('idempotent-replayed')], [made, 'true']);
  refused(await convert({ ...body, amount: '1.00' }, key), 422, 'idempotency_key_reused');
  assert.deepEqual(await positions(), ['USD -108.40 -100.00 -99.91 0.09']);
  assert.equal(await api.postedBalance(euros), '900.00');
  assert.equal(await api.postedBalance(dollars), '108.40');
});

test('an amount that is to arrive is bought at the ask', async () => {
  assert.equal(shown(created(await convert(wanted(euros, dollars, '54.30', 'USD')))), '50.09 EUR 54.30 USD');
  // 10.00 GBP: sold by the bank at 1.1760 EUR.
  assert.equal(shown(created(await convert(wanted(euros, pounds, '10.00', 'GBP')))), '11.76 EUR 10.00 GBP');
});

test('between two foreign currencies the rates go over the bank’s own, and nothing is rounded between', async () => {
  // 10.00 GBP are 11.70 EUR at the bid, and those 1886.04 yen.
  const made = created(await convert(wanted(pounds, yen, '10.00', 'GBP')));
  assert.equal(shown(made), '10.00 GBP 1886 JPY');
  assert.deepEqual(made.rates, [
    { pair: 'GBP/EUR', rate: '1.17' },
    { pair: 'EUR/JPY', rate: '161.2' },
  ]);
  // At the middle rate of 1.1730.
  assert.deepEqual([made.baseAmount, made.baseCurrency], ['11.73', 'EUR']);
  assert.deepEqual((await positions()).slice(0, 2), [
    'GBP 0.00 -0.03 0.00 0.03',
    'JPY -1886 -11.73 -11.69 0.04',
  ]);
  await api.assertVerified();
});

test('a quote keeps nothing, and the amount that it says is held to', async () => {
  const body = wanted(euros, dollars, '10.00', 'EUR');
  const quote = await api.leavesNothing(async () =>
    created(await api.post<ConversionView>(`${CONVERSIONS}/quote`, body)),
  );
  assert.equal(shown(quote), '10.00 EUR 10.84 USD');
  await setRate('EUR/USD', '1.0830', '1.0850');
  const changed = refused(
    await convert({ ...body, expectedAmount: quote.bought }),
    409,
    'conversion_amount_changed',
  );
  assert.equal(changed.detail, 'The other amount is 10.83 USD now.');
  assert.equal(shown(created(await convert({ ...body, expectedAmount: '10.83' }))), '10.00 EUR 10.83 USD');
});

test('managers and keys give rates of their own, with a rounding', async () => {
  const own = { pair: 'USD/EUR', rate: '0.9225', rounding: 'half_up' };
  const made = created(await convert(wanted(dollars, euros, '10.00', 'USD', own)));
  // 9.225 euros.
  assert.deepEqual([shown(made), made.source], ['10.00 USD 9.23 EUR', 'given']);
  assert.equal(
    shown(created(await convert(wanted(dollars, euros, '10.00', 'USD', { ...own, rounding: 'down' })))),
    '10.00 USD 9.22 EUR',
  );
  const teller = await api.as('teller');
  refused(
    await teller.pay(CONVERSIONS, wanted(dollars, euros, '1.00', 'USD', own)),
    403,
    'conversion_rate_requires_manager',
  );
  created(await teller.pay(CONVERSIONS, wanted(dollars, euros, '1.00', 'USD')));
});

test('a reversal takes a conversion back at its own rate', async () => {
  const before = [await api.postedBalance(euros), await api.postedBalance(dollars), await positions()];
  const { id } = created(await convert(wanted(euros, dollars, '25.00', 'EUR')));
  await setRate('EUR/USD', '1.2000', '1.2100');
  refused(
    await api.pay(`/v1/transactions/${id}/reverse`, { reason: 'x', amount: '1.00' }),
    422,
    'not_reversible_in_part',
  );
  created(await api.pay(`/v1/transactions/${id}/reverse`, { reason: 'by mistake' }));
  refused(await api.pay(`/v1/transactions/${id}/reverse`, { reason: 'again' }), 409, 'already_reversed');
  await setRate('EUR/USD', '1.0830', '1.0850');
  assert.deepEqual(
    [await api.postedBalance(euros), await api.postedBalance(dollars), await positions()],
    before,
  );
  await api.assertVerified();
});

test('what cannot be converted is refused, and leaves nothing', async () => {
  const francs = await api.newAccount({ currency: 'CHF' });
  const more = await api.newAccount();
  await api.leavesNothing(async () => {
    for (const [body, status, code] of [
      [wanted(euros, more, '1.00', 'EUR'), 422, 'conversion_same_currency'],
      [wanted(euros, dollars, '1.00', 'GBP'), 422, 'currency_mismatch'],
      [wanted(euros, francs, '1.00', 'EUR'), 422, 'exchange_rate_missing'],
      [wanted(yen, euros, '1', 'JPY', { pair: 'EUR/JPY', rate: '99999' }), 422, 'conversion_too_small'],
      [wanted(euros, dollars, '1000000.00', 'EUR'), 422, 'insufficient_funds'],
      [
        { ...wanted(euros, dollars, '1.00', 'EUR'), toAccountId: 'acc_01h455vb4pex5vsknk084sn02q' },
        404,
        'not_found',
      ],
    ] as const) {
      refused(await convert(body), status, code);
    }
    const own = (fields: object) => convert(wanted(euros, dollars, '1.00', 'EUR', fields));
    assert.deepEqual(badFields(await own({ rate: '1.1' })), ['pair']);
    assert.deepEqual(badFields(await own({ pair: 'EUR/USD' })), ['rate']);
    assert.deepEqual(badFields(await own({ pair: 'EUR/GBP', rate: '1.1' })), ['pair']);
    assert.deepEqual(badFields(await own({ pair: 'EUR/USD', rate: '0' })), ['rate']);
    assert.deepEqual(badFields(await own({ pair: 'EUR/USD', rate: '1.0123456789' })), ['rate']);
  });
});

test('rates are in order, of the bank’s currency, and of no date that is over', async () => {
  const bad = async (fields: object) =>
    badFields(await api.post(RATES, { pair: 'EUR/CHF', bid: '0.95', ask: '0.96', ...fields }));
  assert.deepEqual(await bad({ ask: '0.94' }), ['ask']);
  assert.deepEqual(await bad({ mid: '0.97' }), ['mid']);
  assert.deepEqual(await bad({ pair: 'USD/CHF' }), ['pair']);
  assert.deepEqual(await bad({ pair: 'EUR/EUR' }), ['pair']);
  refused(
    await api.post(RATES, { pair: 'EUR/CHF', bid: '1', ask: '1', validOn: '2026-03-01' }),
    422,
    'exchange_rate_date_over',
  );
  refused(await api.get(`${RATES}/CHF`), 404, 'not_found');
  refused(await api.get(`${RATES}/nothing`), 404, 'not_found');
  const { data } = created(await api.get<Page<{ pair: string; mid: string }>>(RATES));
  assert.deepEqual(
    data.map(({ pair, mid }) => `${pair} ${mid}`),
    ['GBP/EUR 1.173', 'EUR/JPY 161.4', 'EUR/USD 1.084'],
  );
});

test('at the end of the day positions are worth what the middle rate says, and the result has its line', async () => {
  const before = await positions();
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-03-02'));
  await api.assertVerified();
  const after = await positions('?asOf=2026-03-02');
  for (const [index, line] of after.entries()) {
    const [, position, book, value, result] = line.split(' ');
    assert.deepEqual([book, result], [value, '0.00'], line);
    assert.equal(position, before[index]?.split(' ')[1]);
  }
  const gains = created(await api.get<Page<GlAccountLineView>>('/v1/accounting/gl-accounts/4300/lines'));
  assert.ok(gains.data.every(({ kind, date }) => kind === 'revaluation' && date === '2026-03-02'));
  assert.ok(gains.data.length > 0);
});

type Report = {
  readonly currencies: readonly {
    readonly currency: string;
    readonly totals: Readonly<Record<string, { readonly amount: string }>>;
  }[];
};
const minor = (amount = '0') => BigInt(amount.replace('.', ''));

test('balance sheet and profit and loss of all currencies in that of the bank', async () => {
  const sheet = created(
    await api.get<Report>('/v1/accounting/balance-sheet?asOf=2026-03-02&inBaseCurrency=true'),
  );
  assert.deepEqual(
    sheet.currencies.map(({ currency }) => currency),
    ['EUR'],
  );
  const { assets, liabilities, equity, result } = sheet.currencies[0]?.totals ?? {};
  assert.equal(minor(assets?.amount), minor(liabilities?.amount) + minor(equity?.amount));
  const profit = created(
    await api.get<Report>('/v1/accounting/profit-and-loss?to=2026-03-02&inBaseCurrency=true'),
  );
  assert.equal(profit.currencies[0]?.totals.result?.amount, result?.amount);
  const apart = created(await api.get<Report>('/v1/accounting/balance-sheet?asOf=2026-03-02'));
  assert.deepEqual(
    apart.currencies.map(({ currency }) => currency),
    ['EUR', 'GBP', 'JPY', 'USD'],
  );
  const query = '/v1/accounting/balance-sheet?inBaseCurrency=true';
  assert.deepEqual(badFields(await api.get(`${query}&currency=EUR`)), ['currency']);
  await api
    .newAccount({ currency: 'CHF' })
    .then((francs) => api.deposit(francs, '1.00', { currency: 'CHF' }));
  refused(await api.get(query), 422, 'exchange_rate_missing');
  assert.match((await api.get(`${query}&asOf=2026-03-02&format=csv`)).text, /EUR,line,1,1900/);
});

for (const [law, done, undone] of [
  [
    'a position was worth what its equivalent says, at the middle rate of each date on which it was valued',
    'update currency_revaluations set rate_e10 = rate_e10 + 10000000',
    'update currency_revaluations set rate_e10 = rate_e10 - 10000000',
  ],
  [
    'a conversion posted what its rate makes of the amount that was given',
    "update currency_conversions set rate_e10 = rate_e10 * 2 where source = 'table'",
    "update currency_conversions set rate_e10 = rate_e10 / 2 where source = 'table'",
  ],
  [
    'a conversion is a transfer of its amounts, in two currencies and that of the bank',
    'update currency_conversions set base_minor = base_minor + 1',
    'update currency_conversions set base_minor = base_minor - 1',
  ],
  [
    'every valuation is the entry of its date, and every such entry has one',
    'update currency_revaluations set before_minor = before_minor - 1000000',
    'update currency_revaluations set before_minor = before_minor + 1000000',
  ],
  [
    'positions and their equivalents are moved by conversions and valuations alone',
    "update journal_entries set kind = 'interest_accrual' where kind = 'revaluation'",
    "update journal_entries set kind = 'revaluation' where kind = 'interest_accrual'",
  ],
] as const) {
  test(`verify finds where it does not hold that ${law}`, async () => {
    await api.asOwner(done);
    const broken = (await brokenLaws(api.bank.databaseUrl)).map(({ name }) => name);
    assert.ok(broken.includes(law), broken.join());
    await api.asOwner(undone);
    await api.assertVerified();
  });
}
