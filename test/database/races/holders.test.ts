import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { FlorinError } from '#lib/errors.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
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

  const [own, beside] = await whileTakenOff(from, customerId, () => [pay(caller), pay(TEST_CALLER)]);
  assertNotFound(own);
  assert.equal(beside?.status, 'fulfilled');
  assert.equal(await bank.balanceOf(from), 990n);
});

const HOLD_ACTS = ['placed', 'captured', 'released'] as const;
for (const act of HOLD_ACTS) {
  test(`nothing is ${act} for a holder who is taken off meanwhile`, async () => {
    const accountId = await bank.newAccount({ balanceMinor: 1_000n });
    const customerId = await bank.newCustomer();
    await bank.accounts.addHolder(TEST_CALLER, accountId, { customerId, role: 'authorised' });
    const caller = { actor: 'usr_x', role: 'customer', customerId } as const;
    const place = () =>
      bank.holds.place({ caller, idempotencyKey: newKey(), accountId, amountMinor: 10n, currency: EUR });
    const holdId = (await place()).hold.state.id;
    const acts = {
      placed: place,
      captured: () => bank.holds.capture({ caller, idempotencyKey: newKey(), holdId, isFinal: true }),
      released: () => bank.holds.release(caller, holdId),
    };
    const [own] = await whileTakenOff(accountId, customerId, () => [acts[act]()]);
    assertNotFound(own);
    const { funds } = await bank.accounts.get(TEST_CALLER, accountId);
    assert.deepEqual([funds.postedMinor, funds.heldMinor], [1_000n, 10n]);
    assert.equal((await bank.holds.get(TEST_CALLER, holdId)).state.status, 'active');
  });
}

/** What becomes of acts that wait for the account while a holder is taken off it. */
async function whileTakenOff(
  accountId: AccountId,
  customerId: CustomerId,
  begin: () => Promise<unknown>[],
): Promise<PromiseSettledResult<unknown>[]> {
  const holder = new pg.Client({ connectionString: bank.databaseUrl });
  await holder.connect();
  // As removeHolder does: the ledger account's lock first, then the holder.
  await holder.query('begin');
  await holder.query(`select from ledger_accounts where ledger_account_id = '${accountId}' for update`);
  const acting = Promise.allSettled(begin());
  await waitForLock(holder);
  await holder.query(`delete from account_holders where customer_id = '${customerId}'`);
  await holder.query('commit');
  await holder.end();
  return acting;
}

function assertNotFound(result: PromiseSettledResult<unknown> | undefined): void {
  const isNotFound =
    result?.status === 'rejected' &&
    result.reason instanceof FlorinError &&
    result.reason.code === 'not_found';
  assert.ok(
    isNotFound,
    JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
  );
}

async function waitForLock(client: pg.Client): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { rows } = await client.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail('the act waits for the account');
}
