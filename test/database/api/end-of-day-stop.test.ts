import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoDate } from '#lib/time/dates.ts';
import { type Answer, created, openApi, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';

type Progress = {
  readonly status: string;
  readonly until: string | null;
  readonly datesLeft: number;
  readonly businessDate: string;
  readonly stoppedBy: string | null;
};
type Closed = {
  readonly status: string;
  readonly closedDates: readonly string[];
  readonly businessDate: string;
};

const api = await openApi();
const { endOfDay } = api.bank;
await api.newAccount({ balance: '1.00' });

const progress = async () => created(await api.get<Progress>('/v1/end-of-day/progress'));
const stop = (): Promise<Answer<Progress>> => api.post('/v1/end-of-day/stop', {});

test('before the first end of day there is nothing to stop', async () => {
  assert.deepEqual(
    [await progress()].map(({ status, until, datesLeft }) => [status, until, datesLeft]),
    [['idle', null, 0]],
  );
  await api.leavesNothing(async () => refused(await stop(), 409, 'end_of_day_not_running'));
});

test('an end of day over ten years stops between two dates, and says how far it came', async () => {
  created(await api.post('/v1/business-date', { businessDate: '2026-01-14' }));
  const closing = endOfDay.closeThrough(TEST_CALLER, isoDate('2035-12-31'));
  while ((await progress()).status !== 'running') assert.ok(true, 'it begins');
  const asked = created(await stop());
  assert.match(asked.stoppedBy ?? '', /^usr_/);
  assert.ok(['stopping', 'stopped'].includes(asked.status), asked.status);
  const { isDone, isStopped, dates, businessDate } = await closing;
  assert.deepEqual([isDone, isStopped], [false, true]);
  assert.ok(dates.length < 100, `${dates.length} dates were closed`);
  const left = await progress();
  assert.deepEqual([left.status, left.until, left.businessDate], ['stopped', '2035-12-31', businessDate]);
  assert.equal(left.datesLeft, 3_639 - dates.length);
  refused(await stop(), 409, 'end_of_day_not_running');
});

test('what was stopped goes on when somebody asks for it, and not by itself', async () => {
  const { businessDate } = await progress();
  const byItself = await endOfDay.closeThrough(TEST_CALLER, undefined, { heedsStop: true });
  assert.deepEqual([byItself.isDone, byItself.dates], [false, []]);
  const closed = created(await api.post<Closed>('/v1/end-of-day', {}));
  assert.deepEqual([closed.status, closed.closedDates], ['completed', [businessDate]]);
  assert.deepEqual([(await progress()).status, (await progress()).stoppedBy], ['idle', null]);
  const next = await endOfDay.closeThrough(TEST_CALLER, undefined, { heedsStop: true });
  assert.equal(next.isDone, true);
  await api.assertVerified();
});

test('a teller does not stop it', async () => {
  refused(await (await api.as('teller')).post('/v1/end-of-day/stop', {}), 403, 'forbidden');
});
