import assert from 'node:assert/strict';
import pg from 'pg';
import { send, textOf } from './bank-client.ts';
import { untilTrue } from './florin-process.ts';

/** The book's row, held so that postings wait: what a request under way looks like, for as long as a test likes. */
export class HeldBook {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static hold(databaseUrl: string): Promise<HeldBook> {
    return HeldBook.#holdBy(databaseUrl, 'select 1 from books for update');
  }

  /** Holds a ledger account instead: who wants it waits, with the locks that it has already. */
  static holdAccount(databaseUrl: string, uuid: string): Promise<HeldBook> {
    return HeldBook.#holdBy(
      databaseUrl,
      `select 1 from ledger_accounts where ledger_account_id = '${uuid}' for update`,
    );
  }

  /** Holds its batches instead: who looks for an earlier one goes on, and waits before storing its own. */
  static holdBatches(databaseUrl: string): Promise<HeldBook> {
    return HeldBook.#holdBy(databaseUrl, 'lock table transaction_batches in share mode');
  }

  /** Holds what entries by hand say: one that is booked waits with its locks, and its postings written. */
  static holdManualEntries(databaseUrl: string): Promise<HeldBook> {
    return HeldBook.#holdBy(databaseUrl, 'lock table manual_entries in share mode');
  }

  /** Holds what accounts have accrued: who counts it waits before reading, with the locks that it has already. */
  static holdInterest(databaseUrl: string): Promise<HeldBook> {
    return HeldBook.#holdBy(databaseUrl, 'lock table interest_positions in access exclusive mode');
  }

  /** Holds reference rates: who sets one looks at the dates, and waits before storing it. */
  static holdReferenceRates(databaseUrl: string): Promise<HeldBook> {
    return HeldBook.#holdBy(databaseUrl, 'lock table reference_rates in share mode');
  }

  /** Holds payments to beneficiaries: who looks at what was paid goes on, and waits before storing its own. */
  static holdBeneficiaryPayments(databaseUrl: string): Promise<HeldBook> {
    return HeldBook.#holdBy(databaseUrl, 'lock table beneficiary_payments in share mode');
  }

  static async #holdBy(databaseUrl: string, statement: string): Promise<HeldBook> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('begin');
    await client.query(statement);
    return new HeldBook(client);
  }

  /** Resolves when a posting waits, or as many as given. */
  async somebodyWaits(count = 1): Promise<void> {
    await untilTrue(async () => (await this.countWaiting()) >= count);
  }

  /** How many sessions wait for what is held here, or for one that does: others have locks of their own to wait for. */
  async countWaiting(): Promise<number> {
    const waiting = `
      with recursive behind (pid) as (
        select pg_backend_pid()
        union
        select l.pid from pg_locks l join behind on behind.pid = any (pg_blocking_pids(l.pid)) where not l.granted
      )
      select from behind where pid <> pg_backend_pid()`;
    return (await this.#client.query(waiting)).rowCount ?? 0;
  }

  async release(): Promise<void> {
    await this.#client.query('commit');
    await this.#client.end();
  }
}

/** Waits until the server takes no new request: it says so, or does not listen any more. */
export async function refusesRequests(url: string): Promise<void> {
  await untilTrue(async () => {
    const answer = await send(`${url}/v1/products`).catch(() => undefined);
    if (answer === undefined) return true;
    if (answer.status === 200) return false;
    assert.equal(answer.status, 503);
    assert.equal(textOf(answer.body, 'code'), 'shutting_down');
    return true;
  });
}
