import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TodayView } from '#features/calendar/schemas.ts';
import { type Answer, badFields, created, openApi, refused, type TestApi } from '#test/support/api.ts';

const set = (api: TestApi, businessDate: string, fields = {}): Promise<Answer<TodayView>> =>
  api.post('/v1/business-date', { businessDate, ...fields });
const undo = (api: TestApi): Promise<Answer<TodayView>> => api.post('/v1/business-date/undo', {});
const dateOf = ({ body: { businessDate, datePolicy } }: Answer<TodayView>) => [businessDate, datePolicy];
const today = async (api: TestApi) => dateOf(await api.get<TodayView>('/v1/business-date'));

test('a date more than 366 days ahead is taken once it is confirmed', async () => {
  const api = await openApi();
  await api.leavesNothing(async () => {
    refused(await set(api, '2027-01-16'), 422, 'date_far_ahead');
    refused(await set(api, '2030-01-14', { confirm: false }), 422, 'date_far_ahead');
    assert.deepEqual(badFields(await set(api, '2030-01-14', { confirm: 'yes' })), ['confirm']);
  });
  assert.deepEqual(dateOf(await set(api, '2027-01-15')), ['2027-01-15', 'manual']);
  assert.deepEqual(dateOf(await set(api, '2030-01-14', { confirm: true })), ['2030-01-14', 'manual']);
});

test('a date that the bank cannot come back from is refused, confirmed or not, and leaves nothing', async () => {
  const api = await openApi();
  await api.leavesNothing(async () => {
    for (const date of ['2036-01-23', '2072-01-14', '9899-12-31', '9899-12-32', '9900-01-01', '9999-12-31']) {
      assert.deepEqual(badFields(await set(api, date, { confirm: true })), ['businessDate']);
    }
  });
  assert.deepEqual(dateOf(await set(api, '2036-01-22', { confirm: true })), ['2036-01-22', 'manual']);
});

test('the last change of the date is taken back once, with whether the book followed the clock', async () => {
  const api = await openApi();
  refused(await undo(api), 409, 'date_change_final');
  await set(api, '2036-01-14', { confirm: true });
  assert.deepEqual(dateOf(await undo(api)), ['2026-01-14', 'calendar']);
  await api.leavesNothing(async () => refused(await undo(api), 409, 'date_change_final'));
  await set(api, '2026-01-16');
  await set(api, '2026-01-18');
  assert.deepEqual(dateOf(await undo(api)), ['2026-01-16', 'manual']);
  refused(await undo(api), 409, 'date_change_final');
  await set(api, '2026-01-16');
  assert.deepEqual(dateOf(await undo(api)), ['2026-01-16', 'manual']);
  await api.assertVerified();
});

/** What dates the bank, each after its date was set by mistake. */
const DATED: readonly (readonly [what: string, act: (api: TestApi) => Promise<unknown>])[] = [
  ['an entry', (api) => api.newAccount({ balance: '1.00' })],
  ['an account', (api) => api.newAccount()],
  ['the end of a day', async (api) => assert.equal((await api.post('/v1/end-of-day', {})).status, 200)],
];
for (const [what, act] of DATED) {
  test(`${what} on the new date keeps it`, async () => {
    const api = await openApi();
    await api.newAccount({ balance: '5.00' });
    await set(api, '2026-02-14');
    await act(api);
    const before = await today(api);
    await api.leavesNothing(async () => refused(await undo(api), 409, 'date_change_final'));
    assert.deepEqual(await today(api), before);
  });
}

test('a hold placed on the new date keeps it, and so does the closing of an account', async () => {
  const api = await openApi();
  const [account, empty] = [await api.newAccount({ balance: '5.00' }), await api.newAccount()];
  await set(api, '2026-02-14');
  created(await api.pay('/v1/holds', { accountId: account.id, amount: '1.00', currency: 'EUR' }));
  refused(await undo(api), 409, 'date_change_final');
  await set(api, '2026-02-15');
  assert.deepEqual(dateOf(await undo(api)), ['2026-02-14', 'manual']);
  await set(api, '2026-02-16');
  created(await api.post(`/v1/accounts/${empty.id}/close`, { reason: 'Moved' }));
  refused(await undo(api), 409, 'date_change_final');
});

test('a teller neither sets the date nor takes it back', async () => {
  const api = await openApi();
  await set(api, '2026-01-15');
  const teller = await api.as('teller');
  refused(await undo(teller), 403, 'forbidden');
  assert.deepEqual(dateOf(await undo(api)), ['2026-01-14', 'calendar']);
});
