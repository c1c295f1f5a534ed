import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Answer } from '#features/transactions/contract.ts';
import { FlorinError } from '#lib/errors.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { brokenLaws } from '#test/support/verified.ts';

const USD = 'USD' as Currency;
const bank = await openTestBank();

/** What a run does: amounts in minor units, accounts and earlier transactions by their index. */
type Operation =
  | { readonly do: 'deposit' | 'withdraw'; readonly account: number; readonly amount: bigint }
  | { readonly do: 'transfer'; readonly account: number; readonly other: number; readonly amount: bigint }
  | { readonly do: 'reverse'; readonly earlier: number; readonly part: bigint | undefined }
  | { readonly do: 'repeat' }
  | { readonly do: 'freeze' | 'unfreeze'; readonly account: number };

const ACCOUNTS = [
  { currency: EUR, overdraft: 0n },
  { currency: EUR, overdraft: 500n },
  { currency: EUR, overdraft: 0n },
  { currency: USD, overdraft: 0n },
] as const;

const account = fc.nat(ACCOUNTS.length - 1);
// Few different amounts, so that balances meet their floors exactly and not only nearly.
const amount = fc.oneof(fc.constantFrom(1n, 100n, 250n, 500n), fc.bigInt({ min: 1n, max: 1000n }));
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('deposit', 'withdraw'), account, amount }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('transfer'), account, other: account, amount }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('reverse'),
      earlier: fc.nat(20),
      part: fc.option(amount, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('freeze', 'unfreeze'), account }) },
);

/** The bank in a dozen lines, by which the real one is judged: it knows balances, floors and what is left of each move. */
class Model {
  readonly balances = ACCOUNTS.map(() => 0n);
  readonly frozen = ACCOUNTS.map(() => false);
  readonly moves: { from: number | undefined; to: number | undefined; left: bigint }[] = [];

  move(from: number | undefined, to: number | undefined, moved: bigint, reverses?: number): boolean {
    const sides = [from, to].flatMap((side) => side ?? []);
    if (from === to || sides.some((side) => this.frozen[side])) return false;
    if (new Set(sides.map((side) => ACCOUNTS[side]!.currency)).size > 1) return false;
    if (from !== undefined && this.balances[from]! - moved < -ACCOUNTS[from]!.overdraft) return false;
    if (from !== undefined) this.balances[from]! -= moved;
    if (to !== undefined) this.balances[to]! += moved;
    if (reverses === undefined) this.moves.push({ from, to, left: moved });
    else this.moves[reverses]!.left -= moved;
    return true;
  }

  reverse(index: number, part: bigint | undefined): boolean {
    const move = this.moves[index];
    if (move === undefined || move.left === 0n || (part ?? 0n) > move.left) return false;
    return this.move(move.to, move.from, part ?? move.left, index);
  }
}

async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof FlorinError && error.status < 500) return false;
    throw error;
  }
}

class Run {
  readonly model = new Model();
  readonly ids: AccountId[] = [];
  readonly transactions: TransactionId[] = [];
  #last: (() => Promise<Answer>) | undefined;

  async open(): Promise<void> {
    for (const { currency, overdraft } of ACCOUNTS) {
      this.ids.push(await bank.newAccount({ currency, overdraftMinor: overdraft }));
    }
  }

