import type { DataKey } from '#lib/data-key.ts';
import type { IdSource } from '#lib/ids.ts';
import type { Clock } from '#lib/time/clock.ts';
import type { Db, PostingPool } from './database.ts';

/** What every service is given: where the book is, and where time and ids come from. Built once by whoever opens the bank (bank/open-bank.ts), and by tests and the bench for themselves. */
export type Context = {
  readonly db: Db;
  /** The posting queue's own connections. */
  readonly postingPool: PostingPool;
  readonly bookId: number;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** What personal data and secrets are sealed with before they are stored. */
  readonly dataKey: DataKey;
  /** Whether nothing can be written: what is only noted by the way is left out. */
  readonly isReadOnly?: boolean;
  /** What a new password hash costs; left out, what OWASP asks for (identity/users/passwords.ts). Tests pay less. */
  readonly passwordCost?: PasswordCost | undefined;
};

/** The work of one argon2id: its memory, and how often it goes over it. */
export type PasswordCost = { readonly memoryKib: number; readonly passes: number };
