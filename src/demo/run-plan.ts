import type { Services } from '#bank/services.ts';
import { assert, unreachable } from '#lib/assert.ts';
import type { ManualClock } from '#lib/time/clock.ts';
import { ACCOUNTS, demoAccount } from './accounts.ts';
import type { DemoIds } from './demo-ids.ts';
import { type AccountIds, accountIdOf, DEMO_CALLER } from './open-accounts.ts';
import type { Movement, Reversal, Step, YearPlan } from './year-plan.ts';

export type DemoProgress = { readonly done: number; readonly total: number };

export type RunPlanOptions = {
  readonly services: Services;
  readonly ids: DemoIds;
  readonly clock: ManualClock;
  readonly accountIds: AccountIds;
  readonly onProgress: (progress: DemoProgress) => void;
};

/**
 * Carries out a plan, round by round, the steps of a round at once, so that they share the queue's batch. Returns the
 * number of transactions. A refusal is a fault of the plan and ends it.
 *
 * Lines of one account within a round are numbered as its steps reach the queue. That is the same every time:
 * after the first round (one step an account) deposits, withdrawals and transfers read nothing on their way.
 */
export async function runPlan(plan: YearPlan, options: RunPlanOptions): Promise<number> {
  const { rounds } = plan;
  const total = rounds.reduce((sum, { steps }) => sum + steps.length, 0);
  let done = 0;
  let transactions = 0;
  for (const { atMs, steps } of rounds) {
    options.clock.setMs(atMs);
    const moved = await Promise.all(steps.map((step) => runStep(step, options)));
    transactions += moved.filter(Boolean).length;
    done += steps.length;
    options.onProgress({ done, total });
  }
  await checkBalances(plan, options);
  return transactions;
}

/** Whether money was moved. */
async function runStep(step: Step, options: RunPlanOptions): Promise<boolean> {
  const { accounts } = options.services;
  switch (step.kind) {
    case 'freeze':
      await accounts.freeze(DEMO_CALLER, accountIdOf(options.accountIds, step.account), step);
      return false;
    case 'unfreeze':
      await accounts.unfreeze(DEMO_CALLER, accountIdOf(options.accountIds, step.account), step);
      return false;
    case 'close':
      await accounts.close(DEMO_CALLER, accountIdOf(options.accountIds, step.account), step);
      return false;
    case 'deposit':
    case 'withdrawal':
    case 'transfer':
    case 'reversal': {
      const { transaction, replayed } = await options.ids.giving(step.id, () => move(step, options));
      assert(
        !replayed && transaction.state.id === step.id,
        'the demo moves money once, by the ids it decided',
      );
      return true;
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

/** The books agree with the plan. */
async function checkBalances(plan: YearPlan, options: RunPlanOptions): Promise<void> {
  for (const { key } of ACCOUNTS) {
    const { funds } = await options.services.accounts.get(DEMO_CALLER, accountIdOf(options.accountIds, key));
    assert(
      funds.postedMinor === plan.balanceOf(key),
      `the demo's account ${key} stands where it was planned to`,
    );
  }
}