  /** Does the operation on both and says whether they agree that it is possible. */
  async step(one: Operation): Promise<boolean> {
    switch (one.do) {
      case 'deposit':
        return this.#agree(this.model.move(undefined, one.account, one.amount), () =>
          this.#cash('deposit', one),
        );
      case 'withdraw':
        return this.#agree(this.model.move(one.account, undefined, one.amount), () =>
          this.#cash('withdraw', one),
        );
      case 'transfer':
        return this.#agree(this.model.move(one.account, one.other, one.amount), this.#transfer(one));
      case 'reverse': {
        const transactionId = this.transactions[one.earlier];
        if (transactionId === undefined) return true;
        const key = newKey();
        const request = { caller: TEST_CALLER, idempotencyKey: key, transactionId, reason: 'x' };
        const asked = bank.transactions.reverse({ ...request, amountMinor: one.part });
        return (await succeeds(asked)) === this.model.reverse(one.earlier, one.part);
      }
      case 'repeat':
        return this.#last === undefined || (await this.#last()).replayed;
      case 'freeze':
      case 'unfreeze':
        await succeeds(bank.accounts[one.do](TEST_CALLER, this.ids[one.account]!, { reason: 'because' }));
        this.model.frozen[one.account] = one.do === 'freeze';
        return true;
    }
  }

  async #agree(expected: boolean, attempt: () => Promise<Answer>): Promise<boolean> {
    let answer: Answer | undefined;
    const done = await succeeds(
      attempt().then((given) => {
        answer = given;
      }),
    );
    if (answer !== undefined) {
      this.transactions.push(answer.transaction.state.id);
      this.#last = attempt;
    }
    return done === expected;
  }

  #cash(what: 'deposit' | 'withdraw', one: { account: number; amount: bigint }): Promise<Answer> {
    return bank.transactions[what]({
      ...this.#request(one),
      accountId: this.ids[one.account]!,
      mode: 'cash',
    });
  }

  #transfer(one: { account: number; other: number; amount: bigint }): () => Promise<Answer> {
    const request = this.#request(one);
    const to = { accountId: this.ids[one.other]! };
    return () => bank.transactions.transfer({ ...request, fromAccountId: this.ids[one.account]!, to });
  }

  readonly #keys = new Map<object, string>();
  #request(one: { account: number; amount: bigint }) {
    const idempotencyKey = this.#keys.get(one) ?? newKey();
    this.#keys.set(one, idempotencyKey);
    const { currency } = ACCOUNTS[one.account]!;
    return { caller: TEST_CALLER, idempotencyKey, amountMinor: one.amount, currency };
  }
}

test('whatever is done in whatever order, bank and model agree and the books verify', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async (operations) => {
      const run = new Run();
      await run.open();
      for (const one of operations) assert.ok(await run.step(one), `they disagree on ${one.do}`);
      for (const [index, id] of run.ids.entries()) {
        assert.equal(await bank.balanceOf(id), run.model.balances[index]);
      }
      assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
    }),
    { numRuns: propertyRuns(40) },
  );
});

test('done all at once, the books verify and every answer is in the books exactly once', {
  timeout: 120_000,
}, async () => {
  const transfer = fc.record({ from: fc.nat(3), to: fc.nat(3), amount });
  await fc.assert(
    fc.asyncProperty(fc.array(transfer, { minLength: 20, maxLength: 120 }), async (transfers) => {
      const ids = await Promise.all(
        [500n, 500n, 500n, 500n].map((balanceMinor) => bank.newAccount({ balanceMinor })),
      );
      const results = await Promise.allSettled(
        transfers.map(({ from, to, amount: amountMinor }) =>
          bank.transactions.transfer({
            caller: TEST_CALLER,
            idempotencyKey: newKey(),
            fromAccountId: ids[from]!,
            to: { accountId: ids[to]! },
            amountMinor,
            currency: EUR,
          }),
        ),
      );
      const expected = ids.map(() => 500n);
      let lines = 4;
      for (const [index, result] of results.entries()) {
        const { from, to, amount: moved } = transfers[index]!;
        if (result.status === 'rejected') continue;
        expected[from]! -= moved;
        expected[to]! += moved;
        lines += 2;
      }
      assert.deepEqual(await Promise.all(ids.map((id) => bank.balanceOf(id))), expected);
      const stored = await Promise.all(
        ids.map((id) => bank.transactions.listLines(TEST_CALLER, id, { limit: 1000 })),
      );
      assert.equal(stored.flat().length, lines);
      assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
    }),
    { numRuns: propertyRuns(15) },
  );
});
