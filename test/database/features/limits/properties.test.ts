import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expireHolds } from '#features/holds/contract.ts';
import { FlorinError } from '#lib/errors.ts';
import { requireIban } from '#lib/iban.ts';
import type { AccountId, HoldId, TransactionId } from '#lib/ids.ts';
import { EUR, newKey, openTestBank, START_MS, TEST_CALLER } from '#test/support/bank.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { type Act, act, FIRST_LIMIT, Model } from './model.ts';

const bank = await openTestBank();
const ABROAD = { iban: requireIban('DE89370400440532013000', 'iban'), name: 'Grace Hopper' };
/** The bank believes no clock that is ahead of the database’s: stories of later nights stay on their day. */
const LAST_MS = START_MS + 250 * 86_400_000;
const NONE = { perTransaction: undefined, perDay: undefined, newBeneficiaryPerDay: undefined };

async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof FlorinError && error.status < 500) return false;
    throw error;
  }
}

/** A story at the bank. */
class Story {
  readonly id: AccountId;
  readonly #own: AccountId;
  readonly #payee: AccountId;
  readonly #paid: TransactionId[] = [];
  readonly #captured: TransactionId[] = [];
  readonly #holds: HoldId[] = [];

  private constructor(id: AccountId, own: AccountId, payee: AccountId) {
    [this.id, this.#own, this.#payee] = [id, own, payee];
  }

  static async begin(ownTransfersCount: boolean): Promise<Story> {
    const customerId = await bank.newCustomer();
    const id = await bank.newAccount({ customerId, balanceMinor: 100_000n });
    const [own, payee] = [await bank.newAccount({ customerId }), await bank.newAccount()];
    const scope = { currency: EUR, product: 'current', limits: NONE, ownTransfersCount };
    await bank.limits.setDefault(TEST_CALLER, scope);
    await bank.limits.setForAccount(TEST_CALLER, id, { ...NONE, perDay: FIRST_LIMIT });
    return new Story(id, own, payee);
  }

  async leftToday(): Promise<bigint | undefined> {
    return (await bank.limits.get(TEST_CALLER, this.id)).allowance?.leftMinor('perDay');
  }

  async does(one: Act, toMs: number): Promise<boolean> {
    const request = { caller: TEST_CALLER, idempotencyKey: newKey() };
    switch (one.do) {
      case 'withdraw':
      case 'pay':
      case 'payOwn':
      case 'payOut':
        return this.#pay(one.do, one.amount);
      case 'return': {
        const id = this.#paid[one.payment];
        return id !== undefined && succeeds(bank.outgoingPayments.giveBack({ ...request, id, ...AC04 }));
      }
      case 'reverse':
      case 'refund': {
        const transactionId = one.do === 'reverse' ? this.#paid[one.payment] : this.#captured[one.capture];
        if (transactionId === undefined) return false;
        const asked = { ...request, transactionId, reason: 'x', amountMinor: one.part };
        return succeeds(bank.transactions.reverse(asked));
      }
      case 'place': {
        const expiresAtMs = one.hours === undefined ? undefined : bank.clock.nowMs() + one.hours * 3_600_000;
        const terms = { accountId: this.id, amountMinor: one.amount, currency: EUR, expiresAtMs };
        const placed = bank.holds.place({ ...request, ...terms });
        return succeeds(placed.then(({ hold }) => this.#holds.push(hold.state.id)));
      }
      case 'raise':
        return this.#with(one.hold, (id) =>
          bank.holds.change(TEST_CALLER, id, '*', { amountMinor: one.amount }),
        );
      case 'capture':
        return this.#with(one.hold, async (holdId) => {
          const taken = { amountMinor: one.amount, isFinal: one.isFinal };
          const { transactionId } = await bank.holds.capture({ ...request, holdId, ...taken });
          this.#paid.push(transactionId);
          this.#captured.push(transactionId);
        });
      case 'release':
        return this.#with(one.hold, (id) => bank.holds.release(TEST_CALLER, id));
      case 'expire':
        for await (const _ of expireHolds({ db: bank.db, bookId: 1, clock: bank.clock }));
        return true;
      case 'closePayee':
        return succeeds(bank.accounts.close(TEST_CALLER, this.#payee, { reason: 'x' }));
      case 'limit': {
        const limits = { ...NONE, perTransaction: one.once, perDay: one.day };
        return succeeds(bank.limits.setForAccount(TEST_CALLER, this.id, limits));
      }
      case 'wait':
      case 'midnight':
        bank.clock.setMs(toMs);
        return true;
      case 'unfreeze':
        return succeeds(bank.accounts.unfreeze(TEST_CALLER, this.id, { reason: 'x' }));
      default: {
        const what = one.do === 'freeze' ? 'all' : 'debits';
        return succeeds(bank.accounts.freeze(TEST_CALLER, this.id, { reason: 'x', what }));
      }
    }
  }

  async #pay(kind: 'withdraw' | 'pay' | 'payOwn' | 'payOut', amountMinor: bigint): Promise<boolean> {
    const request = { caller: TEST_CALLER, idempotencyKey: newKey(), amountMinor, currency: EUR };
    const to = { pay: { accountId: this.#payee }, payOwn: { accountId: this.#own }, payOut: ABROAD };
    const moved =
      kind === 'withdraw'
        ? bank.transactions.withdraw({ ...request, accountId: this.id, mode: 'cash' })
        : bank.transactions.transfer({ ...request, fromAccountId: this.id, to: to[kind] });
    return succeeds(moved.then(({ transaction }) => this.#paid.push(transaction.state.id)));
  }

  async #with(index: number, work: (id: HoldId) => Promise<unknown>): Promise<boolean> {
    const id = this.#holds[index];
    return id !== undefined && succeeds(work(id));
  }
}

const AC04 = { reason: 'AC04', reasonCode: undefined, returnedOn: undefined };

function movesTime(one: Act): boolean {
  return one.do === 'wait' || one.do === 'midnight';
}

test('whatever is paid, held, taken back and limited over days, bank and model agree on what is left', {
  timeout: 180_000,
}, async () => {
  const acts = fc.array(act, { minLength: 8, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(acts, fc.boolean(), async (told, ownCount) => {
      const story = await Story.begin(ownCount);
      const model = new Model(bank.clock.nowMs(), ownCount);
      for (const one of told) {
        if (movesTime(one) && model.nowMs > LAST_MS) continue;
        const isPossible = model.does(one);
        assert.equal(await story.does(one, model.nowMs), isPossible, `they disagree on ${one.do}`);
        assert.equal(await story.leftToday(), model.leftToday, `what is left after ${one.do}`);
      }
      const { funds } = await bank.accounts.get(TEST_CALLER, story.id);
      assert.deepEqual([funds.postedMinor, funds.heldMinor], [model.balance, model.held]);
    }),
    { numRuns: propertyRuns(20) },
  );
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});
