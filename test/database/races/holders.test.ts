import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { FlorinError } from '#lib/errors.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';

const bank = await openTestBank();

test('a payment of a holder who is taken off meanwhile is refused, and those beside it are posted', async () => {
  const from = await bank.newAccount({ balanceMinor: 1_000n });
  const to = await bank.newAccount();
  const customerId = await bank.newCustomer();
  await bank.accounts.addHolder(TEST_CALLER, from, { customerId, role: 'authorised' });
  const caller = { actor: 'usr_x', role: 'customer', customerId } as const;
  const money = { amountMinor: 10n, currency: EUR, fromAccountId: from, to: { accountId: to } };
  const pay = (who: typeof caller | typeof TEST_CALLER) =>
    bank.transactions.transfer({ caller: who, idempotencyKey: newKey(), ...money });

  const holder = new pg.Client({ connectionString: bank.databaseUrl });
  await holder.connect();
  // As removeHolder does: the ledger account's lock first, then the holder.
  await holder.query('begin');
  await holder.query(`select from ledger_accounts where ledger_account_id = '${from}' for update`);
  const paying = Promise.allSettled([pay(caller), pay(TEST_CALLER)]);
  await waitForLock(holder);
  await holder.query(`delete from account_holders where customer_id = '${customerId}'`);
  await holder.query('commit');
  await holder.end();

  const [own, beside] = await paying;
  assert.ok(
    own.status === 'rejected' && own.reason instanceof FlorinError && own.reason.code === 'not_found',
    JSON.stringify(own),
  );
  assert.equal(beside.status, 'fulfilled');
  assert.equal(await bank.balanceOf(from), 990n);
});

async function waitForLock(client: pg.Client): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { rows } = await client.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail('the payment waits for the account');
}
