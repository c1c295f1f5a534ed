import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { expireHolds } from '#features/holds/contract.ts';
import type { AccountId, HoldId } from '#lib/ids.ts';
import { EUR, newKey, openTestBank, START_MS, TEST_CALLER } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const bank = await openTestBank();

const MINUTE_MS = 60_000;

async function place(accountId: AccountId, amountMinor: bigint, expiresAtMs?: number): Promise<HoldId> {
  const request = { caller: TEST_CALLER, idempotencyKey: newKey(), accountId, amountMinor, currency: EUR };
  return (await bank.holds.place({ ...request, expiresAtMs })).hold.state.id;
}

async function expire(): Promise<number[]> {
  const chunks: number[] = [];
  for await (const count of expireHolds(bank.context)) chunks.push(count);
  return chunks;
}

const statusOf = async (id: HoldId) => (await bank.holds.get(TEST_CALLER, id)).state.status;
const heldOn = async (id: AccountId) => (await bank.accounts.get(TEST_CALLER, id)).funds.heldMinor;

/** The same hold so many times more, without the requests. */
async function copy(id: HoldId, count: number): Promise<void> {
  await sql`
    insert into holds (book_id, hold_id, account_id, currency, amount_minor, expires_at, placed_by, placed_on, actor,
      idempotency_key, request_hash, created_at)
    select book_id, gen_random_uuid(), account_id, currency, amount_minor, expires_at, placed_by, placed_on, actor,
      idempotency_key || n, request_hash, created_at
    from holds, generate_series(1, ${count}) as n where book_id = 1 and hold_id = ${id}`.execute(bank.db);
  await sql`insert into changed_rows (book_id, change_id, table_name, row_keys)
    select 1, gen_random_uuid(), 'holds', array_agg(hold_id::text) from holds`.execute(bank.db);
  await sql`
    update ledger_accounts l set held_minor = held_minor + ${count} * h.amount_minor
    from holds h where h.book_id = 1 and h.hold_id = ${id} and l.book_id = 1
      and l.ledger_account_id = h.account_id`.execute(bank.db);
}

async function assertVerified(): Promise<void> {
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
}

test('what remains of a hold is free once its time is over, and not a moment before', async () => {
  bank.clock.setMs(START_MS);
  const account = await bank.newAccount({ balanceMinor: 1_000n });
  const soon = await place(account, 300n, START_MS + MINUTE_MS);
  const later = await place(account, 200n, START_MS + 2 * MINUTE_MS);
  const open = await place(account, 100n);
  const request = { caller: TEST_CALLER, idempotencyKey: newKey(), holdId: soon, isFinal: false };
  await bank.holds.capture({ ...request, amountMinor: 50n });
  bank.clock.setMs(START_MS + MINUTE_MS - 1);
  assert.deepEqual(await expire(), []);
  bank.clock.setMs(START_MS + MINUTE_MS);
  await assert.rejects(bank.holds.capture({ ...request, idempotencyKey: newKey() }), {
    code: 'hold_not_active',
  });
  assert.deepEqual(await expire(), [1]);
  assert.deepEqual(await expire(), [], 'done again, nothing is left to do');
  assert.equal(await statusOf(soon), 'expired');
  assert.equal(await statusOf(later), 'active');
  assert.equal(await heldOn(account), 300n);
  await assert.rejects(bank.holds.release(TEST_CALLER, soon), { status: 409, code: 'hold_not_active' });
  bank.clock.setMs(START_MS + 1_000_000 * MINUTE_MS);
  assert.deepEqual(await expire(), [1]);
  assert.equal(await statusOf(open), 'active');
  assert.equal(await heldOn(account), 100n);
  assert.equal(await bank.balanceOf(account), 950n);
  await assertVerified();
});

test('many holds expire in chunks, and a run that was cut off is finished by the next', async () => {
  bank.clock.setMs(START_MS);
  const accounts = [
    await bank.newAccount({ balanceMinor: 1_000n }),
    await bank.newAccount({ balanceMinor: 1_000n }),
  ];
  for (const account of accounts) await copy(await place(account, 1n, START_MS + 1), 224);
  bank.clock.setMs(START_MS + MINUTE_MS);
  for await (const count of expireHolds(bank.context)) {
    assert.equal(count, 200);
    break;
  }
  await assertVerified();
  assert.deepEqual(await expire(), [200, 50]);
  for (const account of accounts) assert.equal(await heldOn(account), 0n);
  await assertVerified();
});

test('a hold on a frozen account expires too', async () => {
  bank.clock.setMs(START_MS);
  const account = await bank.newAccount({ balanceMinor: 1_000n });
  const hold = await place(account, 1_000n, START_MS + 1);
  await bank.accounts.freeze(TEST_CALLER, account, { reason: 'x' });
  bank.clock.setMs(START_MS + 1);
  assert.deepEqual(await expire(), [1]);
  assert.equal(await statusOf(hold), 'expired');
});
