import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Services } from '#bank/services.ts';
import { inTransaction } from '#db/transaction.ts';
import { CHART } from '#ledger/chart.ts';
import { isTwin } from '#ledger/claim-key.ts';
import type { EntryDraft } from '#ledger/entry.ts';
import { InternalAccounts } from '#ledger/internal-accounts.ts';
import { post } from '#ledger/post.ts';
import { FlorinError } from '#lib/errors.ts';
import { type AccountId, newId } from '#lib/ids.ts';
import { EUR, newKey, openTestBank, TEST_CALLER, withServers } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const bank = await openTestBank();

/**
 * A race, run over two servers since one server's queue would line its requests up by itself. It passes only
 * without a deadlock: PostgreSQL breaks one after a second and the transaction is tried again, which hides it.
 */
function race(
  name: string,
  work: (serverAt: (index: number) => Services) => Promise<void>,
  servers = 2,
): void {
  test(name, async () => {
    const deadlocks = await withServers(bank, servers, (servers) =>
      work((index) => servers[index % servers.length]!),
    );
    assert.equal(deadlocks, 0n, 'deadlocks');
    await assertVerified();
  });
}

test('a deadlock is counted, though the transaction that was ended for it is tried again', async () => {
  const accounts = [await bank.newAccount(), await bank.newAccount()];
  const deadlocks = await withServers(bank, 2, async (servers) => {
    const barrier = Promise.withResolvers<void>();
    let arrived = 0;
    const lockBoth = (server: Services, ids: readonly AccountId[]): Promise<void> =>
      inTransaction(server.context.db, async (tx) => {
        for (const id of ids) {
          await tx
            .selectFrom('ledger_accounts')
            .select('seq')
            .where('ledger_account_id', '=', id)
            .forUpdate()
            .execute();
          arrived += 1;
          if (arrived === 2) barrier.resolve();
          await barrier.promise;
        }
      });
    await Promise.all([lockBoth(servers[0]!, accounts), lockBoth(servers[1]!, accounts.toReversed())]);
  });
  assert.equal(deadlocks, 1n);
});

function withdraw(server: Services, accountId: AccountId, amountMinor: bigint, idempotencyKey = newKey()) {
  const request = { caller: TEST_CALLER, idempotencyKey, accountId, amountMinor, currency: EUR } as const;
  return server.transactions.withdraw({ ...request, mode: 'cash' });
}

function deposit(server: Services, accountId: AccountId, amountMinor: bigint) {
  const request = {
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    accountId,
    amountMinor,
    currency: EUR,
  } as const;
  return server.transactions.deposit({ ...request, mode: 'cash' });
}

function transfer(server: Services, fromAccountId: AccountId, accountId: AccountId, amountMinor: bigint) {
  const request = { caller: TEST_CALLER, idempotencyKey: newKey(), amountMinor, currency: EUR };
  return server.transactions.transfer({ ...request, fromAccountId, to: { accountId } });
}

