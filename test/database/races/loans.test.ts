import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { systemClock } from '#lib/time/clock.ts';
import { dateAt } from '#lib/time/dates.ts';
import { type Answer, textOf } from '#test/system/processes/bank-client.ts';
import { ServerPair, tally } from './server-pair.ts';

const pair = await ServerPair.open();

/** A race of two server processes, after which every law must hold. */
function race(name: string, work: () => Promise<void>): void {
  test(name, async () => {
    await work();
    await pair.assertVerified();
  });
}

async function made(answer: Promise<Answer>): Promise<unknown> {
  const { status, body } = await answer;
  assert.ok(status < 300, JSON.stringify(body));
  return body;
}

const productId = textOf(
  await made(
    pair.request(0, '/v1/loan-products', {
      name: 'Loan',
      currency: 'EUR',
      amount: { min: '100.00', max: '5000.00' },
      instalments: { min: 1, max: 60 },
      annualRatePercent: { min: '0', max: '20', default: '12' },
      fees: [{ kind: 'origination', amount: '30.00' }],
    }),
  ),
  'id',
);

/** A loan of 1,000 that was approved. */
async function newApproved(accountId: string): Promise<string> {
  const body = { customerId: pair.customerId, accountId, productId, amount: '1000.00', instalments: 12 };
  const id = textOf(await made(pair.request(0, '/v1/loans', body)), 'id');
  await made(pair.request(0, `/v1/loans/${id}/approve`, {}));
  return id;
}

const disburse = (server: number, id: string, key: string = randomUUID()) =>
  pair.request(server, `/v1/loans/${id}/disburse`, {}, key);
const repay = (server: number, id: string, amount: string, key: string = randomUUID()) =>
  pair.request(server, `/v1/loans/${id}/repayments`, { amount, currency: 'EUR' }, key);

/** A loan of 1,000 that was paid out to the account; 30.00 are due. */
async function newLoan(accountId: string): Promise<string> {
  const id = await newApproved(accountId);
  await made(disburse(0, id));
  return id;
}

const statusOf = async (id: string) => textOf((await pair.request(1, `/v1/loans/${id}`)).body, 'status');

/** Starts requests that all want the account, which is held until they have met. */
async function meetAt(accountId: string, ...requests: readonly (() => Promise<Answer>)[]): Promise<Answer[]> {
  const held = await pair.holdAccount(accountId);
  const asked: Promise<Answer>[] = [];
  for (const [index, request] of requests.entries()) {
    asked.push(request());
    await held.somebodyWaits(index + 1);
  }
  await held.release();
  return Promise.all(asked);
}

race('of two disbursements of one loan one is done', async () => {
  const account = await pair.newAccount();
  const id = await newApproved(account);
  const answers = await meetAt(
    account,
    () => disburse(0, id),
    () => disburse(1, id),
  );
  assert.deepEqual(tally(answers), { 201: 1, loan_not_in_status: 1 });
  assert.equal(await pair.balanceOf(account), '1000.00');
});

race('a key that both processes get at once pays out once', async () => {
  const account = await pair.newAccount();
  const id = await newApproved(account);
  const key = randomUUID();
  const answers = await Promise.all([disburse(0, id, key), disburse(1, id, key)]);
  assert.deepEqual(tally(answers), { 201: 2 });
  assert.deepEqual(answers[0]!.body, answers[1]!.body);
  assert.equal(await pair.balanceOf(account), '1000.00');
});

race('of two payoffs of one loan one wins', async () => {
  const account = await pair.newAccount('5000.00');
  const id = await newLoan(account);
  const answers = await meetAt(
    account,
    () => repay(0, id, '1030.00'),
    () => repay(1, id, '1030.00'),
  );
  assert.deepEqual(tally(answers), { 201: 1, loan_not_in_status: 1 });
  assert.equal(await statusOf(id), 'closed');
  assert.equal(await pair.balanceOf(account), '4970.00');
});

race('repayments of one loan at once pay no more than is owed', async () => {
  const account = await pair.newAccount('5000.00');
  const id = await newLoan(account);
  const answers = await Promise.all(Array.from({ length: 14 }, (_, index) => repay(index, id, '103.00')));
  assert.deepEqual(tally(answers), { 201: 10, loan_not_in_status: 4 });
  assert.equal(await pair.balanceOf(account), '4970.00');
});

race('a payoff and the collection of the end of day take what is due once', async () => {
  // Of the book, whose midnight is Berlin's.
  const today = dateAt(systemClock.nowMs(), 'Europe/Berlin');
  await made(pair.request(0, '/v1/business-date', { businessDate: today }));
  for (const isPayoffFirst of [true, false]) {
    const account = await pair.newAccount('500.00');
    const id = await newLoan(account);
    const payoff = () => repay(0, id, '1030.00');
    const endOfDay = () => pair.request(1, '/v1/end-of-day', {});
    const both = isPayoffFirst ? [payoff, endOfDay] : [endOfDay, payoff];
    const answers = await meetAt(account, ...both);
    if (isPayoffFirst) {
      assert.deepEqual(
        answers.map(({ status }) => status),
        [201, 200],
      );
      assert.equal(await statusOf(id), 'closed');
      assert.equal(await pair.balanceOf(account), '470.00');
    } else {
      // 30.00 were collected before it.
      assert.equal(textOf(answers[1]!.body, 'code'), 'overpayment_refused');
      assert.equal(await pair.balanceOf(account), '1470.00');
    }
  }
});

test('none of this was a deadlock that was tried again', async () => {
  assert.equal(await pair.close(), 0n);
});
