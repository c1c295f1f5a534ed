import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Services } from '#bank/services.ts';
import { FlorinError } from '#lib/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import { EUR, newKey, openTestBank, withServers } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const bank = await openTestBank();

/** A teller may move 30,000.00 a day, in how many transactions ever. */
const EACH_MINOR = 500_000n;
const ALLOWED = 6;

type Teller = { readonly actor: string; readonly role: 'teller' };

/** One deposit or withdrawal: whether it was done. Any refusal but that of the limit fails the test. */
async function move(
  { transactions }: Services,
  caller: Teller,
  accountId: AccountId,
  verb: 'deposit' | 'withdraw',
): Promise<boolean> {
  const amount = { amountMinor: EACH_MINOR, currency: EUR, mode: 'cash' } as const;
  try {
    await transactions[verb]({ caller, idempotencyKey: newKey(), accountId, ...amount });
    return true;
  } catch (error) {
    assert.ok(error instanceof FlorinError && error.code === 'limit_requires_manager', String(error));
    return false;
  }
}

test('three servers at once let one teller move no more than the day allows, and all of that', async () => {
  const accounts = await Promise.all(
    Array.from({ length: 8 }, () => bank.newAccount({ balanceMinor: 10_000_000n })),
  );
  const deadlocks = await withServers(bank, 3, async (servers) => {
    for (let round = 0; round < 5; round++) {
      const teller = { actor: `teller-${randomUUID()}`, role: 'teller' } as const;
      const turns = Array.from({ length: 24 }, (_, index) => index);
      const done = await Promise.all(
        turns.map((turn) =>
          move(servers[turn % 3]!, teller, accounts[turn % 8]!, turn % 4 === 3 ? 'withdraw' : 'deposit'),
        ),
      );
      const together = done.filter(Boolean).length;
      assert.ok(together <= ALLOWED, `${together} were done`);
      // Those that two servers judged at once may both be refused: one after the other, all of the day is there.
      let after = 0;
      while (await move(servers[after % 3]!, teller, accounts[0]!, 'deposit')) after += 1;
      assert.equal(together + after, ALLOWED);
    }
  });
  assert.equal(deadlocks, 0n);
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});
