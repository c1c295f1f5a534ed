import assert from 'node:assert/strict';
import { test } from 'node:test';
import { created, openApi, type Page, refused } from '#test/support/api.ts';

type Rate = { readonly code: string; readonly validFrom: string; readonly rate: string };

const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-02-01' }));
const set = (code: string, body: object) =>
  api.raw<Rate>('PUT', `/v1/reference-rates/${code}`, JSON.stringify(body));
const shown = ({ code, validFrom, rate }: Rate) => [code, validFrom, rate];
const product = (code: string, fields: object = {}) => ({
  code,
  currency: 'EUR',
  kind: 'savings',
  name: 'Savings',
  interest: { reference: { code: 'BASE', margin: '-1' }, posting: 'monthly' },
  ...fields,
});

test('terms refer to a rate that has a value on their first day', async () => {
  refused(await api.post('/v1/products', product('early')), 422, 'reference_rate_missing');
  created(await set('BASE', { rate: '3' }));
  created(await set('BASE', { validFrom: '2026-02-04', rate: '4.5' }));
  type Priced = { readonly aerPercent: string | null; readonly apyPercent: string | null };
  const linked = created(await api.post<Priced>('/v1/products', product('linked')));
  // Three days at 2 %, and 3.5 % from then on.
  assert.deepEqual([linked.aerPercent, linked.apyPercent], ['3.54', '3.54']);
  const values = created(await api.get<Page<Rate>>('/v1/reference-rates/BASE'));
  assert.deepEqual(values.data.map(shown), [
    ['BASE', '2026-02-04', '4.5'],
    ['BASE', '2026-02-01', '3'],
  ]);
  const all = created(await api.get<Page<Rate>>('/v1/reference-rates'));
  assert.deepEqual(all.data.map(shown), [['BASE', '2026-02-01', '3']]);
  refused(await api.get('/v1/reference-rates/NOTHING'), 404, 'not_found');
  assert.equal((await api.allPages('/v1/reference-rates/BASE', 1)).length, 2);
});

test('a rate counts from its day on, and a day that was counted keeps its own', async () => {
  await api.newAccount({ product: 'linked', balance: '365000.00' });
  created(await set('BASE', { validFrom: '2026-02-02', rate: '2' }));
  created(await api.post('/v1/end-of-day', { until: '2026-02-04' }));
  // 365,000.00 at 2 %, 1 % twice less a percent each, and 3.5 %: 20.00, 10.00, 10.00 and 35.00.
  type Trial = { readonly lines: readonly { code: string; currency: string; credit: string }[] };
  const { lines } = created(await api.get<Trial>('/v1/accounting/trial-balance'));
  const payable = lines.find(({ code, currency }) => code === '2600' && currency === 'EUR');
  assert.equal(payable?.credit, '75.00');
  await api.leavesNothing(async () => {
    refused(await set('BASE', { validFrom: '2026-02-04', rate: '9' }), 422, 'rate_date_over');
  });
  created(await set('BASE', { validFrom: '2026-02-05', rate: '-0.5' }));
  await api.assertVerified();
});

test('what is not a rate is refused', async () => {
  await api.leavesNothing(async () => {
    refused(await set('base', { rate: '1' }), 400, 'validation_failed');
    refused(await set('BASE', { rate: '1001' }), 400, 'validation_failed');
    refused(await set('BASE', { rate: '1.23456' }), 400, 'validation_failed');
    refused(await set('BASE', { rate: 1 }), 400, 'validation_failed');
    refused(await set('BASE', {}), 400, 'validation_failed');
    refused(await set('BASE', { rate: '1', validFrom: '2026-02-30' }), 400, 'validation_failed');
  });
});

test('terms of interest are checked with all that is wrong', async () => {
  const interest = { rate: '1.5', tiers: [{ upTo: '10.00', rate: '1001' }], posting: 'maturity' };
  const answer = await api.post('/v1/products', product('wrong', { interest }));
  refused(answer, 400, 'validation_failed');
  const paths = (answer.body as { errors: { path: string }[] }).errors.map(({ path }) => path);
  assert.deepEqual(paths, ['interest.rate']);
  const late = { ...product('late'), interest: { rate: '1', posting: 'maturity' } };
  refused(await api.post('/v1/products', late), 400, 'validation_failed');
});
