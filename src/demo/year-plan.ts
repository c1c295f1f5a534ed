import type { PaymentMode } from '#features/transactions/contract.ts';
import { assert } from '#lib/assert.ts';
import type { TransactionId } from '#lib/ids.ts';
import { ACCOUNTS, demoAccount } from './accounts.ts';
import type { DemoSavingPlan, DemoTermDeposit } from './data.ts';
import { namedUuid } from './demo-ids.ts';

/** A tenth of each overdraft. */
export const LEFT_OF_OVERDRAFT = 10n;

/** Money that moves, with everything decided: by which id and key, and how much in minor units. */
export type Movement = {
  readonly id: TransactionId;
  readonly idempotencyKey: string;
  readonly account: string;
  readonly amountMinor: bigint;
  readonly description: string;
  readonly reference?: string | undefined;
} & (
  | { readonly kind: 'deposit' | 'withdrawal'; readonly mode: PaymentMode }
  | { readonly kind: 'transfer'; readonly to: string }
);

/** A reversal of a movement. */
export type Reversal = {
  readonly kind: 'reversal';
  readonly id: TransactionId;
  readonly idempotencyKey: string;
  readonly transactionId: TransactionId;
  readonly reason: string;
};

/** A change to an account that moves no money. */
export type AccountChange = {
  readonly kind: 'freeze' | 'unfreeze' | 'close';
  readonly account: string;
  readonly reason: string;
  /** Of an account that is closed: where its interest goes. */
  readonly payoutTo?: string | undefined;
};

/** What the bank agrees with customers: money that it lends, an instalment of that, money that is held for a term. */
export type Contract = { readonly account: string; readonly amountMinor: bigint } & (
  | { readonly kind: 'mortgage' }
  | {
      readonly kind: 'term_deposit';
      readonly months: number;
      readonly onMaturity: DemoTermDeposit['onMaturity'];
    }
  | /** The amount is an instalment. */ { readonly kind: 'saving_plan'; readonly weeks: number }
  | /** The amount is what was set aside for it. */ { readonly kind: 'instalment' }
);

export type Step = Movement | Reversal | AccountChange | Contract;

/** The events of one instant. Its steps succeed in any order. */
export type Round = { readonly atMs: number; readonly steps: readonly Step[] };

type PaymentText = { readonly description: string; readonly reference?: string | undefined };

/**
 * Plans the payments of the accounts, round by round, and keeps their balances, so that it never plans a payment that
 * the bank would refuse. A payment out needs the money at the beginning of its round, whatever else comes in during it.
 * Payments without the money are left out. What the bank charges and pays by its terms is not planned: interest is more
 * than what stands here, and a part of each overdraft is left for what it costs.
 */
export class YearPlan {
  readonly #rounds: { atMs: number; steps: Step[] }[] = [];
  readonly #balances = new Map<string, bigint>(ACCOUNTS.map(({ key }) => [key, 0n]));
  /** The amounts that this round pays in, available from the next one on. */
  #incoming = new Map<string, bigint>();
  readonly #setAside = new Map<string, bigint>();
  readonly #blocked = new Set<string>();
  #count = 0;

  /** The rounds in which something happens. */
  get rounds(): readonly Round[] {
    return this.#rounds.filter(({ steps }) => steps.length > 0);
  }

  /** The balance that all rounds so far leave, in minor units. */
  balanceOf(account: string): bigint {
    return this.#spendable(account) + (this.#incoming.get(account) ?? 0n);
  }

