import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCustomer, listAll, openAccount, send, textOf } from './bank-client.ts';

const CLIENTS = 32;
const ACCOUNTS = 50;
/** Some requests are always under way, and a processor is left for whatever is done to the server meanwhile. */
const PAUSE_MS = 15;

/** A deposit, or a transfer when money comes from somewhere. The key is its reference, too, to find it again. */
type Operation = {
  readonly key: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly amountMinor: bigint;
  /** The transaction that the bank acknowledged. */
  transactionId?: string;
};

/** What the clients heard in one round, by their first answers. */
export type Heard = {
  acknowledged: number;
  /** No answer, or one that says so: it may have happened. */
  unknown: number;
  /** Those of them to which no answer came. */
  unanswered: number;
  /** Answers that say that nothing happened. */
  undone: number;
};

/** What repeating their keys made of the unknown. */
export type Settled = { readonly replayed: number; readonly posted: number };

/**
 * Clients of a bank, and what each of them remembers: all that was ever asked, and what was acknowledged. Every
 * request of theirs is settled in the end, so the books must hold exactly this.
 */
export class Clients {
  readonly #accounts: readonly string[];
  readonly #operations: Operation[] = [];
  #unsettled: { readonly operation: Operation; readonly mayBeDone: boolean }[] = [];

  private constructor(accounts: readonly string[]) {
    this.#accounts = accounts;
  }

  /** The transactions that were acknowledged so far. */
  get acknowledged(): string[] {
    return this.#operations.flatMap(({ transactionId }) => transactionId ?? []);
  }

  static async open(url: string): Promise<Clients> {
    const customerId = await createCustomer(url);
    const accounts: string[] = [];
    while (accounts.length < ACCOUNTS) accounts.push(await openAccount(url, customerId));
    return new Clients(accounts);
  }

  /**
   * All clients send one request after another until the server fails them; `onAcknowledged` hears each answer
   * the moment it is there, with its number.
   */
  async work(url: string, onAcknowledged: (count: number) => void): Promise<Heard> {
    const heard: Heard = { acknowledged: 0, unknown: 0, unanswered: 0, undone: 0 };
    const work = async (): Promise<void> => {
      for (;;) {
        const operation = this.#nextOperation();
        const code = await this.#ask(url, operation);
        if (code === 'acknowledged') {
          heard.acknowledged += 1;
          onAcknowledged(heard.acknowledged);
          await sleep(PAUSE_MS);
          continue;
        }
        // Any other 503 promises that nothing was done, and the next answer to the key holds it to that.
        const mayBeDone = code === 'no_answer' || code === 'outcome_unknown';
        heard[mayBeDone ? 'unknown' : 'undone'] += 1;
        if (code === 'no_answer') heard.unanswered += 1;
        this.#unsettled.push({ operation, mayBeDone });
        return;
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, work));
    return heard;
  }

  /** Repeats every key that has no transaction yet, and some that have. */
  async settle(url: string): Promise<Settled> {
    const settled = { replayed: 0, posted: 0 };
    const acknowledged = this.#operations.filter(({ transactionId }) => transactionId !== undefined);
    for (const { operation, mayBeDone } of this.#unsettled) {
      const answer = await request(url, operation);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      assert.ok(mayBeDone || !answer.replayed, 'it was done, and the answer was that nothing was');
      settled[answer.replayed ? 'replayed' : 'posted'] += 1;
      operation.transactionId = textOf(answer.body, 'id');
    }
    this.#unsettled = [];
    for (const operation of acknowledged.slice(-CLIENTS)) {
      const { replayed, body } = await request(url, operation);
      assert.ok(replayed, `${operation.key} was acknowledged, and is not known any more`);
      assert.equal(textOf(body, 'id'), operation.transactionId);
    }
    return settled;
  }

  /**
   * Checks that the books hold every settled request exactly once, nothing else, and balances to match: zero on
   * the accounts of others, `untouched`.
   */
  async assertBooksHoldExactlyThis(url: string, untouched: readonly string[] = []): Promise<void> {
    const posted = (await listAll(`${url}/v1/transactions`)).map((transaction) =>
      ['id', 'reference', 'amount'].map((field) => textOf(transaction, field)).join(' '),
    );
    const expected = this.#operations.map(
      ({ transactionId, key, amountMinor }) => `${transactionId} ${key} ${inEuro(amountMinor)}`,
    );
    assert.deepEqual(posted.sort(), expected.sort());

    const balances = new Map([...this.#accounts, ...untouched].map((id) => [id, 0n]));
    for (const { from, to, amountMinor } of this.#operations) {
      balances.set(to, (balances.get(to) ?? 0n) + amountMinor);
      if (from !== undefined) balances.set(from, (balances.get(from) ?? 0n) - amountMinor);
    }
    const shown = (await listAll(`${url}/v1/accounts`)).map((account) => {
      assert.ok(typeof account === 'object' && account !== null && 'balance' in account);
      return `${textOf(account, 'id')} ${textOf(account.balance, 'posted')}`;
    });
    const due = Array.from(balances, ([id, balanceMinor]) => `${id} ${inEuro(balanceMinor)}`);
    assert.deepEqual(shown.sort(), due.sort());
  }

  #nextOperation(): Operation {
    const to = randomInt(ACCOUNTS);
    const from = randomInt(4) === 0 ? undefined : (to + 1 + randomInt(ACCOUNTS - 1)) % ACCOUNTS;
    const operation: Operation = {
      key: randomUUID(),
      from: from === undefined ? undefined : this.#accounts[from]!,
      to: this.#accounts[to]!,
      amountMinor: BigInt(randomInt(1, 100_000)),
    };
    this.#operations.push(operation);
    return operation;
  }

  /** Sends a request for the first time: `acknowledged`, `no_answer` or the code of a 503. */
  async #ask(url: string, operation: Operation): Promise<string> {
    const answer = await request(url, operation).catch((error: unknown) => {
      // A broken connection is a TypeError; a time-out is not, and nobody is to be left hanging.
      if (error instanceof TypeError) return undefined;
      throw error;
    });
    if (answer === undefined) return 'no_answer';
    if (answer.status === 201) {
      assert.equal(answer.replayed, false);
      operation.transactionId = textOf(answer.body, 'id');
      return 'acknowledged';
    }
    assert.equal(answer.status, 503, JSON.stringify(answer.body));
    assert.equal(answer.contentType, 'application/problem+json');
    return textOf(answer.body, 'code');
  }
}

function request(url: string, { key, from, to, amountMinor }: Operation) {
  const money = { amount: inEuro(amountMinor), currency: 'EUR', reference: key };
  if (from === undefined) return send(`${url}/v1/deposits`, { accountId: to, mode: 'cash', ...money }, key);
  return send(`${url}/v1/transfers`, { fromAccountId: from, toAccountId: to, ...money }, key);
}

function inEuro(amountMinor: bigint): string {
  const digits = String(amountMinor < 0n ? -amountMinor : amountMinor).padStart(3, '0');
  return `${amountMinor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
