import { after, mock } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createServices, type Services } from '#bank/services.ts';
import { openDatabase } from '#db/database.ts';
import { FlorinError } from '#lib/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import { EUR, newKey, TEST_CALLER, type TestBank } from '#test/support/bank.ts';

/** Another server over the bank, which remembers for itself. */
export function openServer(bank: TestBank): Services {
  const { db, postingPool, close } = openDatabase({ databaseUrl: bank.databaseUrl, clock: bank.clock });
  after(close);
  return createServices({ ...bank.context, db, postingPool });
}

/** Flights, transactions with locks, and whatever else is sent one by one. */
export type Sent = { readonly flights: number; readonly begins: number; readonly others: number };

/** What the servers of this process send during work, which may ask what it is so far. */
export async function sentDuring(work: (sent: () => Sent) => Promise<unknown>): Promise<Sent> {
  const query = mock.method(pg.Client.prototype, 'query');
  const sent = (): Sent => {
    const calls = query.mock.calls.map(({ arguments: [config] }): unknown => config);
    const flights = calls.filter(
      (one) => typeof one === 'object' && one !== null && 'statements' in one,
    ).length;
    const begins = calls.filter((one) => one === 'begin').length;
    return { flights, begins, others: calls.length - flights - begins };
  };
  try {
    await work(sent);
    return sent();
  } finally {
    query.mock.restore();
  }
}

export type Way = { readonly from: AccountId; readonly to: AccountId };

/** A transfer, and the code of its refusal or `done`. */
export async function transfer(
  { transactions }: Services,
  { from, to }: Way,
  amountMinor: bigint,
  idempotencyKey = newKey(),
): Promise<string> {
  const money = { fromAccountId: from, to: { accountId: to }, amountMinor, currency: EUR };
  return codeOf(transactions.transfer({ caller: TEST_CALLER, idempotencyKey, ...money }));
}

export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'done';
  } catch (error) {
    return error instanceof FlorinError ? error.code : String(error);
  }
}

/** A transaction of somebody else that holds what `lock` says until it has changed what it will. */
export class Holder {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(bank: TestBank, lock: string): Promise<Holder> {
    const client = new pg.Client({ connectionString: bank.databaseUrl });
    await client.connect();
    await client.query('begin');
    await client.query(lock);
    return new Holder(client);
  }

  /** Resolves when as many others wait for locks. */
  async untilWaiting(count = 1): Promise<void> {
    const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    while (((await this.#client.query(waiting)).rowCount ?? 0) < count) {
      await sleep(2);
      await this.#client.query('select pg_stat_clear_snapshot()');
    }
  }

  async run(text: string): Promise<void> {
    await this.#client.query(text);
  }

  /** Changes something and lets go. */
  async release(change?: string): Promise<void> {
    if (change !== undefined) await this.#client.query(change);
    await this.#client.query('commit');
    await this.#client.end();
  }
}

export function lockOf(id: AccountId): string {
  return `select from ledger_accounts where ledger_account_id = '${id}' for update`;
}
