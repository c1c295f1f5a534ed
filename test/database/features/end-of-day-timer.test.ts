import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EndOfDayTimer, lastDateDue } from '#bank/end-of-day-timer.ts';
import { parseTimeOfDay } from '#lib/time/dates.ts';
import { openTestBank } from '#test/support/bank.ts';

const DUE = [
  ['23:30', 'Europe/Berlin', '2026-01-14T22:29:59Z', '2026-01-13', 'a second too early'],
  ['23:30', 'Europe/Berlin', '2026-01-14T22:30:00Z', '2026-01-14', 'on time'],
  ['23:30', 'Europe/Berlin', '2026-01-14T23:00:00Z', '2026-01-14', 'after midnight, missed'],
  ['00:30', 'Europe/Berlin', '2026-01-14T23:30:00Z', '2026-01-14', 'in the morning after'],
  ['00:30', 'Europe/Berlin', '2026-01-14T23:29:00Z', '2026-01-13', 'too early in the morning after'],
  ['23:30', 'Pacific/Kiritimati', '2026-01-14T09:30:00Z', '2026-01-14', 'where it is late first'],
  ['02:30', 'America/New_York', '2026-03-08T07:29:00Z', '2026-03-06', 'before an hour that is left out'],
  ['02:30', 'America/New_York', '2026-03-08T07:30:00Z', '2026-03-07', 'an hour later, when it was left out'],
  ['01:30', 'America/New_York', '2026-11-01T05:30:00Z', '2026-10-31', 'the first of two such hours'],
] as const;
for (const [time, timeZone, at, due, name] of DUE) {
  test(`at ${time} in ${timeZone}, ${name}: ${due} is due`, () => {
    assert.equal(lastDateDue(Date.parse(at), parseTimeOfDay(time)!, timeZone), due);
  });
}

test('a time of day is one from 00:00 to 23:59', () => {
  assert.deepEqual(parseTimeOfDay('00:00'), { hour: 0, minute: 0 });
  assert.deepEqual(parseTimeOfDay('23:59'), { hour: 23, minute: 59 });
  for (const text of ['24:00', '23:60', '9:30', '0930', '', '23:30:00']) {
    assert.equal(parseTimeOfDay(text), undefined, text);
  }
});

test('the timer closes the day at its time, once, and those that were missed', async () => {
  const bank = await openTestBank();
  const timer = new EndOfDayTimer(bank, { hour: 23, minute: 30 }, () => undefined);
  const closed = async () =>
    (await bank.endOfDay.list({ limit: 10 })).map(({ businessDate }) => businessDate).toReversed();
  await timer.look();
  assert.deepEqual(await closed(), []);
  bank.clock.setMs(Date.parse('2026-01-14T22:30:00Z'));
  await timer.look();
  await timer.look();
  assert.deepEqual(await closed(), ['2026-01-14']);
  bank.clock.setMs(Date.parse('2026-01-17T12:00:00Z'));
  await timer.look();
  assert.deepEqual(await closed(), ['2026-01-14', '2026-01-15', '2026-01-16']);
  await bank.calendar.setDate(
    { actor: 'test', role: 'operator' },
    (await bank.calendar.today()).businessDate,
  );
  bank.clock.setMs(Date.parse('2026-01-19T12:00:00Z'));
  await timer.look();
  assert.deepEqual(
    await closed(),
    ['2026-01-14', '2026-01-15', '2026-01-16'],
    'a date that is moved by hand',
  );
});
