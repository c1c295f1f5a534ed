import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FeeStatus } from '#features/fees/contract.ts';
import { FlorinError } from '#lib/errors.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { type Act, Model, type ModelFee, type ModelTerms } from './model.ts';

const bank = await openTestBank();
const other = await bank.newAccount();
/** The last day of a month, after which all stories begin: one after the other. */
await bank.calendar.setDate(TEST_CALLER, isoDate('2026-01-31'));
await bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-01-31'));

const text = (minor: bigint): string => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
const percent = (ppm: bigint): string => (Number(ppm) / 10_000).toString();

const money = (max: number) => fc.bigInt({ min: 0n, max: BigInt(max) });
const fee: fc.Arbitrary<ModelFee> = fc.record({
  amount: money(300),
  ppm: fc.bigInt({ min: 0n, max: 50n }).map((step) => step * 500n),
  minimum: money(100),
  maximum: fc.bigInt({ min: 100n, max: 900n }),
  free: fc.integer({ min: 0, max: 2 }),
  taxPpm: fc.constantFrom(0n, 190_000n, 75_000n),
  whenShort: fc.constantFrom('refuse', 'queue', 'overdraft'),
});
const terms: fc.Arbitrary<ModelTerms> = fc
  .record({
    withdrawal: fee,
    transfer: fee,
    monthly: fc.bigInt({ min: 1n, max: 500n }),
    waivedFrom: money(5_000),
    tolerance: money(400),
  })
  .map((made) => ({ ...made, transfer: { ...made.transfer, whenShort: made.withdrawal.whenShort } }));
const amount = fc.bigInt({ min: 1n, max: 6_000n });
/** A payment that leaves so little that the fee may not be there. */
type Emptying = { readonly do: 'nearly all'; readonly leaving: bigint };

const act: fc.Arbitrary<Act | Emptying> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('nearly all' as const), leaving: money(600) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('deposit' as const), amount }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('withdrawal' as const, 'transfer' as const), amount }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('take back' as const),
      which: fc.nat({ max: 1 }),
      part: fc.option(amount, { nil: undefined, freq: 1 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('close' as const), days: fc.constantFrom(1, 3, 16, 31) }),
  },
);

const termsOf = (code: 'withdrawal' | 'transfer', one: ModelFee) => ({
  code,
  name: code,
  event: code,
  amount: text(one.amount),
  percent: percent(one.ppm),
  minimum: text(one.minimum),
  maximum: text(one.maximum),
  freeAMonth: one.free,
  tax: { name: 'Tax', percent: percent(one.taxPpm) },
  whenShort: one.whenShort,
});

let products = 0;
async function openOn({
  withdrawal,
  transfer,
  monthly,
  waivedFrom,
  tolerance,
}: ModelTerms): Promise<AccountId> {
  products += 1;
  const fees = [
    termsOf('withdrawal', withdrawal),
    termsOf('transfer', transfer),
    {
      code: 'monthly',
      name: 'Monthly',
      event: 'monthly',
      amount: text(monthly),
      waivers: [{ lowestBalance: text(waivedFrom) }],
    },
  ];
  const code = `story_${products}`;
  const overdraft = { allowed: false, unarrangedTolerance: text(tolerance) };
  await bank.products.create(TEST_CALLER, {
    code,
    currency: EUR,
    kind: 'current',
    name: 'Story',
    accounting: {},
    terms: { overdraft, fees },
  });
  const customerId = await bank.newCustomer();
  const opened = { customerId, product: code, currency: EUR, overdraftLimitMinor: 0n };
  return (await bank.accounts.open(TEST_CALLER, opened)).id;
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

/** A story of one account at the bank. */
class Story {
  readonly id: AccountId;
  readonly #paid: TransactionId[] = [];

  constructor(id: AccountId) {
    this.id = id;
  }

  async does(one: Act, date: string): Promise<boolean> {
    const request = { caller: TEST_CALLER, idempotencyKey: newKey(), currency: EUR };
    switch (one.do) {
      case 'deposit':
        return succeeds(bank.transactions.deposit({ ...request, ...moneyOf(this.id, one.amount) }));
      case 'withdrawal':
        return this.#pays(bank.transactions.withdraw({ ...request, ...moneyOf(this.id, one.amount) }));
      case 'transfer': {
        const to = { accountId: other };
        const transfer = { ...request, fromAccountId: this.id, to, amountMinor: one.amount };
        return this.#pays(bank.transactions.transfer(transfer));
      }
      case 'take back': {
        const transactionId = this.#paid.at(-1 - one.which);
        if (transactionId === undefined) return false;
        const reversal = { ...request, transactionId, amountMinor: one.part, reason: 'story' };
        return succeeds(bank.transactions.reverse(reversal));
      }
      case 'close': {
        const until = Temporal.PlainDate.from(date).add({ days: one.days - 1 });
        await bank.endOfDay.closeThrough(TEST_CALLER, isoDate(until.toString()));
        return true;
      }
    }
  }

  #pays(attempt: Promise<{ readonly transaction: { readonly state: { readonly id: TransactionId } } }>) {
    return succeeds(
      attempt.then(({ transaction }) => {
        this.#paid.push(transaction.state.id);
      }),
    );
  }

  async statuses(): Promise<FeeStatus[]> {
    const fees = await bank.charges.list(TEST_CALLER, this.id, { limit: 1_000 });
    return fees.map(({ status }) => status).toReversed();
  }
}

const moneyOf = (accountId: AccountId, amountMinor: bigint) =>
  ({ accountId, amountMinor, mode: 'cash' }) as const;

function payingAllBut(balance: bigint, leaving: bigint): Act {
  return { do: 'withdrawal', amount: balance > leaving ? balance - leaving : 1n };
}

test('whatever happens to an account with fees, it comes to what a plain model says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.noBias(terms),
      fc.noBias(fc.array(act, { minLength: 12, maxLength: 18 })),
      async (agreed, acts) => {
        const { businessDate } = await bank.endOfDay.progress();
        // A story begins on the first day of a month: what came before is not its own.
        const begin = Temporal.PlainDate.from(businessDate).with({ day: 1 }).add({ months: 1 });
        await bank.endOfDay.closeThrough(TEST_CALLER, isoDate(begin.subtract({ days: 1 }).toString()));
        const story = new Story(await openOn(agreed));
        const model = new Model(agreed, begin.toString());
        for (const drawn of acts) {
          const one = drawn.do === 'nearly all' ? payingAllBut(model.balance, drawn.leaving) : drawn;
          const date = model.date.toString();
          assert.equal(await story.does(one, date), model.does(one), `${one.do} on ${date}`);
          assert.equal(await bank.balanceOf(story.id), model.balance);
          assert.deepEqual(await story.statuses(), model.statuses);
        }
      },
    ),
    { numRuns: propertyRuns(16) },
  );
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});
