import { assert, unreachable } from '#lib/assert.ts';
import type { ManualClock } from '#lib/time/clock.ts';
import { ACCOUNTS, demoAccount } from './accounts.ts';
import { type AgreeOptions, agree } from './contracts.ts';
import type { DayEnds } from './day-ends.ts';
import type { DemoIds } from './demo-ids.ts';
import { accountIdOf, DEMO_CALLER } from './open-accounts.ts';
import { LEFT_OF_OVERDRAFT, type Movement, type Reversal, type Step, type YearPlan } from './year-plan.ts';

export type DemoProgress = { readonly done: number; readonly total: number };

export type RunPlanOptions = AgreeOptions & {
  readonly ids: DemoIds;
  readonly clock: ManualClock;
  readonly dayEnds: DayEnds;
  readonly onProgress: (progress: DemoProgress) => void;
};

/**
 * Carries out a plan, round by round, the steps of a round at once, so that they share the queue's batch, and ends the
 * days between them. A refusal is a fault of the plan and ends it.
 *
 * Lines of one account within a round are numbered as its steps reach the queue. That is the same every time:
 * after the first round (one step an account) deposits, withdrawals and transfers read nothing on their way.
 */
export async function runPlan(plan: YearPlan, options: RunPlanOptions): Promise<void> {
  const { rounds } = plan;
  const total = rounds.reduce((sum, { steps }) => sum + steps.length, 0);
  let done = 0;
  for (const { atMs, steps } of rounds) {
    await options.dayEnds.endBefore(atMs);
    options.clock.setMs(atMs);
    options.ids.moveTo(atMs);
    await Promise.all(steps.map((step) => runStep(step, options)));
    done += steps.length;
    options.onProgress({ done, total });
  }
  await options.dayEnds.endRest();
  await checkBalances(plan, options);
}

async function runStep(step: Step, options: RunPlanOptions): Promise<void> {
  const { accounts } = options.services;
  switch (step.kind) {
    case 'freeze':
      await accounts.freeze(DEMO_CALLER, accountIdOf(options.accountIds, step.account), step);
      return;
    case 'unfreeze':
      await accounts.unfreeze(DEMO_CALLER, accountIdOf(options.accountIds, step.account), step);
      return;
    case 'close':
      await accounts.close(DEMO_CALLER, accountIdOf(options.accountIds, step.account), {
        reason: step.reason,
        ...(step.payoutTo === undefined ? {} : { payoutTo: accountIdOf(options.accountIds, step.payoutTo) }),
      });
      return;
    case 'mortgage':
    case 'term_deposit':
    case 'saving_plan':
    case 'instalment':
      await agree(step, options);
      return;
    case 'deposit':
    case 'withdrawal':
    case 'transfer':
    case 'reversal': {
      const { transaction, replayed } = await options.ids.giving(step.id, () => move(step, options));
      assert(
        !replayed && transaction.state.id === step.id,
        'the demo moves money once, by the ids it decided',
      );
      return;
    }
    default:
      return unreachable(step);
  }
}

function move(step: Movement | Reversal, options: RunPlanOptions) {
  const { transactions } = options.services;
  const { idempotencyKey } = step;
  if (step.kind === 'reversal') {
    const { transactionId, reason } = step;
    return transactions.reverse({ caller: DEMO_CALLER, idempotencyKey, transactionId, reason });
  }
  const { amountMinor, description, reference } = step;
  const { currency } = demoAccount(step.account);
  const request = { caller: DEMO_CALLER, idempotencyKey, amountMinor, currency, description, reference };
  const id = accountIdOf(options.accountIds, step.account);
  if (step.kind === 'transfer') {
    const to = { accountId: accountIdOf(options.accountIds, step.to) };
    return transactions.transfer({ ...request, fromAccountId: id, to });
  }
  const cash = { ...request, accountId: id, mode: step.mode };
  return step.kind === 'deposit' ? transactions.deposit(cash) : transactions.withdraw(cash);
}

/** More than a business account pays in a year for being kept, and at cash machines. */
const FEES_MINOR = 50_000n;

/** The books have what was planned. An overdraft may have cost what was left of it, and a business account its fees. */
async function checkBalances(plan: YearPlan, options: RunPlanOptions): Promise<void> {
  for (const { key } of ACCOUNTS) {
    const { funds } = await options.services.accounts.get(DEMO_CALLER, accountIdOf(options.accountIds, key));
    const { overdraftMinor, product } = demoAccount(key);
    const costMinor = overdraftMinor / LEFT_OF_OVERDRAFT + (product === 'business' ? FEES_MINOR : 0n);
    const leastMinor = plan.balanceOf(key) - costMinor;
    assert(funds.postedMinor >= leastMinor, `the demo's account ${key} has what was planned`);
  }
}
