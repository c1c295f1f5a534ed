import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { systemClock, toIsoInstant } from '#lib/time/clock.ts';
import { type Answer, textOf } from '#test/system/processes/bank-client.ts';
import { ServerPair, tally } from './server-pair.ts';

const pair = await ServerPair.open();
const HOUR_MS = 3_600_000;

/** A race of two server processes, after which every law must hold. */
function race(name: string, work: () => Promise<void>): void {
  test(name, async () => {
    await work();
    await pair.assertVerified();
  });
}

/** Sends requests at once, to the two servers by turns. */
function atOnce(count: number, send: (index: number) => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => send(index)));
}

async function newHold(accountId: string, amount: string, fields: object = {}): Promise<string> {
  const { status, body } = await pair.placeHold(0, accountId, amount, fields);
  assert.equal(status, 201, JSON.stringify(body));
  return textOf(body, 'id');
}

race('of a hundred captures of one hold one is done', async () => {
  const account = await pair.newAccount('500.00');
  const payee = await pair.newAccount();
  const hold = await newHold(account, '100.00');
  const answers = await atOnce(100, (index) => pair.captureHold(index, hold, { toAccountId: payee }));
  assert.deepEqual(tally(answers), { 201: 1, hold_not_active: 99 });
  assert.equal(await pair.balanceOf(account), '400.00');
  assert.equal(await pair.balanceOf(payee), '100.00');
});

race('captures in parts take the whole hold and not a cent more', async () => {
  const account = await pair.newAccount('100.00');
  const hold = await newHold(account, '100.00');
  const answers = await atOnce(24, (index) => pair.captureHold(index, hold, { amount: '7.00' }));
  assert.deepEqual(tally(answers), { 201: 14, capture_exceeds_hold: 10 });
  assert.equal(await pair.balanceOf(account), '2.00');
});

race('of six holds of 1,000 on 5,000 the sixth is refused', async () => {
  for (let round = 0; round < 5; round++) {
    const account = await pair.newAccount('5000.00');
    const answers = await atOnce(6, (index) => pair.placeHold(index, account, '1000.00'));
    assert.deepEqual(tally(answers), { 201: 5, insufficient_funds: 1 });
  }
});

race('holds and withdrawals share what is available', async () => {
  const account = await pair.newAccount('20.00');
  const answers = await atOnce(60, (index) =>
    index % 4 < 2 ? pair.placeHold(index, account, '1.00') : pair.withdraw(index, account, '1.00'),
  );
  assert.deepEqual(tally(answers), { 201: 20, insufficient_funds: 40 });
});

race('capture, release and expiry of a hold come to exactly one end', async () => {
  for (const [round, end] of [
    'captured',
    'released',
    'expired',
    'captured',
    'released',
    'expired',
  ].entries()) {
    const account = await pair.newAccount('100.00');
    const expiresAt = toIsoInstant(systemClock.nowMs() + HOUR_MS);
    const hold = await newHold(account, '60.00', { expiresAt });
    const done: string[] = [];
    const ask = async (answer: Promise<Answer>): Promise<void> => {
      const { status, body } = await answer;
      if (status < 300) done.push(textOf(body, 'status'));
      else assert.equal(textOf(body, 'code'), 'hold_not_active');
    };
    const attempts: Record<string, () => Promise<void>> = {
      captured: () => ask(pair.captureHold(round, hold)),
      released: () => ask(pair.releaseHold(round + 1, hold)),
      expired: async () => {
        if ((await pair.expireHolds(2 * HOUR_MS)) > 0) done.push('expired');
      },
    };
    const held = await pair.holdAccount(account);
    const [first, second, third] = [end, ...Object.keys(attempts).filter((other) => other !== end)];
    const asked: Promise<void>[] = [];
    for (const [index, name] of [first, second, third].entries()) {
      asked.push(attempts[name ?? '']!());
      await held.somebodyWaits(index + 1);
    }
    await held.release();
    await Promise.all(asked);
    // Who came first had the hold; the others found it ended.
    assert.deepEqual(done, [end]);
    assert.equal(textOf(await pair.findHold(hold), 'status'), end);
    assert.equal(await pair.balanceOf(account), end === 'captured' ? '40.00' : '100.00');
  }
});

race('a key that both processes get at once places one hold and captures once', async () => {
  const account = await pair.newAccount('1000.00');
  for (let round = 0; round < 10; round++) {
    const hold = await newHold(account, '10.00');
    const key = randomUUID();
    const answers = await atOnce(2, (index) => pair.captureHold(index, hold, {}, key));
    assert.deepEqual(tally(answers), { 201: 2 });
    assert.deepEqual(answers[0]!.body, answers[1]!.body);
  }
  assert.equal(await pair.balanceOf(account), '900.00');
});

race('captures between two accounts in opposite directions pass each other', async () => {
  const [one, other] = [await pair.newAccount('100.00'), await pair.newAccount('100.00')];
  const holds = await Promise.all(
    Array.from({ length: 40 }, (_, index) => newHold(index % 2 === 0 ? one : other, '1.00')),
  );
  const asked = atOnce(40, (index) =>
    pair.captureHold(index, holds[index]!, { toAccountId: index % 2 === 0 ? other : one }),
  );
  await pair.stall(one);
  assert.deepEqual(tally(await asked), { 201: 40 });
  assert.equal(await pair.balanceOf(one), '100.00');
});

test('none of this was a deadlock that was tried again', async () => {
  assert.equal(await pair.close(), 0n);
});
