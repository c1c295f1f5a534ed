import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '#test/system/processes/bank-client.ts';
import { resultsOf, ServerPair, tally, transferItem } from './server-pair.ts';

const pair = await ServerPair.open();

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

race('of twenty payments at once against a limit that allows ten, ten are done', async () => {
  const payee = await pair.newAccount();
  for (let round = 0; round < 6; round++) {
    const account = await pair.newAccount('1000.00');
    await pair.setLimits(account, { perDay: '10.00' });
    const answers = await atOnce(20, (index) =>
      index % 4 < 2 ? pair.transfer(index, account, payee, '1.00') : pair.withdraw(index, account, '1.00'),
    );
    assert.deepEqual(tally(answers), { 201: 10, limit_exceeded: 10 });
    assert.equal(await pair.balanceOf(account), '990.00');
  }
});

race('payments, batches and holds share one limit', async () => {
  const payee = await pair.newAccount();
  for (let round = 0; round < 4; round++) {
    const account = await pair.newAccount('1000.00');
    await pair.setLimits(account, { perDay: '30.00' });
    const items = Array.from({ length: 10 }, () => transferItem(account, payee, '1.00'));
    const [answers, batches] = await Promise.all([
      atOnce(40, (index) =>
        index % 4 < 2 ? pair.placeHold(index, account, '1.00') : pair.transfer(index, account, payee, '1.00'),
      ),
      atOnce(2, (index) => pair.batch(index, 'independent', items)),
    ]);
    const { 201: done = 0, limit_exceeded: refused = 0 } = tally(answers);
    const posted = batches.flatMap(resultsOf).filter((result) => result.startsWith('txn_')).length;
    assert.equal(done + refused, 40);
    assert.equal(done + posted, 30);
  }
});

race('a limit that is set while payments are under way is kept by those that come after', async () => {
  const payee = await pair.newAccount();
  const account = await pair.newAccount('1000.00');
  const first = atOnce(20, (index) => pair.transfer(index, account, payee, '1.00'));
  await pair.setLimits(account, { perDay: '25.00' });
  const early = tally(await first);
  const late = tally(await atOnce(20, (index) => pair.transfer(index, account, payee, '1.00')));
  assert.equal(early['201'], 20);
  assert.deepEqual(late, { 201: 5, limit_exceeded: 15 });
});

test('none of this was a deadlock that was tried again', async () => {
  assert.equal(await pair.close(), 0n);
});
