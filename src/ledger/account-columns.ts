import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { ReadAccount } from './lock-accounts.ts';

const STATUSES: readonly ReadAccount['status'][] = [
  'active',
  'estate',
  'dormant',
  'debits_frozen',
  'frozen',
  'closed',
];

/** Values that many accounts share, each kept once and known by its number. */
class Shared<Value> {
  readonly #values: Value[] = [];
  readonly #numbers = new Map<Value, number>();

  numberOf(value: Value): number {
    return this.#numbers.getOrInsertComputed(value, () => this.#values.push(value) - 1);
  }

  at(number: number): Value {
    const value = this.#values[number];
    if (value === undefined) throw new RangeError(`no value has the number ${number}`);
    return value;
  }
}

/**
 * Accounts in slots, a column for each field. An account takes 70 bytes so. As an object with its seven bigints it took
 * four times as much, and the garbage collector went through all of them again and again.
 */
export class AccountColumns {
  readonly #balances: BigInt64Array;
  readonly #held: BigInt64Array;
  readonly #floors: BigInt64Array;
  readonly #unarranged: BigInt64Array;
  readonly #minimums: BigInt64Array;
  readonly #openingDeposits: BigInt64Array;
  readonly #seqs: BigInt64Array;
  readonly #postedAt: Float64Array;
  readonly #dates: Int32Array;
  readonly #statuses: Uint8Array;
  readonly #contracts: Uint8Array;
  readonly #currencies: Uint8Array;
  readonly #sharedDates = new Shared<IsoDate | null>();
  readonly #sharedCurrencies = new Shared<Currency>();

  constructor(slots: number) {
    this.#balances = new BigInt64Array(slots);
    this.#held = new BigInt64Array(slots);
    this.#floors = new BigInt64Array(slots);
    this.#unarranged = new BigInt64Array(slots);
    this.#minimums = new BigInt64Array(slots);
    this.#openingDeposits = new BigInt64Array(slots);
    this.#seqs = new BigInt64Array(slots);
    this.#postedAt = new Float64Array(slots);
    this.#dates = new Int32Array(slots);
    this.#statuses = new Uint8Array(slots);
    this.#contracts = new Uint8Array(slots);
    this.#currencies = new Uint8Array(slots);
  }

  put(slot: number, account: ReadAccount): void {
    this.#balances[slot] = account.balanceMinor;
    this.#held[slot] = account.heldMinor;
    this.#floors[slot] = account.floorMinor;
    this.#unarranged[slot] = account.unarrangedMinor;
    this.#minimums[slot] = account.minimumMinor;
    this.#openingDeposits[slot] = account.openingDepositMinor;
    this.#seqs[slot] = account.seq;
    this.#postedAt[slot] = account.lastPostedAtMs;
    this.#dates[slot] = this.#sharedDates.numberOf(account.lastBusinessDate ?? null);
    this.#statuses[slot] = STATUSES.indexOf(account.status);
    this.#contracts[slot] = account.isContract ? 1 : 0;
    this.#currencies[slot] = this.#sharedCurrencies.numberOf(account.currency);
  }

  /** The account in a slot that it was put into. */
  take(slot: number, id: AccountId): ReadAccount {
    return {
      id,
      currency: this.#sharedCurrencies.at(this.#currencies[slot] ?? -1),
      status: STATUSES[this.#statuses[slot] ?? -1] ?? 'closed',
      isContract: this.#contracts[slot] === 1,
      balanceMinor: this.#balances[slot] ?? 0n,
      heldMinor: this.#held[slot] ?? 0n,
      floorMinor: this.#floors[slot] ?? 0n,
      unarrangedMinor: this.#unarranged[slot] ?? 0n,
      minimumMinor: this.#minimums[slot] ?? 0n,
      openingDepositMinor: this.#openingDeposits[slot] ?? 0n,
      seq: this.#seqs[slot] ?? 0n,
      lastBusinessDate: this.#sharedDates.at(this.#dates[slot] ?? -1) ?? undefined,
      lastPostedAtMs: this.#postedAt[slot] ?? 0,
    };
  }
}
