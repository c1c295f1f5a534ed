import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Answer, textOf } from '#test/system/processes/bank-client.ts';
import { ServerPair, tally } from './server-pair.ts';

const pair = await ServerPair.open();
const ROUNDS = 8;
const FOREIGN = 'DE89370400440532013000';

async function sendOut(fromAccountId: string): Promise<string> {
  const body = { fromAccountId, toIban: FOREIGN, toName: 'Grace Hopper', amount: '10.00', currency: 'EUR' };
  const { status, body: sent } = await pair.request(0, '/v1/transfers', body, randomUUID());
  assert.equal(status, 201, JSON.stringify(sent));
  return textOf(sent, 'id');
}

function settle(server: number, id: string, key: string = randomUUID()): Promise<Answer> {
  return pair.request(server, `/v1/outgoing-payments/${id}/settle`, {}, key);
}

function cancel(server: number, id: string): Promise<Answer> {
  return pair.request(server, `/v1/outgoing-payments/${id}/cancel`, {}, randomUUID());
}

function giveBack(server: number, id: string, key: string = randomUUID()): Promise<Answer> {
  return pair.request(server, `/v1/outgoing-payments/${id}/return`, { reason: 'AC04' }, key);
}

function receive(server: number, iban: string, externalReference: string): Promise<Answer> {
  const body = { externalReference, iban, amount: '5.00', currency: 'EUR' };
  return pair.request(server, '/v1/incoming-payments', body, randomUUID());
}

function close(server: number, accountId: string): Promise<Answer> {
  return pair.request(server, `/v1/accounts/${accountId}/close`, { reason: 'moving' });
}

async function newAccount(): Promise<{ id: string; iban: string }> {
  const id = await pair.newAccount();
  return { id, iban: textOf((await pair.request(0, `/v1/accounts/${id}`)).body, 'iban') };
}

/** Runs both at once, each at a server of its own, the one or the other a moment ahead. */
function atOnce(round: number, one: () => Promise<Answer>, other: () => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(round % 2 === 0 ? [one(), other()] : [other(), one()]);
}

test('a payment is settled or cancelled, one of them wins, and the payer has the money or not', async () => {
  const payer = await pair.newAccount('1000.00');
  let cancelled = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const id = await sendOut(payer);
    const asked = Array.from({ length: 4 }, (_, turn) =>
      atOnce(
        round,
        () => settle(turn, id),
        () => cancel(turn + 1, id),
      ),
    );
    const answers = (await Promise.all(asked)).flat();
    assert.deepEqual(tally(answers), { 200: 1, payment_not_pending: 7 });
    const { body } = await pair.request(0, `/v1/outgoing-payments/${id}`);
    if (textOf(body, 'status') === 'cancelled') cancelled += 1;
    assert.equal(await pair.balanceOf(payer), `${1000 - 10 * (round + 1 - cancelled)}.00`);
  }
});

test('a payment that is settled and returned at once comes back once, before it is settled or after', async () => {
  const payer = await pair.newAccount('10.00');
  for (let round = 0; round < ROUNDS; round++) {
    const id = await sendOut(payer);
    const asked = Array.from({ length: 4 }, (_, turn) =>
      atOnce(
        round,
        () => settle(turn, id),
        () => giveBack(turn + 1, id),
      ),
    );
    const { 200: done = 0, payment_not_pending: refused = 0 } = tally((await Promise.all(asked)).flat());
    assert.ok((done === 1 || done === 2) && done + refused === 8, `${done} were done, ${refused} refused`);
    const { body } = await pair.request(0, `/v1/outgoing-payments/${id}`);
    assert.equal(textOf(body, 'status'), 'returned');
    assert.equal(await pair.balanceOf(payer), '10.00');
  }
});

test('a return whose key both processes get at once credits the payer once', async () => {
  const payer = await pair.newAccount('10.00');
  for (let round = 0; round < ROUNDS; round++) {
    const id = await sendOut(payer);
    const key = randomUUID();
    const answers = await atOnce(
      round,
      () => giveBack(0, id, key),
      () => giveBack(1, id, key),
    );
    assert.deepEqual(tally(answers), { 200: 2 });
    assert.equal(answers.filter(({ replayed }) => replayed).length, 1);
    assert.equal(await pair.balanceOf(payer), '10.00');
  }
});

test('an external reference that both processes get at once is booked once', async () => {
  const { id, iban } = await newAccount();
  for (let round = 0; round < ROUNDS; round++) {
    const answers = await Promise.all([0, 1, 2, 3].map((server) => receive(server, iban, `X-${round}`)));
    assert.deepEqual(tally(answers), { 201: 4 });
    assert.equal(new Set(answers.map(({ body }) => textOf(body, 'id'))).size, 1);
    assert.equal(answers.filter(({ replayed }) => replayed).length, 3);
    assert.equal(await pair.balanceOf(id), `${5 * (round + 1)}.00`);
  }
});

test('an account closes or is credited, and what came for a closed one is in suspense', async () => {
  const seen = new Set<string>();
  // Which of the two comes first is chance: rounds enough to have seen both.
  for (let round = 0; round < 100 && (round < ROUNDS || seen.size < 2); round++) {
    const { id, iban } = await newAccount();
    const answers = await atOnce(
      round,
      () => close(0, id),
      () => receive(1, iban, `Y-${round}`),
    );
    const [closed, received] = round % 2 === 0 ? answers : answers.toReversed();
    assert.equal(received?.status, 201, JSON.stringify(received));
    const outcome = textOf(received?.body, 'status');
    seen.add(outcome);
    if (outcome === 'credited') assert.equal(textOf(closed?.body, 'code'), 'account_not_empty');
    else assert.equal(closed?.status, 200, JSON.stringify(closed));
    assert.equal(await pair.balanceOf(id), outcome === 'credited' ? '5.00' : '0.00');
  }
  assert.deepEqual([...seen].sort(), ['credited', 'unresolved']);
});

test('what waits in suspense is sent back once, whether it is resolved a moment before or not', async () => {
  const { id: accountId } = await newAccount();
  for (let round = 0; round < ROUNDS; round++) {
    const { body } = await receive(0, 'DE28100100109999999999', `Z-${round}`);
    const path = `/v1/incoming-payments/${textOf(body, 'id')}`;
    const resolve = () => pair.request(0, `${path}/resolve`, { accountId }, randomUUID());
    const sendBack = () => pair.request(1, `${path}/return`, { reason: 'AC01' }, randomUUID());
    const answers = await atOnce(round, resolve, sendBack);
    const { 200: done = 0, payment_not_unresolved: refused = 0 } = tally(answers);
    assert.equal(done + refused, 2);
    assert.equal(textOf((await pair.request(0, path)).body, 'status'), 'returned');
    assert.equal(await pair.balanceOf(accountId), '0.00');
  }
});

test('the books verify, and none of this was a deadlock that was tried again', async () => {
  await pair.assertVerified();
  assert.equal(await pair.close(), 0n);
});
