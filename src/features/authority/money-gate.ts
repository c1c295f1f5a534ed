import type { Context } from '#db/context.ts';
import type { Db } from '#db/database.ts';
import type { AnyTx } from '#db/session.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import type { FlorinError } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { Money } from '#lib/money/money.ts';
import { aboveLargest, aboveLimit } from './errors.ts';
import { addUses, selectRoleLimits, type Use } from './repository.ts';
import { type RoleLimit, RoleLimits } from './role-limits.ts';
import type { StakeTable } from './stake.ts';
import { sumOfUses } from './uses.ts';

/**
 * The one gate for everything that moves, promises or lends money on a caller's word. Each operation says in the table
 * of stakes (src/bank/stakes.ts) what it commits, and asks here before it does. A server whose operations are not all
 * in the table does not start. An operation that did not ask answers 500. Throws 403 `limit_requires_manager`, and
 * `api_key_limit` for an amount above the largest of an API key.
 */
export class MoneyGate {
  readonly #context: Pick<Context, 'db' | 'bookId' | 'clock'>;
  readonly #stakes: StakeTable;
  readonly #fallback: RoleLimit;
  readonly #asked = new WeakMap<Caller, string>();
  /** What was accepted in a transaction, to be counted when it is stored. */
  readonly #noted = new WeakMap<AnyTx, Use[]>();

  /** `fallback` is the limit of a teller in its currency while none is set for it. */
  constructor(context: Pick<Context, 'db' | 'bookId' | 'clock'>, stakes: StakeTable, fallback: RoleLimit) {
    this.#context = context;
    this.#stakes = stakes;
    this.#fallback = fallback;
  }

  /** Whether an operation asked here in a request: with the caller of that request. */
  wasAsked(caller: Caller, operation: string): boolean {
    return this.#asked.get(caller) === operation;
  }

  /**
   * Judges amounts as one transaction each, before the request waits for anything, and without counting them: for what
   * is counted as it is posted (openDayGuard). Not within a transaction: it moves the date of the book on.
   */
  async judge(caller: Caller, operation: string, ...amounts: readonly Money[]): Promise<void> {
    throwFirst(await this.judgeEach(caller, operation, amounts));
  }

  /** As judge, for callers that answer each on its own: the refusals, in the same order. */
  async judgeEach(
    caller: Caller,
    operation: string,
    amounts: readonly Money[],
  ): Promise<(FlorinError | undefined)[]> {
    const { db, bookId, clock } = this.#context;
    if (this.#isLimited(caller, operation, amounts)) await followCalendar(db, bookId, clock);
    return this.#judgeEach(db, caller, operation, amounts);
  }

  /**
   * Judges several amounts as what they are together, by the largest amount of an API key: for what is done whole or not
   * at all. Each alone is judged as well. Throws 403 `api_key_limit`.
   */
  judgeWhole({ bounds }: Caller, amounts: readonly Money[]): void {
    const largest = bounds?.largest;
    if (largest === undefined) return;
    for (const sum of sumsOf(amounts)) {
      const refusal = aboveLargest(largest, sum);
      if (refusal !== undefined) throw refusal;
    }
  }

  /** As judge, in the transaction of the operation. Takes no lock. */
  async judgeWithin(
    tx: AnyTx,
    caller: Caller,
    operation: string,
    ...amounts: readonly Money[]
  ): Promise<void> {
    throwFirst(await this.#judgeEach(tx, caller, operation, amounts));
  }

  /**
   * Judges amounts, each as one transaction and together with what the caller did on the business date, and counts
   * them. In the transaction of the operation, after every lock that it takes.
   */
  async pass(tx: AnyTx, caller: Caller, operation: string, ...amounts: readonly Money[]): Promise<void> {
    await this.judgeWithin(tx, caller, operation, ...amounts);
    if (!this.#isLimited(caller, operation, amounts)) return;
    await this.#count(
      tx,
      amounts.map(({ amountMinor, currency }) => ({ actor: caller.actor, currency, usedMinor: amountMinor })),
    );
  }

  /** The uses of a transaction that is about to post, for a guard to add what it accepts. */
  notesOf(tx: AnyTx): Use[] {
    const notes: Use[] = [];
    this.#noted.set(tx, notes);
    return notes;
  }

  /** Counts what was accepted in a transaction, which stores it now. Throws as pass. */
  async countNoted(tx: AnyTx): Promise<void> {
    await this.#count(tx, this.#noted.get(tx) ?? []);
  }

  /** Adds to what was used on the day, and throws where that is above a limit now. */
  async #count(tx: AnyTx, uses: readonly Use[]): Promise<void> {
    const sums = sumOfUses(uses);
    if (sums.length === 0) return;
    const [limits, used] = await Promise.all([this.limitsOf(tx), addUses(tx, this.#context.bookId, sums)]);
    for (const { actor, currency, usedMinor } of used) {
      const added = sums.find((sum) => sum.actor === actor && sum.currency === currency)?.usedMinor ?? 0n;
      if (added <= 0n) continue;
      const refusal = limits.judgeDay({ amountMinor: added, currency }, usedMinor - added);
      if (refusal !== undefined) throw refusal;
    }
  }

  /** The limits of a teller on the business date. */
  async limitsOf(db: Db | AnyTx): Promise<RoleLimits> {
    return new RoleLimits(await selectRoleLimits(db, this.#context.bookId, 'teller'), this.#fallback);
  }

  async #judgeEach(
    db: Db | AnyTx,
    caller: Caller,
    operation: string,
    amounts: readonly Money[],
  ): Promise<(FlorinError | undefined)[]> {
    this.#note(caller, operation);
    const largest = caller.bounds?.largest;
    if (largest !== undefined) return amounts.map((amount) => aboveLargest(largest, amount));
    if (!this.#isLimited(caller, operation, amounts)) return [];
    if (this.#stakes[operation] === 'overdraft') return amounts.map(refuseOverdraft);
    const limits = await this.limitsOf(db);
    return amounts.map((amount) => limits.judgeOne(amount));
  }

  #isLimited({ role }: Caller, operation: string, amounts: readonly Money[]): boolean {
    return (
      role === 'teller' &&
      this.#stakes[operation] !== 'none' &&
      amounts.some(({ amountMinor }) => amountMinor > 0n)
    );
  }

  #note(caller: Caller, operation: string): void {
    assert(this.#stakes[operation] !== undefined, `the operation ${operation} says what it commits`);
    this.#asked.set(caller, operation);
  }
}

function refuseOverdraft({ amountMinor, currency }: Money): FlorinError | undefined {
  return amountMinor === 0n ? undefined : aboveLimit('overdraft', { amountMinor: 0n, currency }, 0n);
}

/** One sum a currency. */
function sumsOf(amounts: readonly Money[]): Money[] {
  const sums = new Map<Currency, bigint>();
  for (const { amountMinor, currency } of amounts) {
    sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor);
  }
  return [...sums].map(([currency, amountMinor]) => ({ currency, amountMinor }));
}

function throwFirst(refusals: readonly (FlorinError | undefined)[]): void {
  const refusal = refusals.find((one) => one !== undefined);
  if (refusal !== undefined) throw refusal;
}
