import { LruMap } from '#lib/concurrency/lru-map.ts';
import type { AccountId } from '#lib/ids.ts';
import { AccountColumns } from './account-columns.ts';
import type { HeldBook } from './business-date.ts';
import type { ReadAccount } from './lock-accounts.ts';

/**
 * Some 165 bytes each, the id among them: 25 MB. What is not remembered is read again, which costs PostgreSQL a
 * statement and its requests a round trip.
 */
const MAX_ACCOUNTS = 150_000;

/** What of a book a flight is judged on. */
export type SeenBook = Pick<HeldBook, 'businessDate' | 'isLimited' | 'isCharged'>;

/**
 * Ledger accounts and the book as this process last saw them, or left them. Others change them at any time, so nothing
 * is decided by this alone: what is judged on it names what it was judged on, and the database confirms that or fails
 * (flight-plan.ts). So a refusal never comes from here.
 */
export class AccountCache {
  readonly #slots: LruMap<number>;
  readonly #columns: AccountColumns;
  /** Slots of accounts that were forgotten, or dropped for others. */
  readonly #free: number[] = [];
  #usedSlots = 0;
  /** The book; undefined while nothing is known of it. */
  book: SeenBook | undefined;

  constructor(maxAccounts = MAX_ACCOUNTS) {
    this.#slots = new LruMap(maxAccounts, (slot) => this.#free.push(slot));
    // One more: an account has its slot before another is dropped for it.
    this.#columns = new AccountColumns(maxAccounts + 1);
  }

  has(id: AccountId): boolean {
    return this.#slots.peek(id) !== undefined;
  }

  get(id: AccountId): ReadAccount | undefined {
    const slot = this.#slots.peek(id);
    return slot === undefined ? undefined : this.#columns.take(slot, id);
  }

  /** Remembers accounts as they are now; those not heard of for longest are forgotten for them. */
  remember(accounts: Iterable<ReadAccount>): void {
    for (const account of accounts) {
      const slot = this.#slots.peek(account.id) ?? this.#free.pop() ?? this.#usedSlots++;
      this.#columns.put(slot, account);
      this.#slots.set(account.id, slot);
    }
  }

  forget(ids: Iterable<AccountId>): void {
    for (const id of ids) {
      const slot = this.#slots.peek(id);
      if (slot === undefined) continue;
      this.#slots.delete(id);
      this.#free.push(slot);
    }
  }
}
