import assert from 'node:assert/strict';
import pg from 'pg';
import { send, textOf } from './bank-client.ts';

/** The book's row, held so that postings wait: what a request under way looks like, for as long as a test likes. */
export class HeldBook {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async hold(databaseUrl: string): Promise<HeldBook> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('begin');
    await client.query('select 1 from books for update');
    return new HeldBook(client);
  }

  /** Resolves when a posting waits for the row. */
  async somebodyWaits(): Promise<void> {
    for (;;) {
      const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock'";
      const { rowCount } = await this.#client.query(waiting);
      if (rowCount !== 0) return;
    }
  }

  async release(): Promise<void> {
    await this.#client.query('commit');
    await this.#client.end();
  }
}

/** Waits until the server takes no new request: it says so, or does not listen any more. */
export async function refusesRequests(url: string): Promise<void> {
  for (;;) {
    const answer = await send(`${url}/v1/products`).catch(() => undefined);
    if (answer === undefined) return;
    if (answer.status === 200) continue;
    assert.equal(answer.status, 503);
    assert.equal(textOf(answer.body, 'code'), 'shutting_down');
    return;
  }
}
