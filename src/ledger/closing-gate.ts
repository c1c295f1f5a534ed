import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

/** Soon enough: whoever closes a date holds the row for a millisecond. */
const LOOK_EVERY_MS = 10;
/** As long as a request is good for (close-date.ts), after which nobody waits any more. */
const MAX_LOOKS = 200;

/**
 * Holds batches back while somebody waits to close the date: each would share the book's row with those under way,
 * and among many there is always one, so that whoever wants the row for itself would never get it.
 */
export class ClosingGate {
  readonly #bookId: number;
  #opening: Promise<void> | undefined;
  #isClosed = false;

  constructor(bookId: number) {
    this.#bookId = bookId;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Somebody was seen waiting. */
  close(): void {
    this.#isClosed = true;
  }

  /** Resolves when nobody waits, or after two seconds. */
  async waitUntilOpen(db: Db): Promise<void> {
    this.#opening ??= this.#wait(db).finally(() => {
      this.#opening = undefined;
    });
    await this.#opening;
  }

  async #wait(db: Db): Promise<void> {
    for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
      const { rows } = await sql`
        select 1 from closing_requests where book_id = ${this.#bookId} and expires_at > now()`.execute(db);
      if (rows.length === 0) break;
      await delay(LOOK_EVERY_MS);
    }
    this.#isClosed = false;
  }
}
