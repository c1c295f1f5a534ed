import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER, withServers } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const bank = await openTestBank();
// The servers go by the machine's clock; the date of this bank goes by what it is told.
await bank.calendar.setDate(TEST_CALLER, isoDate('2026-01-14'));
const [payer, payee] = [await bank.newAccount({ balanceMinor: 1_000_000n }), await bank.newAccount()];

async function assertVerified(): Promise<void> {
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
}

test('eight at once close each date once, and pay what is due once', async () => {
  const accountId = await bank.newAccount({ balanceMinor: 6_000n });
  for (let count = 0; count < 40; count += 1) {
    await bank.standingOrders.create(TEST_CALLER, {
      accountId,
      payee: { accountId: payee },
      amountMinor: 100n,
      currency: EUR,
      every: { count: 1, unit: 'week' },
      startOn: isoDate(`2026-01-${14 + (count % 3)}`),
      endOn: isoDate('2026-01-20'),
    });
  }
  const deadlocks = await withServers(bank, 8, async (servers) => {
    const until = isoDate('2026-01-20');
    const results = await Promise.all(servers.map((one) => one.endOfDay.closeThrough(TEST_CALLER, until)));
    for (const { isDone, businessDate } of results) {
      assert.deepEqual([isDone, businessDate], [true, '2026-01-21']);
    }
  });
  assert.equal(deadlocks, 0n);
  const { rows: executions } = await sql<{ status: string; count: number }>`
    select status, count(*)::int as count from standing_order_executions group by 1 order by 1`.execute(
    bank.db,
  );
  // 40 from the 14th to the 16th, none of them again by the 20th; all are paid, and 2,000 are left.
  assert.deepEqual(executions, [{ status: 'paid', count: 40 }]);
  assert.deepEqual([await bank.balanceOf(accountId), await bank.balanceOf(payee)], [2_000n, 4_000n]);
  const { rows } = await sql<{ runs: bigint; steps: bigint; begun: bigint }>`
    select (select count(*) from end_of_day_runs where status = 'completed') as runs,
      (select count(*) from audit_log where operation = 'runEndOfDay') as begun,
      (select count(*) from end_of_day_steps where status <> 'completed') as steps`.execute(bank.db);
  assert.deepEqual(rows, [{ runs: 7n, begun: 7n, steps: 0n }]);
  await assertVerified();
});

test('payments that arrive while dates are closed are each booked on one that was open, and none is lost', async () => {
  const PAYMENTS = 300;
  const before = await bank.balanceOf(payee);
  let posted = 0;
  const deadlocks = await withServers(bank, 3, async ([closer, ...payers]) => {
    let isClosing = true;
    const pay = async (server: (typeof payers)[number]): Promise<void> => {
      const { transaction } = await server.transactions.transfer({
        caller: TEST_CALLER,
        idempotencyKey: newKey(),
        fromAccountId: payer,
        to: { accountId: payee },
        amountMinor: 1n,
        currency: EUR,
      });
      assert.ok(transaction.state.businessDate >= '2026-01-21');
      posted += 1;
    };
    const paying = payers.map(async (server) => {
      // Thirty clients each, without a pause: the queue always has a batch under way.
      while (isClosing || posted < PAYMENTS) await Promise.all(Array.from({ length: 30 }, () => pay(server)));
    });
    await closer!.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-01-30'));
    isClosing = false;
    await Promise.all(paying);
  });
  assert.equal(deadlocks, 0n);
  assert.equal(await bank.balanceOf(payee), before + BigInt(posted));
  const { rows } = await sql<{ dates: bigint }>`
    select count(distinct business_date) as dates from journal_entries`.execute(bank.db);
  assert.ok((rows[0]?.dates ?? 0n) > 5n, 'payments came while dates were closed');
  await assertVerified();
});
