import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

/** Soon enough: closing a date holds the row for a millisecond. */
const LOOK_EVERY_MS = 10;
/** As long as a request to close is valid (close-date.ts); after that nobody waits any more. */
const MAX_LOOKS = 200;

/**
 * Holds batches back while somebody waits to close the date. Each would share the book's row with those under way.
 * Among many there is always one, so the closing would never get the row for itself.
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

  /** Called when somebody is seen waiting to close. */
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
