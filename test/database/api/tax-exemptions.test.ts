import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { type Answer, created, openApi, type Page, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';

const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-31' }));

type Line = { readonly type: string; readonly amount: string; readonly valueDate: string };
type Exemptions = {
  readonly revision: number;
  readonly setBy: string | null;
  readonly exemptions: readonly { readonly accountId: string | null; readonly until: string | null }[];
};

const closeThrough = async (until: string): Promise<void> => {
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(until));
};
const taxesOf = async ({ id }: AccountView): Promise<string[]> => {
  const { data } = created(await api.get<Page<Line>>(`/v1/accounts/${id}/transactions?limit=100`));
  return data
    .filter(({ type }) => type === 'withholding_tax')
    .map(({ valueDate, amount }) => `${valueDate} ${amount}`)
    .toReversed();
};
const path = (customerId: string) => `/v1/customers/${customerId}/tax-exemptions`;
const set = (customerId: string, exemptions: unknown, by = api): Promise<Answer<Exemptions>> =>
  by.raw('PUT', path(customerId), JSON.stringify({ exemptions })) as Promise<Answer<Exemptions>>;
const reason = 'Certificate of 3 January';

await closeThrough('2026-01-31');
created(
  await api.post('/v1/products', {
    code: 'taxed',
    currency: 'EUR',
    kind: 'savings',
    name: 'Taxed',
    interest: { rate: '10', posting: 'monthly', tax: [{ name: 'Tax', percent: '25', rounding: 'down' }] },
  }),
);
const account = await api.newAccount({ product: 'taxed', balance: '10000.00' });
const { customerId } = account;
const other = await api.newAccount({ product: 'taxed', balance: '10000.00', customerId });

test('an exemption that begins later leaves what was posted, and what ends within it is not taxed', async () => {
  const none = created(await api.get<Exemptions>(path(customerId)));
  assert.deepEqual([none.revision, none.exemptions], [0, []]);
  const from = '2026-03-15';
  const until = '2026-04-29';
  const made = created(await set(customerId, [{ accountId: account.id, from, until, reason }]));
  assert.deepEqual([made.revision, made.exemptions[0]?.accountId], [1, account.id]);
  await closeThrough('2026-04-30');
  // 25 % of 76.71 for February and of 83.37 for April.
  assert.deepEqual(await taxesOf(account), ['2026-03-01 -19.17', '2026-05-01 -20.84']);
  assert.equal((await taxesOf(other)).length, 3);
  await api.assertVerified();
});

test('one that is dated back gives the tax back, and one that is taken back takes it again', async () => {
  const before = await taxesOf(other);
  created(await set(customerId, [{ from: '2026-03-01', reason }]));
  assert.deepEqual(await taxesOf(other), before, 'at the next end of a day');
  await closeThrough('2026-05-01');
  const [february = '', march = '', april = ''] = before;
  const [marchTax, aprilTax] = [march, april].map((one) => one.split(' ')[1]?.slice(1));
  assert.deepEqual(await taxesOf(other), [
    february,
    march,
    april,
    `2026-04-01 ${marchTax}`,
    `2026-05-01 ${aprilTax}`,
  ]);
  await closeThrough('2026-05-31');
  assert.equal((await taxesOf(other)).length, 5, 'May bears no tax');
  await api.assertVerified();
  created(await set(customerId, []));
  await closeThrough('2026-06-01');
  const after = await taxesOf(other);
  assert.deepEqual(
    after.slice(5).map((one) => one.split(' ')[0]),
    ['2026-04-01', '2026-05-01', '2026-06-01'],
  );
  assert.equal(created(await api.get<Exemptions>(path(customerId))).revision, 3);
  await api.assertVerified();
});

test('everything that is wrong is said at once, and leaves nothing', async () => {
  const [stranger, teller] = [await api.newAccount(), await api.as('teller')];
  refused(await set(customerId, [], teller), 403, 'forbidden');
  await api.leavesNothing(async () => {
    const wrong = await set(customerId, [
      { from: '2026-03-01', until: '2026-02-28', reason },
      { from: '2026-03-02', until: '2026-03-01', reason },
    ]);
    refused(wrong, 400, 'validation_failed');
    const { errors } = wrong.body as unknown as { errors: readonly { path: string }[] };
    assert.deepEqual(
      errors.map((one) => one.path),
      ['exemptions[0].until', 'exemptions[1].until'],
    );
    refused(await set(customerId, [{ from: '2026-03-01', reason: ' ' }]), 400, 'validation_failed');
    refused(await set(customerId, [{ from: '2026-02-30', reason }]), 400, 'validation_failed');
    refused(await set(customerId, [{ from: '2026-03-01' }]), 400, 'validation_failed');
    refused(await set(customerId, 'none'), 400, 'validation_failed');
    const foreign = [{ accountId: stranger.id, from: '2026-03-01', reason }];
    refused(await set(customerId, foreign), 404, 'not_found');
    refused(await set('cus_01h455vb4pex5vsknk084sn02q', []), 404, 'not_found');
  });
});
