import assert from 'node:assert/strict';
import { test } from 'node:test';
import { created, openApi } from '#test/support/api.ts';
import { brokenLaws } from '#test/support/verified.ts';

const api = await openApi();
const payer = await api.newAccount({ balance: '100.00' });
const payment = {
  fromAccountId: payer.id,
  toIban: 'DE89370400440532013000',
  toName: 'Grace Hopper',
  amount: '10.00',
  currency: 'EUR',
};
created(await api.pay('/v1/transfers', payment));
const incoming = { externalReference: 'X', iban: 'DE28100100109999999999', amount: '5.00', currency: 'EUR' };
created(await api.pay('/v1/incoming-payments', incoming));

const TO_BE_SETTLED = 'what is to be settled is the sum of the outgoing payments that wait for it';
const SUSPENSE = 'suspense is the sum of the incoming payments that nobody was credited with';
const AMOUNTS = 'every payment to or from another bank has the amount of its entries';

/** The laws that are broken once somebody has been at the tables. */
async function brokenBy(statement: string): Promise<string[]> {
  await api.assertVerified();
  const [before] = await api.asOwner(`select (select to_jsonb(o) from outgoing_payments o) as o,
    (select to_jsonb(i) from incoming_payments i) as i`);
  await api.asOwner(statement);
  const broken = await brokenLaws(api.bank.databaseUrl);
  await api.asOwner(`delete from incoming_payments; delete from outgoing_payments;
    insert into outgoing_payments select r.* from jsonb_populate_record(null::outgoing_payments, '${JSON.stringify(before?.o)}') r;
    insert into incoming_payments select r.* from jsonb_populate_record(null::incoming_payments, '${JSON.stringify(before?.i)}') r`);
  return broken.map(({ name }) => name);
}

test('verify finds payments that were tampered with', async () => {
  assert.deepEqual(await brokenBy('delete from outgoing_payments'), [TO_BE_SETTLED]);
  assert.deepEqual(
    await brokenBy(`update outgoing_payments set status = 'settled', ending_entry_id = transaction_id`),
    [TO_BE_SETTLED],
  );
  assert.deepEqual(await brokenBy('update outgoing_payments set amount_minor = 999'), [
    TO_BE_SETTLED,
    AMOUNTS,
  ]);
  assert.deepEqual(await brokenBy('delete from incoming_payments'), [SUSPENSE]);
  assert.deepEqual(
    await brokenBy(
      `update incoming_payments set status = 'returned', reason = 'x', ending_entry_id = entry_id`,
    ),
    [SUSPENSE],
  );
  assert.deepEqual(await brokenBy('update incoming_payments set amount_minor = 501'), [SUSPENSE, AMOUNTS]);
});