  /** The amount that may still be paid out in this round, the overdraft included, in minor units. */
  availableOf(account: string): bigint {
    if (this.#blocked.has(account)) return 0n;
    const { overdraftMinor } = demoAccount(account);
    return this.#spendable(account) + overdraftMinor - overdraftMinor / LEFT_OF_OVERDRAFT;
  }

  /** What was set aside of an account in all, in minor units. */
  setAsideOf(account: string): bigint {
    return this.#setAside.get(account) ?? 0n;
  }

  startRound(atMs: number): void {
    const before = this.#rounds.at(-1);
    assert(before === undefined || before.atMs < atMs, 'rounds follow each other in time');
    for (const [account, amountMinor] of this.#incoming) {
      this.#balances.set(account, this.#spendable(account) + amountMinor);
    }
    this.#incoming = new Map();
    this.#rounds.push({ atMs, steps: [] });
  }

  deposit(account: string, amountMinor: bigint, mode: PaymentMode, text: PaymentText): Movement | undefined {
    if (this.#blocked.has(account)) return undefined;
    this.#payIn(account, amountMinor);
    return this.#add({ ...this.#nextName(), kind: 'deposit', account, amountMinor, mode, ...text });
  }

  withdraw(account: string, amountMinor: bigint, mode: PaymentMode, text: PaymentText): Movement | undefined {
    if (this.availableOf(account) < amountMinor) return undefined;
    this.#payOut(account, amountMinor);
    return this.#add({ ...this.#nextName(), kind: 'withdrawal', account, amountMinor, mode, ...text });
  }

  transfer(account: string, to: string, amountMinor: bigint, text: PaymentText): Movement | undefined {
    if (this.#blocked.has(to) || this.availableOf(account) < amountMinor) return undefined;
    this.#payOut(account, amountMinor);
    this.#payIn(to, amountMinor);
    return this.#add({ ...this.#nextName(), kind: 'transfer', account, to, amountMinor, ...text });
  }

  /** Lends money to an account: it is there from the next round on. */
  lend(account: string, amountMinor: bigint): void {
    this.#payIn(account, amountMinor);
    this.#add({ kind: 'mortgage', account, amountMinor });
  }

  /** Takes money for an instalment of a loan out of the plan: its holders pay it, or the bank collects it by itself. */
  setAside(account: string, amountMinor: bigint, { isPaidByHand }: { readonly isPaidByHand: boolean }): void {
    this.#payOut(account, amountMinor);
    this.#setAside.set(account, this.setAsideOf(account) + amountMinor);
    if (isPaidByHand) this.#add({ kind: 'instalment', account, amountMinor });
  }

  /** Hands money of an account over for a term, if it is there. */
  holdForTerm({ account, amountMinor, months, onMaturity }: DemoTermDeposit): void {
    if (this.availableOf(account) < amountMinor) return;
    this.#payOut(account, amountMinor);
    this.#add({ kind: 'term_deposit', account, amountMinor, months, onMaturity });
  }

  /** Begins to pay in each week from an account, where the money for all weeks is there: the end of a day collects it. */
  saveWeekly({ account, amountMinor, weeks }: DemoSavingPlan): void {
    const wholeMinor = amountMinor * BigInt(weeks);
    if (this.availableOf(account) < wholeMinor) return;
    this.#payOut(account, wholeMinor);
    this.#add({ kind: 'saving_plan', account, amountMinor, weeks });
  }

  /** Reverses a movement, unless the money is gone. */
  reverse(movement: Movement, reason: string): void {
    const { account, amountMinor } = movement;
    const payer =
      movement.kind === 'withdrawal' ? undefined : movement.kind === 'transfer' ? movement.to : account;
    const payee = movement.kind === 'deposit' ? undefined : account;
    if (payer !== undefined && this.availableOf(payer) < amountMinor) return;
    if (payee !== undefined && this.#blocked.has(payee)) return;
    if (payer !== undefined) this.#payOut(payer, amountMinor);
    if (payee !== undefined) this.#payIn(payee, amountMinor);
    this.#add({ ...this.#nextName(), kind: 'reversal', transactionId: movement.id, reason });
  }

  /** From now on nothing is planned for the account. */
  block(kind: 'freeze' | 'close', account: string, reason: string, payoutTo?: string): void {
    assert(kind === 'freeze' || this.balanceOf(account) === 0n, `${account} is empty when it is closed`);
    this.#blocked.add(account);
    this.#add({ kind, account, reason, payoutTo });
  }

  unfreeze(account: string, reason: string): void {
    this.#blocked.delete(account);
    this.#add({ kind: 'unfreeze', account, reason });
  }

  #spendable(account: string): bigint {
    const balanceMinor = this.#balances.get(account);
    assert(balanceMinor !== undefined, `the demo has no account ${account}`);
    return balanceMinor;
  }

  #payOut(account: string, amountMinor: bigint): void {
    this.#balances.set(account, this.#spendable(account) - amountMinor);
  }

  #payIn(account: string, amountMinor: bigint): void {
    this.#incoming.set(account, (this.#incoming.get(account) ?? 0n) + amountMinor);
  }

  /** Ids sort by time and, within a round, in the order of planning. */
  #nextName(): { id: TransactionId; idempotencyKey: string } {
    this.#count += 1;
    const { atMs, steps } = this.#round();
    const idempotencyKey = `demo-${this.#count}`;
    return { id: namedUuid(idempotencyKey, atMs, steps.length) as TransactionId, idempotencyKey };
  }

  #add<Planned extends Step>(step: Planned): Planned {
    this.#round().steps.push(step);
    return step;
  }

  #round(): { atMs: number; steps: Step[] } {
    const round = this.#rounds.at(-1);
    assert(round !== undefined, 'a round has begun');
    return round;
  }
}
