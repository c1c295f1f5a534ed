import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hold, type HoldState, newHold } from '#features/holds/hold.ts';
import type { AccountId, HoldId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';

const T1 = 't1' as TransactionId;
const T2 = 't2' as TransactionId;

function hold(change: Partial<HoldState> = {}): Hold {
  return new Hold({
    id: 'h' as HoldId,
    accountId: 'a' as AccountId,
    amountMinor: 100n,
    currency: 'EUR' as Currency,
    capturedMinor: 0n,
    status: 'active',
    expiresAtMs: 1_000,
    reference: undefined,
    placedBy: 'bank',
    placedOn: '2026-01-14' as IsoDate,
    createdAtMs: 0,
    updatedAtMs: 0,
    endedAtMs: undefined,
    captures: [],
    first: undefined,
    version: 1,
    ...change,
  });
}

const all = { isFinal: false };
const some = (amountMinor: bigint, isFinal = false) => ({ amountMinor, isFinal });

test('a capture of less leaves the rest held; one of all, or the final one, leaves nothing', () => {
  const parts = hold();
  assert.deepEqual(parts.capture(some(99n), T1, 5), { amountMinor: 99n, releasedMinor: 99n, isLast: false });
  assert.equal(parts.remainingMinor, 1n);
  assert.equal(parts.state.status, 'active');
  assert.deepEqual(parts.capture(all, T2, 6), { amountMinor: 1n, releasedMinor: 1n, isLast: true });
  assert.equal(parts.state.status, 'captured');
  assert.equal(parts.state.endedAtMs, 6);
  const last = hold();
  assert.deepEqual(last.capture(some(1n, true), T1, 5), {
    amountMinor: 1n,
    releasedMinor: 100n,
    isLast: true,
  });
  assert.equal(last.remainingMinor, 0n);
});

test('what remains may be captured and not one cent more', () => {
  const captured = hold({ capturedMinor: 40n });
  assert.throws(() => captured.capture(some(61n), T1, 5), { status: 422, code: 'capture_exceeds_hold' });
  assert.equal(captured.capture(some(60n), T1, 5).isLast, true);
});

test('nothing is captured from the moment of expiry on', () => {
  assert.equal(hold().capture(all, T1, 999).isLast, true);
  assert.throws(() => hold().capture(all, T1, 1_000), { status: 409, code: 'hold_not_active' });
  assert.throws(() => hold().capture(all, T1, 1_001), { code: 'hold_not_active' });
  assert.equal(hold({ expiresAtMs: undefined }).capture(all, T1, 1_000_000).isLast, true);
});

for (const status of ['captured', 'released', 'expired'] as const) {
  test(`a hold that is ${status} has ended`, () => {
    const ended = hold({ status, capturedMinor: 30n });
    assert.equal(ended.remainingMinor, 0n);
    assert.throws(() => ended.capture(all, T1, 5), { status: 409, code: 'hold_not_active' });
    assert.throws(() => ended.release(5), { status: 409, code: 'hold_not_active' });
  });
}

test('a hold whose time is over may still be released', () => {
  const late = hold({ capturedMinor: 30n });
  assert.equal(late.release(2_000), 70n);
  assert.equal(late.state.status, 'released');
});

test('a repeated request is told what the first one was', () => {
  const parts = hold();
  parts.capture(some(30n), T1, 5);
  parts.capture(some(10n, true), T2, 6);
  assert.deepEqual(parts.asFirstAnswered().state, hold().state);
  const { status, capturedMinor, captures } = parts.asAfter(T1).state;
  assert.deepEqual([status, capturedMinor, captures.length], ['active', 30n, 1]);
  assert.deepEqual(parts.asAfter(T2).state, parts.state);
});

test('what the bank set aside is not a holder’s to end', () => {
  hold().assertOursToEnd('bank');
  hold({ placedBy: 'holder' }).assertOursToEnd('bank');
  hold({ placedBy: 'holder' }).assertOursToEnd('holder');
  assert.throws(() => hold().assertOursToEnd('holder'), { status: 403, code: 'forbidden' });
});

test('a hold expires after it is placed', () => {
  const values = hold().state;
  assert.throws(() => newHold({ ...values, createdAtMs: 1_000 }), { status: 400, code: 'validation_failed' });
  assert.equal(newHold({ ...values, createdAtMs: 999 }).state.status, 'active');
});