/** How many succeeded, and how often each refusal came; anything that is no refusal fails the test. */
async function tally(attempts: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(attempts)) {
    if (result.status === 'rejected' && !(result.reason instanceof FlorinError)) throw result.reason;
    const outcome = result.status === 'fulfilled' ? 'done' : result.reason.code;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

async function assertVerified(): Promise<void> {
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
}

race('money that is there once is spent once', async (serverAt) => {
  for (let round = 0; round < 10; round++) {
    const account = await bank.newAccount({ balanceMinor: 100n });
    const attempts = Array.from({ length: 20 }, (_, index) => withdraw(serverAt(index), account, 100n));
    assert.deepEqual(await tally(attempts), { done: 1, insufficient_funds: 19 });
    assert.equal(await bank.balanceOf(account), 0n);
  }
});

race(
  'opposite transfers on many servers all get through without a deadlock',
  async (serverAt) => {
    const accounts = await Promise.all(
      Array.from({ length: 40 }, () => bank.newAccount({ balanceMinor: 1000n })),
    );
    const attempts = Array.from({ length: 120 }, async (_, lane) => {
      for (let turn = 0; turn < 12; turn++) {
        const from = accounts[(lane * 7 + turn) % 40]!;
        const to = accounts[(lane * 7 + turn + 1 + (lane % 39)) % 40]!;
        await transfer(serverAt(lane), from, to, 1n);
      }
    });
    assert.deepEqual(await tally(attempts), { done: 120 });
    const balances = await Promise.all(accounts.map((account) => bank.balanceOf(account)));
    assert.equal(
      balances.reduce((sum, balance) => sum + balance),
      40_000n,
    );
  },
  6,
);

race('an account closes or takes a deposit, never both', async (serverAt) => {
  const seen = new Set<string>();
  // Which of the two comes first is the scheduler's. Each goes first in turn, with a head start that grows until both
  // endings were seen.
  for (let round = 0; round < 300 && (round < 30 || seen.size < 2); round++) {
    const account = await bank.newAccount();
    const close = (): Promise<unknown> =>
      serverAt(0).accounts.close(TEST_CALLER, account, { reason: 'moving away' });
    const pay = (): Promise<unknown> => deposit(serverAt(1), account, 100n);
    const [first, second] = round % 2 === 0 ? [close, pay] : [pay, close];
    const attempts = [first(), setTimeout(Math.floor(round / 4)).then(second)];
    const counts = await tally(attempts);
    assert.equal(counts.done, 1, JSON.stringify(counts));
    const { funds } = await bank.accounts.get(TEST_CALLER, account);
    const expected = funds.status === 'closed' ? 0n : 100n;
    assert.equal(funds.postedMinor, expected);
    seen.add(funds.status);
  }
  assert.equal(seen.size, 2, 'both endings were seen');
});

race('one key fifty times at once over two servers moves the money once', async (serverAt) => {
  const account = await bank.newAccount({ balanceMinor: 1000n });
  const key = newKey();
  const attempts = Array.from({ length: 50 }, (_, index) => withdraw(serverAt(index), account, 1000n, key));
  const counts = await tally(attempts);
  assert.deepEqual(
    Object.keys(counts).filter((name) => !['done', 'idempotency_in_progress'].includes(name)),
    [],
  );
  assert.ok((counts.done ?? 0) >= 1);
  assert.equal(await bank.balanceOf(account), 0n);
  assert.equal(
    (await bank.transactions.listLines(TEST_CALLER, account, { limit: 10 })).length,
    2,
    'one deposit, one withdrawal',
  );
  const again = await withdraw(serverAt(0), account, 1000n, key);
  assert.equal(again.replayed, true);
});

race('a transaction is reversed once, however many try', async (serverAt) => {
  const account = await bank.newAccount();
  const { transaction } = await deposit(serverAt(0), account, 100n);
  await deposit(serverAt(0), account, 900n);
  const attempts = Array.from({ length: 20 }, (_, index) =>
    serverAt(index).transactions.reverse({
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      transactionId: transaction.state.id,
      reason: 'entered twice',
    }),
  );
  assert.deepEqual(await tally(attempts), { done: 1, already_reversed: 19 });
  assert.equal(await bank.balanceOf(account), 900n);
});

race('parts of a transaction are taken back by many at once, and no more than it was', async (serverAt) => {
  for (let round = 0; round < 5; round++) {
    const [from, to] = [
      await bank.newAccount({ balanceMinor: 100n }),
      await bank.newAccount({ balanceMinor: 900n }),
    ];
    const { transaction } = await transfer(serverAt(0), from, to, 100n);
    const attempts = Array.from({ length: 12 }, (_, index) =>
      serverAt(index).transactions.reverse({
        caller: TEST_CALLER,
        idempotencyKey: newKey(),
        transactionId: transaction.state.id,
        reason: 'a part',
        amountMinor: 30n,
      }),
    );
    assert.deepEqual(await tally(attempts), { done: 3, reversal_exceeds_rest: 9 });
    assert.equal(await bank.balanceOf(from), 90n);
  }
});

race('all that is left is taken back once, while parts of it are', async (serverAt) => {
  const account = await bank.newAccount({ balanceMinor: 900n });
  const { transaction } = await deposit(serverAt(0), account, 100n);
  const reverse = (index: number, amountMinor?: bigint) =>
    serverAt(index).transactions.reverse({
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      transactionId: transaction.state.id,
      reason: 'a part, or all that is left',
      amountMinor,
    });
  const parts = Array.from({ length: 4 }, (_, index) => reverse(index, 10n));
  const wholes = Array.from({ length: 4 }, (_, index) => reverse(index));
  const { done, already_reversed: late = 0 } = await tally([...parts, ...wholes]);
  assert.equal((done ?? 0) + late, 8);
  assert.equal(await bank.balanceOf(account), 900n);
});

test('reversals of an entry without customers’ accounts, which share no lock, are one after the other', async () => {
  const { db, bookId, ids } = bank.context;
  const internal = new InternalAccounts(bookId);
  const [debit, credit] = [
    (await internal.find(db, CHART.cash, EUR))!,
    (await internal.find(db, CHART.clearing, EUR))!,
  ];
  const line = { debit, credit, amountMinor: 100n, currency: EUR };
  const entryId = newId(ids, 'transaction');
  const postOne = (draft: Omit<EntryDraft, 'actor'>, hold?: Promise<unknown>) =>
    inTransaction(
      db,
      async (tx) => {
        const [outcome] = await post(tx, bank.context, [{ actor: 'test', ...draft }]);
        await hold;
        return outcome;
      },
      { alsoRetry: isTwin() },
    );
  await postOne({ entryId, kind: 'transfer', postings: [line] });
  const take = (amountMinor: bigint, hold?: Promise<unknown>) =>
    postOne(
      {
        entryId: newId(ids, 'transaction'),
        kind: 'reversal',
        reversesEntryId: entryId,
        postings: [{ ...line, debit: credit, credit: debit, amountMinor }],
      },
      hold,
    );
  const first = take(70n, setTimeout(300));
  await setTimeout(100);
  const second = take(70n);
  assert.equal((await first)?.status, 'posted');
  assert.deepEqual(await second, { status: 'refused', code: 'reversal_exceeds_rest' });
  assert.equal((await take(30n))?.status, 'posted');
  await assertVerified();
});

race('account numbers are given out once each', async (serverAt) => {
  const customerId = await bank.newCustomer();
  const ids = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      serverAt(index).accounts.open(TEST_CALLER, {
        customerId,
        product: 'current',
        currency: EUR,
        overdraftLimitMinor: 0n,
      }),
    ),
  );
  assert.equal(new Set(ids.map(({ iban }) => iban)).size, 30);
});

race('a customer is closed or opens an account, never both', async (serverAt) => {
  for (let round = 0; round < 10; round++) {
    const customerId = await bank.newCustomer();
    const request = { customerId, product: 'current', currency: EUR, overdraftLimitMinor: 0n };
    const attempts = [
      serverAt(0).accounts.open(TEST_CALLER, request),
      serverAt(1).customers.close(TEST_CALLER, customerId),
    ];
    const counts = await tally(round % 2 === 0 ? attempts : attempts.toReversed());
    assert.equal(counts.done, 1, JSON.stringify(counts));
  }
});
