import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { isRefusal } from '#lib/errors.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';

const bank = await openTestBank();
const REPORT = { deceasedOn: '2026-01-02' as IsoDate, reason: 'Certificate' };
const ROUNDS = 6;

const die = (customerId: CustomerId) => bank.customers.reportDeath(TEST_CALLER, customerId, REPORT);
const ownerOf = async (id: AccountId) => (await bank.accounts.get(TEST_CALLER, id)).customerId;
const isEstate = async (id: AccountId) => (await bank.accounts.get(TEST_CALLER, id)).funds.isEstate;

/** Acts that wait for an account behind the report of its owner's death: they are refused, with nothing booked. */
const WAITING = {
  withdrawal: (accountId: AccountId) =>
    bank.transactions.withdraw({
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      accountId,
      amountMinor: 10n,
      currency: EUR,
      mode: 'cash',
    }),
  hold: (accountId: AccountId) =>
    bank.holds.place({
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      accountId,
      amountMinor: 10n,
      currency: EUR,
    }),
} as const;

for (const [name, act] of Object.entries(WAITING)) {
  test(`a ${name} that waits behind the report of a death is refused`, async () => {
    const accountId = await bank.newAccount({ balanceMinor: 1_000n });
    const customerId = await ownerOf(accountId);
    const [other, looker] = [await connect(), await connect()];
    await other.query('begin');
    await other.query(`select from ledger_accounts where ledger_account_id = '${accountId}' for update`);
    const report = die(customerId);
    await waitForLocks(looker, 1);
    const waiting = Promise.allSettled([act(accountId)]);
    await waitForLocks(looker, 2);
    await other.query('commit');
    await Promise.all([other.end(), looker.end()]);
    await report;
    const [result] = await waiting;
    const { reason } = result as PromiseRejectedResult;
    assert.equal(isRefusal(reason) && reason.code, 'customer_deceased');
    const { funds } = await bank.accounts.get(TEST_CALLER, accountId);
    assert.deepEqual([funds.postedMinor, funds.heldMinor], [1_000n, 0n]);
  });
}

test('two holders who die at once leave an estate', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const accountId = await bank.newAccount();
    const customerId = await bank.newCustomer();
    await bank.accounts.addHolder(TEST_CALLER, accountId, { customerId, role: 'joint' });
    await Promise.all([die(customerId), die(await ownerOf(accountId))]);
    assert.equal(await isEstate(accountId), true);
  }
});

test('an owner who dies while the joint holder leaves leaves an estate', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const accountId = await bank.newAccount();
    const customerId = await bank.newCustomer();
    await bank.accounts.addHolder(TEST_CALLER, accountId, { customerId, role: 'joint' });
    const owner = await ownerOf(accountId);
    await Promise.all([die(owner), bank.accounts.removeHolder(TEST_CALLER, accountId, customerId)]);
    assert.equal(await isEstate(accountId), true);
  }
});

test('payments and reports at once leave each account whole', async () => {
  const pairs = Array.from({ length: ROUNDS }, () => bank.newAccount({ balanceMinor: 100n }));
  const accounts = await Promise.all(pairs);
  const pay = (accountId: AccountId) => WAITING.withdrawal(accountId).catch((error: unknown) => error);
  const acts = accounts.flatMap((id) => [pay(id), ownerOf(id).then(die), pay(id), pay(id)]);
  await Promise.all(acts);
  for (const id of accounts) assert.equal(await isEstate(id), true);
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: bank.databaseUrl });
  await client.connect();
  return client;
}

/** Asks on a connection of its own: within a transaction the answer stays what it was. */
async function waitForLocks(client: pg.Client, count: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const { rows } = await client.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail('the acts wait for the account');
}
