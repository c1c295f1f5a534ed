import type { DataKey } from '#lib/data-key.ts';
import type { IdSource } from '#lib/ids.ts';
import type { Clock } from '#lib/time/clock.ts';
import type { Db, PostingPool } from './database.ts';

/**
 * The context of every service: the database and book, and the sources of time and ids. Built once where the bank is
 * opened (bank/open-bank.ts), and by tests and the bench for themselves.
 */
export type Context = {
  readonly db: Db;
  /** The posting queue's own connections. */
  readonly postingPool: PostingPool;
  readonly bookId: number;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Seals personal data and secrets before they are stored. */
  readonly dataKey: DataKey;
  /** Whether nothing can be written: incidental notes are left out. */
  readonly isReadOnly?: boolean;
  /** The cost of a new password hash; by default OWASP's (identity/users/passwords.ts). Tests pay less. */
  readonly passwordCost?: PasswordCost | undefined;
};

/** The cost of one argon2id: its memory and number of passes. */
export type PasswordCost = { readonly memoryKib: number; readonly passes: number };
