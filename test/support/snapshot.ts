import assert from 'node:assert/strict';
import type { Client } from 'pg';

/** Of each table the number of its rows, and a hash over all that is in them. */
export type Snapshot = Readonly<Record<string, string>>;

/**
 * Takes snapshots of all tables of a database, as its owner. The statement is prepared: to plan it takes three times
 * as long as to read the few rows of a test.
 */
export class Snapshots {
  readonly #owner: Client;
  #statement: string | undefined;

  constructor(owner: Client) {
    this.#owner = owner;
  }

  async take(): Promise<Snapshot> {
    this.#statement ??= await this.#prepare();
    const { rows } = await this.#owner.query<{ name: string; state: string }>({
      name: 'snapshot',
      text: this.#statement,
    });
    return Object.fromEntries(rows.map(({ name, state }) => [name, state]));
  }

  /** To start workers for tables with a few rows takes ten times as long as to read them. */
  async #prepare(): Promise<string> {
    await this.#owner.query('set max_parallel_workers_per_gather = 0');
    return composeStatement(this.#owner);
  }
}

async function composeStatement(owner: Client): Promise<string> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`,
  );
  assert.ok(tables.length >= 12, 'the tables were found');
  const parts = tables.map(
    ({ name }) => `select '${name}' as name,
      count(*) || ' rows, ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as state from ${name} t`,
  );
  return parts.join(' union all ');
}
