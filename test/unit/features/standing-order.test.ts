import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StandingOrder } from '#features/standing-orders/standing-order.ts';
import { newId, randomIds } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';

const TODAY = '2026-01-14' as IsoDate;

/** Every Wednesday, from today on. */
function weekly(endOn?: string, startOn: string = TODAY): StandingOrder {
  return StandingOrder.open(
    {
      id: newId(randomIds, 'standingOrder'),
      accountId: newId(randomIds, 'account'),
      payee: { accountId: newId(randomIds, 'account') },
      amountMinor: 1_000n,
      currency: 'EUR' as Currency,
      every: { count: 1, unit: 'week' },
      startOn: startOn as IsoDate,
      endOn: endOn as IsoDate | undefined,
    },
    TODAY,
  );
}

/** The due dates that are left, as one after the other is tried; at most five. */
function dueDates(order: StandingOrder): string[] {
  const dates: string[] = [];
  while (order.state.nextDueOn !== undefined && dates.length < 5) {
    dates.push(order.state.nextDueOn);
    order.advance();
  }
  return dates;
}

const refusedAt = (path: string) => ({ code: 'validation_failed', message: new RegExp(`^${path}: `) });

const ENDS: readonly (readonly [what: string, endOn: string, dates: string[]])[] = [
  ['the first due date', '2026-01-14', ['2026-01-14']],
  ['a day before a due date', '2026-01-27', ['2026-01-14', '2026-01-21']],
  ['a due date', '2026-01-28', ['2026-01-14', '2026-01-21', '2026-01-28']],
  ['a day after a due date', '2026-01-29', ['2026-01-14', '2026-01-21', '2026-01-28']],
];
for (const [what, endOn, dates] of ENDS) {
  test(`an order that ends on ${what} is due on all dates up to it, and then has ended`, () => {
    const order = weekly(endOn);
    assert.deepEqual(dueDates(order), dates);
    assert.equal(order.state.status, 'ended');
  });
}

const SKIPPED: readonly (readonly [through: string, dates: string[]])[] = [
  ['2026-01-13', ['2026-01-14', '2026-01-21', '2026-01-28']],
  ['2026-01-14', ['2026-01-21', '2026-01-28']],
  ['2026-01-20', ['2026-01-21', '2026-01-28']],
  ['2026-01-21', ['2026-01-28']],
  ['2026-01-28', []],
];
for (const [through, dates] of SKIPPED) {
  test(`what is paid elsewhere through ${through} is left out`, () => {
    const order = weekly('2026-01-28');
    order.skipThrough(through as IsoDate);
    assert.deepEqual(dueDates(order), dates);
  });
}

test('an end may be moved to the next due date, and not before it', () => {
  const order = weekly();
  order.advance();
  assert.throws(() => order.change({ endOn: '2026-01-20' as IsoDate }, TODAY), refusedAt('endDate'));
  order.change({ endOn: '2026-01-21' as IsoDate }, TODAY);
  assert.deepEqual(dueDates(order), ['2026-01-21']);
});

test('a start may be ten years ahead, and not a day more', () => {
  assert.equal(weekly(undefined, '2036-01-14').state.nextDueOn, '2036-01-14');
  assert.throws(() => weekly(undefined, '2036-01-15'), refusedAt('startDate'));
  assert.throws(() => weekly(undefined, '2026-01-13'), refusedAt('startDate'));
});
