import { LruMap } from '#lib/concurrency/lru-map.ts';
import type { AccountId } from '#lib/ids.ts';
import type { HeldBook } from './business-date.ts';
import type { ReadAccount } from './lock-accounts.ts';

/** Some 350 bytes each. What is not remembered is read again, which costs a round trip. */
const MAX_ACCOUNTS = 60_000;

/** What of a book a flight is judged on. */
export type SeenBook = Pick<HeldBook, 'businessDate' | 'isLimited'>;

/**
 * Ledger accounts and the book as this process last saw them, or left them. Others change them at any time, so nothing
 * is decided by this alone: what is judged on it names what it was judged on, and the database confirms that or fails
 * (flight-plan.ts). So a refusal never comes from here.
 */
export class AccountCache {
  readonly #accounts = new LruMap<ReadAccount>(MAX_ACCOUNTS);
  /** The book; undefined while nothing is known of it. */
  book: SeenBook | undefined;

  get(id: AccountId): ReadAccount | undefined {
    return this.#accounts.peek(id);
  }

  /** Remembers accounts as they are now; those not heard of for longest are forgotten for them. */
  remember(accounts: Iterable<ReadAccount>): void {
    for (const account of accounts) this.#accounts.set(account.id, account);
  }

  forget(ids: Iterable<AccountId>): void {
    for (const id of ids) this.#accounts.delete(id);
  }
}
