import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import pg from 'pg';
import { openDatabase } from '#db/database.ts';
import { expireHolds } from '#features/holds/contract.ts';
import { fromTypeId } from '#lib/ids.ts';
import { systemClock } from '#lib/time/clock.ts';
import { createTestDatabase } from '#test/support/test-database.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import {
  type Answer,
  createCustomer,
  deposit,
  listAll,
  send,
  textOf,
} from '#test/system/processes/bank-client.ts';
import { type FlorinProcess, Installation, untilTrue } from '#test/system/processes/florin-process.ts';
import { HeldBook } from '#test/system/processes/held-book.ts';

/** Two server processes on one database, seen over HTTP. A request names the server that it is sent to. */
export class ServerPair {
  readonly #databaseUrl: string;
  readonly #servers: readonly FlorinProcess[];
  readonly #urls: readonly string[];
  readonly #customerId: string;

  private constructor(
    databaseUrl: string,
    servers: readonly FlorinProcess[],
    urls: readonly string[],
    customerId: string,
  ) {
    this.#databaseUrl = databaseUrl;
    this.#servers = servers;
    this.#urls = urls;
    this.#customerId = customerId;
  }

  /** Starts both. Call with `await` at the top level of a test file: its end ends them. */
  static async open(): Promise<ServerPair> {
    const installation = new Installation({ after });
    const { databaseUrl, drop } = await createTestDatabase();
    after(drop);
    const servers = [0, 1].map(() => installation.serve({ DATABASE_URL: databaseUrl }));
    const urls = await Promise.all(servers.map((server) => server.ready()));
    return new ServerPair(databaseUrl, servers, urls, await createCustomer(urls[0]!));
  }

  /** Whose accounts these are. */
  get customerId(): string {
    return this.#customerId;
  }

  /** Sends any request to one of them. */
  request(server: number, path: string, body?: unknown, key?: string): Promise<Answer> {
    return send(`${this.#url(server)}${path}`, body, key);
  }

  delete(server: number, path: string): Promise<Answer> {
    return send(`${this.#url(server)}${path}`, undefined, undefined, 'DELETE');
  }

