import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { FlorinError } from '#lib/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';

const bank = await openTestBank();

/** What is held by another transaction, for as long as the work takes. */
async function whileHeld(lock: string, work: () => Promise<void>): Promise<void> {
  const holder = new pg.Client({ connectionString: bank.databaseUrl });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query(lock);
    await work();
  } finally {
    await holder.end();
  }
}

/** Waits until somebody waits for a lock. */
async function somebodyWaits(): Promise<void> {
  const watcher = new pg.Client({ connectionString: bank.databaseUrl });
  await watcher.connect();
  const waiting = 'select from pg_locks where not granted';
  while ((await watcher.query(waiting)).rowCount === 0) await sleep(5);
  await watcher.end();
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'done';
  } catch (error) {
    return error instanceof FlorinError ? error.code : String(error);
  }
}

function deposit(accountId: AccountId) {
  const money = { accountId, amountMinor: 100n, currency: EUR, mode: 'cash' } as const;
  return bank.transactions.deposit({ caller: TEST_CALLER, idempotencyKey: newKey(), ...money });
}

function depositBatch(accountId: AccountId) {
  const item = { kind: 'deposit', accountId, amountMinor: 1n, currency: EUR, mode: 'cash' } as const;
  const items = Array.from({ length: 100 }, () => item);
  return bank.batches.post({ caller: TEST_CALLER, idempotencyKey: newKey(), mode: 'atomic', items });
}

test('batches that wait for an account stand in nobody’s way, and go one after the other', async () => {
  const [held, free] = [await bank.newAccount(), await bank.newAccount()];
  const batches: Promise<unknown>[] = [];
  const holdAccount = `select from ledger_accounts where ledger_account_id = '${held}' for update`;
  await whileHeld(holdAccount, async () => {
    for (let count = 0; count < 4; count++) batches.push(codeOf(depositBatch(held)));
    await somebodyWaits();
    assert.equal(await codeOf(depositBatch(held)), 'overloaded', 'a fifth one');
    const answers = Array.from({ length: 40 }, () => codeOf(deposit(free)));
    assert.deepEqual([...new Set(await Promise.all(answers))], ['done']);
  });
  assert.deepEqual(await Promise.all(batches), ['done', 'done', 'done', 'done']);
  assert.equal(await bank.balanceOf(held), 400n);
});

test('a few hundred reads wait for a connection, and more are refused at once', async () => {
  const reads: Promise<string>[] = [];
  let answered = 0;
  const read = async (): Promise<string> => {
    const code = await codeOf(bank.products.list());
    answered += 1;
    return code;
  };
  await whileHeld('lock table products in access exclusive mode', async () => {
    for (let count = 0; count < 700; count++) reads.push(read());
    const refused = await Promise.all(reads.slice(500));
    assert.equal(answered, 200, 'the others wait');
    assert.deepEqual([...new Set(refused)], ['overloaded']);
  });
  // A machine that is busy with other work may not come to all the others in time.
  const [first] = await Promise.all(reads);
  assert.equal(first, 'done');
});

test('a read that finds no connection free is refused, and not left waiting', async () => {
  const reads: Promise<string>[] = [];
  await whileHeld('lock table products in access exclusive mode', async () => {
    const askedMs = performance.now();
    for (let count = 0; count < 11; count++) reads.push(codeOf(bank.products.list()));
    assert.equal(await reads[10], 'overloaded');
    assert.ok(performance.now() - askedMs < 5_000, 'it waited too long');
  });
  const others = await Promise.all(reads.slice(0, 10));
  assert.deepEqual([...new Set(others)], ['done']);
});
