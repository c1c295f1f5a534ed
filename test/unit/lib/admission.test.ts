import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Admission } from '#lib/concurrency/admission.ts';
import { ManualClock } from '#lib/time/clock.ts';

const clock = new ManualClock(0);

function enter(admission: Admission, count: number): void {
  for (let entered = 0; entered < count; entered++) admission.enter();
}

/** How many can come in until it closes, 100,000 at most. */
function roomOf(admission: Admission): number {
  let room = 0;
  for (; room < 100_000 && !admission.isClosed; room++) admission.enter();
  if (room > 0) admission.leave(room);
  return room;
}

test('before anything is measured 500 are let in, and one more when one has left', () => {
  const admission = new Admission(clock);
  enter(admission, 499);
  assert.equal(admission.isClosed, false);
  enter(admission, 1);
  assert.equal(admission.isClosed, true);
  admission.leave(1);
  assert.equal(admission.isClosed, false);
});

test('who answers quickly is given more, and who answers slowly is given less, but never less than 256', () => {
  const admission = new Admission(clock);
  enter(admission, 2_000);
  clock.skip(10);
  admission.leave(2_000);
  const quick = roomOf(admission);
  assert.ok(quick > 600, `${quick}`);
  enter(admission, 300);
  clock.skip(1_500);
  admission.leave(300);
  const slow = roomOf(admission);
  assert.ok(slow >= 256 && slow < 300, `${slow}`);
});

test('a few who are answered slowly say nothing of what many would be', () => {
  const admission = new Admission(clock);
  enter(admission, 10);
  clock.skip(300);
  admission.leave(10);
  enter(admission, 499);
  assert.equal(admission.isClosed, false);
});