  /** Runs a statement as the owner of the database. */
  asOwner(statement: string): Promise<readonly Record<string, unknown>[]> {
    return query(this.#databaseUrl, statement);
  }

  /** Stops both, and returns how many deadlocks PostgreSQL had to break: a transaction is tried again after one. */
  async close(): Promise<unknown> {
    for (const server of this.#servers) assert.deepEqual(await server.stop(), { exitCode: 0, signal: null });
    return countDeadlocks(this.#databaseUrl);
  }

  /** Asserts that the books keep every law. */
  async assertVerified(): Promise<void> {
    assert.deepEqual(await brokenLaws(this.#databaseUrl), []);
  }

  /** An account in EUR without an overdraft. */
  async newAccount(balance?: string): Promise<string> {
    const account = { customerId: this.#customerId, product: 'current', currency: 'EUR' };
    const { status, body } = await send(`${this.#url(0)}/v1/accounts`, account);
    assert.equal(status, 201, JSON.stringify(body));
    const id = textOf(body, 'id');
    if (balance !== undefined) assert.equal((await this.deposit(0, id, balance)).status, 201);
    return id;
  }

  async balanceOf(accountId: string): Promise<string> {
    const { body } = await send(`${this.#url(0)}/v1/accounts/${accountId}/balance`);
    assert.ok(typeof body === 'object' && body !== null && 'balance' in body);
    return textOf(body.balance, 'posted');
  }

  /** The ids of all transactions of the bank. */
  async transactionIds(): Promise<string[]> {
    return (await listAll(`${this.#url(1)}/v1/transactions`)).map((one) => textOf(one, 'id'));
  }

  /** Keeps an account locked for a moment: all that want it meet there, with the locks that they hold already. */
  async stall(accountId: string): Promise<void> {
    const id = fromTypeId('account', accountId);
    const lock = `select 1 from ledger_accounts where ledger_account_id = '${id}' for no key update`;
    // Of its own, and not of a pool: that gives up on a connection sooner than a busy machine makes one.
    const client = new pg.Client({ connectionString: this.#databaseUrl });
    await client.connect();
    try {
      for (const statement of ['begin', lock, 'select pg_sleep(0.05)', 'commit'])
        await client.query(statement);
    } finally {
      await client.end();
    }
  }

  /** Keeps an account locked until it is let go. */
  holdAccount(accountId: string): Promise<HeldBook> {
    return HeldBook.holdAccount(this.#databaseUrl, fromTypeId('account', accountId));
  }

  /** Keeps payments to beneficiaries from being stored, so that several at once all look at what was paid before. */
  holdBeneficiaryPayments(): Promise<HeldBook> {
    return HeldBook.holdBeneficiaryPayments(this.#databaseUrl);
  }

  /** Keeps batches from being stored, so that several at once all look for an earlier one before. */
  holdBatches(): Promise<HeldBook> {
    return HeldBook.holdBatches(this.#databaseUrl);
  }

  deposit(server: number, accountId: string, amount: string): Promise<Answer> {
    return deposit(this.#url(server), accountId, amount, randomUUID());
  }

  withdraw(server: number, accountId: string, amount: string): Promise<Answer> {
    const body = { accountId, amount, currency: 'EUR', mode: 'cash' };
    return send(`${this.#url(server)}/v1/withdrawals`, body, randomUUID());
  }

  transfer(
    server: number,
    from: string,
    to: string,
    amount: string,
    key: string = randomUUID(),
  ): Promise<Answer> {
    const { type: _, ...body } = transferItem(from, to, amount);
    return send(`${this.#url(server)}/v1/transfers`, body, key);
  }

  /** Sets the limits of an account, by the first server. */
  async setLimits(accountId: string, limits: object): Promise<void> {
    const url = `${this.#url(0)}/v1/accounts/${accountId}/limits`;
    const { status, body } = await send(url, limits, undefined, 'PUT');
    assert.equal(status, 200, JSON.stringify(body));
  }

  placeHold(server: number, accountId: string, amount: string, fields: object = {}): Promise<Answer> {
    const body = { accountId, amount, currency: 'EUR', ...fields };
    return send(`${this.#url(server)}/v1/holds`, body, randomUUID());
  }

  captureHold(
    server: number,
    holdId: string,
    fields: object = {},
    key: string = randomUUID(),
  ): Promise<Answer> {
    return send(`${this.#url(server)}/v1/holds/${holdId}/capture`, fields, key);
  }

  releaseHold(server: number, holdId: string): Promise<Answer> {
    return send(`${this.#url(server)}/v1/holds/${holdId}/release`, {});
  }

  /** A hold as it stands now. */
  async findHold(holdId: string): Promise<unknown> {
    return (await send(`${this.#url(1)}/v1/holds/${holdId}`)).body;
  }

  /** Expires what is overdue by a clock that is so many milliseconds ahead, in this process. */
  async expireHolds(aheadMs: number): Promise<number> {
    const { db, close } = openDatabase({ databaseUrl: this.#databaseUrl });
    const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
    let expired = 0;
    try {
      for await (const count of expireHolds({ db, clock, bookId: 1 })) expired += count;
    } finally {
      await close();
    }
    return expired;
  }

  batch(
    server: number,
    mode: 'atomic' | 'independent',
    items: readonly object[],
    key: string = randomUUID(),
  ): Promise<Answer> {
    return send(`${this.#url(server)}/v1/transactions/batch`, { mode, items }, key);
  }

  #url(server: number): string {
    return this.#urls[server % 2]!;
  }
}

/** A transfer as an item of a batch. */
export function transferItem(from: string, to: string, amount: string) {
  return { type: 'transfer', fromAccountId: from, toAccountId: to, amount, currency: 'EUR' };
}

/** What each item of an answered batch came to: its transaction's id, or the code of its refusal. */
export function resultsOf({ status, body }: Answer): string[] {
  assert.equal(status, 200, JSON.stringify(body));
  assert.ok(typeof body === 'object' && body !== null && 'results' in body && Array.isArray(body.results));
  const results: unknown[] = body.results;
  return results.map((result) =>
    textOf(result, textOf(result, 'status') === 'posted' ? 'transactionId' : 'code'),
  );
}

/** How often each answer came: by the code of its problem, or by its status. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const outcome = status < 300 ? String(status) : textOf(body, 'code');
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** A backend reports its statistics as it exits, before it is gone from the list of sessions. */
async function countDeadlocks(databaseUrl: string): Promise<unknown> {
  const others = `select 1 from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`;
  await untilTrue(async () => (await query(databaseUrl, others)).length === 0);
  const deadlocks = 'select deadlocks from pg_stat_database where datname = current_database()';
  return (await query(databaseUrl, deadlocks))[0]?.deadlocks;
}
