import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TodayView } from '#features/calendar/schemas.ts';
import type { EndOfDayView, RunView } from '#features/end-of-day/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';

type Holiday = { readonly date: string; readonly name: string };

const api = await openApi();

const today = async (): Promise<TodayView> => created(await api.get<TodayView>('/v1/business-date'));
const holidays = async (query = ''): Promise<Holiday[]> => [
  ...created(await api.get<Page<Holiday>>(`/v1/holidays${query}`)).data,
];

test('the business date says what kind of day it is', async () => {
  assert.deepEqual(await today(), {
    businessDate: '2026-01-14',
    datePolicy: 'calendar',
    timeZone: 'Europe/Berlin',
    weekendDays: [6, 7],
    isBusinessDay: true,
    nextBusinessDay: '2026-01-15',
    closedThrough: null,
  });
});

test('holidays are added, listed in order and page by page, and removed', async () => {
  for (const [date, name] of [
    ['2026-01-15', 'Founder’s Day'],
    ['2026-12-25', 'Christmas Day'],
    ['2026-01-16', 'The day after'],
  ]) {
    assert.equal((await api.post('/v1/holidays', { date, name })).status, 201);
  }
  assert.deepEqual(
    (await holidays()).map(({ date }) => date),
    ['2026-01-15', '2026-01-16', '2026-12-25'],
  );
  assert.deepEqual(await holidays('?from=2026-01-16&to=2026-12-24'), [
    { date: '2026-01-16', name: 'The day after' },
  ]);
  assert.deepEqual(
    (await api.allPages<Holiday>('/v1/holidays', 2)).map((page) => page.length),
    [2, 1],
  );
  assert.equal((await today()).nextBusinessDay, '2026-01-19');
  assert.equal((await api.delete('/v1/holidays/2026-01-16')).status, 204);
  assert.equal((await today()).nextBusinessDay, '2026-01-16');
});

test('a weekend may be any days but all', async () => {
  const set = await api.raw<TodayView>('PUT', '/v1/calendar', JSON.stringify({ weekendDays: [5, 5, 6] }));
  assert.deepEqual(created(set).weekendDays, [5, 6]);
  assert.equal((await today()).nextBusinessDay, '2026-01-18');
  await api.leavesNothing(async () => {
    for (const weekendDays of [[1, 2, 3, 4, 5, 6, 7], [0], [8], 'sunday', [1.5]]) {
      badFields(await api.raw('PUT', '/v1/calendar', JSON.stringify({ weekendDays })));
    }
  });
  created(await api.raw('PUT', '/v1/calendar', JSON.stringify({ weekendDays: [6, 7] })));
});

test('bad input is refused, and leaves nothing', async () => {
  await api.leavesNothing(async () => {
    assert.deepEqual(badFields(await api.post('/v1/holidays', { date: '2026-02-30', name: 'None' })), [
      'date',
    ]);
    assert.deepEqual(badFields(await api.post('/v1/holidays', { date: '2026-02-03', name: ' ' })), ['name']);
    assert.deepEqual(badFields(await api.post('/v1/holidays', { date: '2026-02-03' })), ['name']);
    refused(await api.post('/v1/holidays', { date: '2026-12-25', name: 'Again' }), 409, 'holiday_exists');
    refused(await api.delete('/v1/holidays/2026-02-03'), 404, 'not_found');
    refused(await api.delete('/v1/holidays/yesterday'), 404, 'not_found');
    assert.deepEqual(badFields(await api.get('/v1/holidays?from=2026-13-01')), ['from']);
    assert.deepEqual(badFields(await api.post('/v1/business-date', { businessDate: '2026-01-32' })), [
      'businessDate',
    ]);
    refused(await api.post('/v1/business-date', { businessDate: '2026-01-13' }), 409, 'business_date_closed');
    refused(await api.post('/v1/end-of-day', { until: '2026-01-15' }), 422, 'date_not_reached');
    assert.deepEqual(badFields(await api.post('/v1/end-of-day', { until: 'today' })), ['until']);
    assert.deepEqual(badFields(await api.post('/v1/end-of-day', { date: '2026-01-14' })), ['date']);
    assert.deepEqual(badFields(await api.get('/v1/end-of-day?cursor=x')), ['cursor']);
  });
});

test('the end of day closes the open date once, and its runs are listed with their steps', async () => {
  const [from, to] = [await api.newAccount({ balance: '100.00' }), await api.newAccount()];
  await api.transfer(from, to, '30.00');
  const first = await api.post<EndOfDayView>('/v1/end-of-day', {});
  assert.deepEqual(
    [first.status, first.body],
    [
      200,
      { status: 'completed', until: '2026-01-14', businessDate: '2026-01-15', closedDates: ['2026-01-14'] },
    ],
  );
  const again = await api.post<EndOfDayView>('/v1/end-of-day', {});
  assert.deepEqual(created(again).closedDates, []);
  assert.equal((await api.transfer(from, to, '1.00')).businessDate, '2026-01-15');
  const { data } = created(await api.get<Page<RunView>>('/v1/end-of-day'));
  assert.equal(data.length, 1);
  const [run] = data;
  assert.deepEqual([run?.businessDate, run?.status, run?.failure], ['2026-01-14', 'completed', null]);
  assert.match(run?.actor ?? '', /^usr_/);
  assert.deepEqual(
    run?.steps.map(({ number, status }) => [number, status]),
    run?.steps.map((_, index) => [index + 1, 'completed']),
  );
  const balances = run?.steps.find(({ name }) => name === 'balances');
  assert.deepEqual(balances?.counts, { balances: 3 }, 'two customers’ and the till');
  assert.equal((await today()).closedThrough, '2026-01-14');
  await api.assertVerified();
});

test('a date set by hand no longer follows the clock, and days in between are closed in order', async () => {
  const set = created(await api.post<TodayView>('/v1/business-date', { businessDate: '2026-01-18' }));
  assert.deepEqual([set.businessDate, set.datePolicy, set.isBusinessDay], ['2026-01-18', 'manual', false]);
  const closed = created(await api.post<EndOfDayView>('/v1/end-of-day', { until: '2026-01-19' }));
  assert.deepEqual(closed.closedDates, [
    '2026-01-15',
    '2026-01-16',
    '2026-01-17',
    '2026-01-18',
    '2026-01-19',
  ]);
  const pages = await api.allPages<RunView>('/v1/end-of-day?from=2026-01-15', 3);
  assert.deepEqual(
    pages.map((page) => page.map(({ businessDate }) => businessDate)),
    [
      ['2026-01-19', '2026-01-18', '2026-01-17'],
      ['2026-01-16', '2026-01-15'],
    ],
  );
});
