import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Answer, textOf } from '#test/system/processes/bank-client.ts';
import { resultsOf, ServerPair, tally } from './server-pair.ts';

const pair = await ServerPair.open();
const beneficiaries = `/v1/customers/${pair.customerId}/beneficiaries`;

/** At another bank: its side is no account that a payment locks. */
const FOREIGN = 'GB29NWBK60161331926819';

/** A beneficiary of the pair's customer with an account here. */
async function newBeneficiary(limitPerDay?: string): Promise<{ id: string; payee: string }> {
  const payee = await pair.newAccount();
  const body = { name: 'Payee', accountId: payee, ...(limitPerDay === undefined ? {} : { limitPerDay }) };
  const { status, body: added } = await pair.request(0, beneficiaries, body);
  assert.equal(status, 201, JSON.stringify(added));
  return { id: textOf(added, 'id'), payee };
}

function payment(fromAccountId: string, beneficiaryId: string, amount: string) {
  return { fromAccountId, beneficiaryId, amount, currency: 'EUR' };
}

function pay(server: number, from: string, beneficiaryId: string, amount: string): Promise<Answer> {
  return pair.request(server, '/v1/transfers', payment(from, beneficiaryId, amount), crypto.randomUUID());
}

test('twenty parallel creates of one beneficiary through two processes make one', async () => {
  const accountId = await pair.newAccount();
  const { iban } = (await pair.request(0, `/v1/accounts/${accountId}`)).body as { iban: string };
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, client) =>
      pair.request(client, beneficiaries, {
        name: `Payee ${client}`,
        ...(client % 3 === 0
          ? { accountId }
          : { iban: client % 3 === 1 ? iban.toLowerCase() : `${iban}\u200b` }),
      }),
    ),
  );
  assert.deepEqual(tally(answers), { 201: 1, beneficiary_exists: 19 });
  const rows = await pair.asOwner(`select 1 from beneficiaries where iban = '${iban}'`);
  assert.equal(rows.length, 1);
});

/** As an operator would have to: with the note by which the sealer takes the row's fingerprint again. */
async function setCoolingOff(hours: number): Promise<void> {
  await pair.asOwner(`
    with changed as (update books set beneficiary_cooling_off_hours = ${hours} returning book_id)
    insert into changed_rows (book_id, change_id, table_name, row_keys)
    select book_id, gen_random_uuid(), 'books', array['book'] from changed`);
}

test('a limit a day that allows ten payments allows ten, from many accounts through two processes', async () => {
  await setCoolingOff(0);
  const body = { name: 'Abroad', iban: FOREIGN, limitPerDay: '10.00' };
  const { body: added } = await pair.request(0, beneficiaries, body);
  const id = textOf(added, 'id');
  // Accounts of their own: nothing stands between these payments but the lock of the beneficiary.
  const payers = await Promise.all(Array.from({ length: 8 }, () => pair.newAccount('100.00')));
  const held = await pair.holdBeneficiaryPayments();
  const asked = Promise.all(
    Array.from({ length: 40 }, (_, client) => pay(client, payers[client % 8]!, id, '1.00')),
  );
  await held.somebodyWaits(2);
  await held.release();
  assert.deepEqual(tally(await asked), { 201: 10, limit_exceeded: 30 });
  await setCoolingOff(24);
});

test('batches and single payments share what a new beneficiary may be paid', async () => {
  for (let round = 0; round < 3; round++) {
    const { id, payee } = await newBeneficiary();
    const payers = await Promise.all(Array.from({ length: 6 }, () => pair.newAccount('1000.00')));
    const batch = (client: number) => {
      const item = { type: 'transfer', ...payment(payers[client]!, id, '10.00') };
      return pair.batch(client, 'independent', [item, item, item, item, item]);
    };
    const [batches, singles] = await Promise.all([
      Promise.all([0, 1].map(batch)),
      Promise.all(
        Array.from({ length: 16 }, (_, client) => pay(client, payers[2 + (client % 4)]!, id, '10.00')),
      ),
    ]);
    const outcomes = [...batches.flatMap(resultsOf), ...singles.map(codeOf)];
    const posted = outcomes.filter((outcome) => outcome.startsWith('txn_'));
    assert.equal(posted.length, 10);
    const refused = outcomes.filter((outcome) => !outcome.startsWith('txn_'));
    assert.deepEqual([...new Set(refused)], ['beneficiary_cooling_off']);
    assert.equal(await pair.balanceOf(payee), '100.00');
  }
});

test('a beneficiary goes with all orders that pay it, or stays: none is lost or left behind', async () => {
  const accountId = await pair.newAccount();
  const terms = { amount: '1.00', currency: 'EUR', frequency: 'weekly' };
  const today = (await pair.request(0, '/v1/business-date')).body as { businessDate: string };
  for (let round = 0; round < 15; round++) {
    const { id } = await newBeneficiary();
    const order = { fromAccountId: accountId, beneficiaryId: id, ...terms, startDate: today.businessDate };
    const give = (server: number) => pair.request(server, '/v1/standing-orders', order, randomUUID());
    const [first, last, gone] = await Promise.all([
      give(0),
      give(1),
      pair.delete(round % 2, `${beneficiaries}/${id}?cancelOrders=true`),
    ]);
    const given = [first, last].filter(({ status }) => status === 201).map(({ body }) => textOf(body, 'id'));
    for (const { status, body } of [first, last]) {
      if (status !== 201) assert.equal(textOf(body, 'code'), 'not_found');
    }
    assert.ok(gone.status === 204 || textOf(gone.body, 'code') === 'beneficiary_in_use');
    const orders = await Promise.all(
      given.map(async (one) => (await pair.request(0, `/v1/standing-orders/${one}`)).body),
    );
    const expected = gone.status === 204 ? 'cancelled' : 'active';
    assert.deepEqual(
      [...new Set(orders.map((one) => textOf(one, 'status')))],
      given.length > 0 ? [expected] : [],
    );
  }
});

test('the books verify, and none of this was a deadlock that was tried again', async () => {
  await pair.assertVerified();
  assert.equal(await pair.close(), 0n);
});

function codeOf({ status, body }: Answer): string {
  return textOf(body, status === 201 ? 'id' : 'code');
}
