import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { EUR, newKey, openTestBank, START_MS, TEST_CALLER } from '#test/support/bank.ts';

const DAY_MS = 86_400_000;

const bank = await openTestBank();

type Kept = { readonly date: string; readonly id: string; readonly balanceMinor: string };

test('each date keeps what every account that moved on it comes to, the bank’s own as those of customers', async () => {
  const accountId = await bank.newAccount({ balanceMinor: 1_000n });
  const move = (direction: 'deposit' | 'withdraw', amountMinor: bigint) =>
    bank.transactions[direction]({
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      accountId,
      amountMinor,
      currency: EUR,
      mode: 'cash',
    });
  // Five dates in a row, on the third of which nothing moves.
  for (const [day, act] of [
    () => move('deposit', 1n),
    () => move('deposit', 20n),
    async () => undefined,
    () => move('withdraw', 300n),
    () => move('deposit', 4_000n),
  ].entries()) {
    bank.clock.setMs(START_MS + day * DAY_MS);
    await act();
    assert.equal((await bank.endOfDay.closeThrough(TEST_CALLER, undefined)).isDone, true);
  }
  const { rows: kept } = await sql<Kept>`
    select business_date as date, ledger_account_id as id, balance_minor::text as "balanceMinor"
    from end_of_day_balances order by date, id`.execute(bank.db);
  const { rows: summed } = await sql<Kept>`
    select business_date as date, id,
      sum(sum(signed)) over (partition by id order by business_date)::text as "balanceMinor"
    from (
      select business_date, debit_account_id as id, -amount_minor as signed from postings
      union all
      select business_date, credit_account_id, amount_minor from postings
    ) as sides group by business_date, id order by date, id`.execute(bank.db);
  assert.deepEqual(kept, summed);
  const dates = (id: string) => kept.filter((row) => row.id === id).map(({ date }) => date.slice(-2));
  assert.deepEqual(dates(accountId), ['14', '15', '17', '18']);
  assert.equal(kept.length, 8, 'the account and the till, on four dates');
});
