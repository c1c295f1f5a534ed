import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, START_MS, TEST_CALLER } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const bank = await openTestBank();
const DAY_MS = 86_400_000;

test('the end of day lets go of overdue holds first, and keeps standing orders within the limits', async () => {
  const payee = await bank.newAccount();
  const [held, limited] = [
    await bank.newAccount({ balanceMinor: 3_000n }),
    await bank.newAccount({ balanceMinor: 9_000n }),
  ];
  await bank.limits.setForAccount(TEST_CALLER, limited, {
    perTransaction: undefined,
    perDay: 2_500n,
    newBeneficiaryPerDay: undefined,
  });
  const { hold } = await bank.holds.place({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    accountId: held,
    amountMinor: 3_000n,
    currency: EUR,
    expiresAtMs: START_MS + DAY_MS,
  });
  const orders = await Promise.all(
    [held, limited, limited].map((accountId) =>
      bank.standingOrders.create(TEST_CALLER, {
        accountId,
        payee: { accountId: payee },
        amountMinor: 2_000n,
        currency: EUR,
        every: { count: 1, unit: 'month' },
        startOn: isoDate('2026-01-15'),
        endOn: undefined,
      }),
    ),
  );
  bank.clock.setMs(START_MS + 2 * DAY_MS);
  await bank.endOfDay.closeThrough(TEST_CALLER, undefined);
  assert.equal((await bank.holds.get(TEST_CALLER, hold.state.id)).state.status, 'expired');
  const outcomes = await Promise.all(
    orders.map(async ({ id }) => {
      const [execution] = await bank.standingOrders.listExecutions(TEST_CALLER, id, { limit: 10 });
      return execution?.failureCode ?? execution?.status;
    }),
  );
  assert.deepEqual(outcomes.slice(0, 1), ['paid']);
  assert.deepEqual(outcomes.slice(1).map(String).toSorted(), ['limit_exceeded', 'paid']);
  assert.equal(await bank.balanceOf(payee), 4_000n);
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});
