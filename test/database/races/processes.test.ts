import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Answer, textOf } from '#test/system/processes/bank-client.ts';
import { resultsOf, ServerPair, tally, transferItem } from './server-pair.ts';

/** Of this bank, and of no account. */
const NOBODYS_IBAN = 'DE28100100109999999999';

const pair = await ServerPair.open();

/** A race of two server processes, after which every law must hold. */
function race(name: string, work: () => Promise<void>): void {
  test(name, async () => {
    await work();
    await pair.assertVerified();
  });
}

/** Runs clients at once, each at one of the two servers by turns; all answers. */
async function fromClients<Result>(
  count: number,
  work: (client: number) => Promise<Result[]>,
): Promise<Result[]> {
  return (await Promise.all(Array.from({ length: count }, (_, client) => work(client)))).flat();
}

/** Repeats a request one after the other. */
async function times(count: number, send: (turn: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let turn = 0; turn < count; turn++) answers.push(await send(turn));
  return answers;
}

function openAccounts(count: number, balance: string): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => pair.newAccount(balance)));
}

race('opposite transfers through both processes are all done, each once', async () => {
  const accounts = await openAccounts(12, '1000.00');
  const before = await pair.transactionIds();
  // Six couples with eight clients each: two at each server for each direction.
  const asked = fromClients(48, (client) => {
    const couple = Math.floor(client / 8);
    const [one, other] = [accounts[couple]!, accounts[11 - couple]!];
    return times(12, () =>
      client % 4 < 2 ? pair.transfer(client, one, other, '2.00') : pair.transfer(client, other, one, '1.00'),
    );
  });
  for (const account of accounts) await pair.stall(account);
  const answers = await asked;
  assert.deepEqual(tally(answers), { 201: 576 });
  for (const [index, account] of accounts.entries()) {
    assert.equal(await pair.balanceOf(account), index < 6 ? '952.00' : '1048.00');
  }
  const acknowledged = answers.map(({ body }) => textOf(body, 'id'));
  assert.deepEqual((await pair.transactionIds()).sort(), [...before, ...acknowledged].sort());
});

race('one hot account is debited through both processes as often as it has money', async () => {
  const payee = await pair.newAccount();
  for (let round = 0; round < 4; round++) {
    const hot = await pair.newAccount('25.00');
    const answers = await fromClients(80, async (client) => [
      await (client % 4 < 2 ? pair.withdraw(client, hot, '1.00') : pair.transfer(client, hot, payee, '1.00')),
    ]);
    assert.deepEqual(tally(answers), { 201: 25, insufficient_funds: 55 });
    assert.equal(await pair.balanceOf(hot), '0.00');
  }
});

race('a key that both processes get at once moves the money once', async () => {
  const [from = '', to = ''] = await openAccounts(2, '100.00');
  for (let round = 0; round < 20; round++) {
    const key = randomUUID();
    const answers = await Promise.all([0, 1].map((server) => pair.transfer(server, from, to, '1.00', key)));
    assertDoneOnce(answers, 201);
  }
  assert.equal(await pair.balanceOf(from), '80.00');
  assert.equal(await pair.balanceOf(to), '120.00');
});

race('batches over the same accounts in opposite order pass each other and single transfers', async () => {
  const accounts = await openAccounts(30, '1000.00');
  const before = await pair.transactionIds();
  const there = accounts.map((from, index) => transferItem(from, accounts[(index + 1) % 30]!, '1.00'));
  const back = accounts
    .map((from, index) => transferItem(from, accounts[(index + 29) % 30]!, '1.00'))
    .reverse();
  const [batches, singles] = await Promise.all([
    fromClients(4, (client) =>
      times(8, (turn) =>
        pair.batch(client, client < 2 ? 'atomic' : 'independent', (client + turn) % 2 === 0 ? there : back),
      ),
    ),
    fromClients(20, (client) =>
      times(6, (turn) =>
        pair.transfer(client, accounts[client]!, accounts[(client + turn + 1) % 30]!, '1.00'),
      ),
    ),
  ]);
  assert.deepEqual(tally(batches), { 200: 32 });
  assert.deepEqual(tally(singles), { 201: 120 });
  // A batch of either direction takes as much from each account as it brings; singles do not.
  const acknowledged = [...batches.flatMap(resultsOf), ...singles.map(({ body }) => textOf(body, 'id'))];
  assert.deepEqual((await pair.transactionIds()).sort(), [...before, ...acknowledged].sort());
  assert.equal(await pair.balanceOf(accounts[0]!), '994.00');
  assert.equal(await pair.balanceOf(accounts[20]!), '1006.00');
});

race('batches that want the same money at both processes get it once', async () => {
  const payee = await pair.newAccount();
  for (let round = 0; round < 10; round++) {
    const hot = await pair.newAccount('10.00');
    const items = Array.from({ length: 10 }, () => transferItem(hot, payee, '1.00'));
    const mode = round % 2 === 0 ? 'atomic' : 'independent';
    const answers = await Promise.all([0, 1].map((server) => pair.batch(server, mode, items)));
    if (mode === 'atomic') assert.deepEqual(tally(answers), { 200: 1, batch_refused: 1 });
    else assert.equal(answers.flatMap(resultsOf).filter((one) => one.startsWith('txn_')).length, 10);
    assert.equal(await pair.balanceOf(hot), '0.00');
  }
});

race('a batch whose key both processes get at once is done once, even if all of it is refused', async () => {
  const [from = '', to = ''] = await openAccounts(2, '100.00');
  for (let round = 0; round < 6; round++) {
    const key = randomUUID();
    // An item without a payee locks no account: nothing but the key stands between these two.
    const items =
      round % 2 === 0
        ? [transferItem(from, to, '1.00'), transferItem(to, from, '0.50')]
        : [{ ...transferItem(from, to, '1.00'), toAccountId: undefined, toIban: NOBODYS_IBAN }];
    const held = await pair.holdBatches();
    const asked = Promise.all([0, 1].map((server) => pair.batch(server, 'independent', items, key)));
    await held.somebodyWaits(2);
    await held.release();
    const answers = await asked;
    assertDoneOnce(answers, 200);
    assert.deepEqual(resultsOf(answers[0]!), resultsOf(answers[1]!));
  }
  assert.equal(await pair.balanceOf(from), '98.50');
  assert.equal(await pair.balanceOf(to), '101.50');
});

test('none of this was a deadlock that was tried again', async () => {
  assert.equal(await pair.close(), 0n);
});

/** Two answers to one key: both the same, the second said to be a repetition. */
function assertDoneOnce(answers: readonly Answer[], status: number): void {
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [status, status],
    JSON.stringify(answers),
  );
  assert.equal(answers.filter(({ replayed }) => replayed).length, 1);
  assert.equal(textOf(answers[0]?.body, 'id'), textOf(answers[1]?.body, 'id'));
}
