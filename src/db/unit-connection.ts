import type pg from 'pg';

/**
 * A connection in a transaction as one use case within it has it: the use case's own transaction is a savepoint, and the
 * connection is given back to nobody. `check` sees each statement before it is sent, and may refuse it.
 */
export class UnitConnection {
  readonly #client: pg.PoolClient;
  readonly #savepoint: string;
  readonly #check: (text: string) => void;

  constructor(client: pg.PoolClient, savepoint: string, check: (text: string) => void = () => undefined) {
    this.#client = client;
    this.#savepoint = savepoint;
    this.#check = check;
  }

  get processID(): unknown {
    return (this.#client as { readonly processID?: unknown }).processID;
  }

  /** The driver's own, which holdWrites (driver-quirks.ts) looks for. */
  get connection(): unknown {
    return (this.#client as { readonly connection?: unknown }).connection;
  }

  async query(text: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
    this.#check(text);
    if (text === 'begin' || text.startsWith('start transaction')) {
      return this.#client.query(`savepoint ${this.#savepoint}`);
    }
    if (text === 'commit') {
      // What commits looks at the command: it says ROLLBACK of a transaction that failed, where a savepoint throws.
      return { ...(await this.#client.query(`release savepoint ${this.#savepoint}`)), command: 'COMMIT' };
    }
    if (text === 'rollback') return this.#client.query(`rollback to savepoint ${this.#savepoint}`);
    return this.#client.query(text, [...values]);
  }

  release(): void {}

  /** All that Kysely uses of a pool's client. */
  asPoolClient(): pg.PoolClient {
    return this as unknown as pg.PoolClient;
  }
}
