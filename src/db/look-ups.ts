import { type RawBuilder, sql, Transaction } from 'kysely';
import type pg from 'pg';
import { Admission, overloaded } from '#lib/concurrency/admission.ts';
import { ambientConnection } from './ambient-connection.ts';
import { type ColumnList, recordSet } from './bulk-rows.ts';
import { constantText } from './constant-text.ts';
import { type Db, poolsOf } from './database.ts';
import { run } from './session.ts';

/** Sixty balances take PostgreSQL a millisecond: whoever asks next waits no longer than a few times that. */
const MAX_ASKS = 64;

type Numbered = { readonly n: number };

type LookUp<Ask> = {
  readonly asks: ColumnList<Ask>;
  /** The statement, `select asked.n::int, …` from what it is given as the table `asked`; the book is BOOK (row-with.ts). */
  readonly select: (asked: RawBuilder<unknown>) => RawBuilder<unknown>;
  /** The most asks of one statement, if they have more than one row each. */
  readonly maxAsks?: number;
};

/**
 * Makes a look-up that is asked for all the time: the rows of an ask. What is asked in one turn of the event loop, or
 * while two statements are under way, becomes one statement. With 64 clients some twenty requests share a way
 * to PostgreSQL and back, which is most of what a small read costs. Each sees all that was committed before it asked.
 * Within a transaction, a unit of work or a trace, an ask is a statement of its own and in its place. Throws 503
 * `overloaded` when too many wait.
 *
 * The statement is planned once on a connection, as those of the posting queue are (`PLANS_MADE_ONCE`): it names
 * rows by their keys.
 */
export function lookUp<Ask, Row extends Numbered>({ asks, select, maxAsks = MAX_ASKS }: LookUp<Ask>) {
  const set = recordSet<Ask>(asks);
  // The limit changes nothing but the estimate: one ask, so that it is best to find the rows of each by their keys.
  const numbered = `(select * from ${set.unnested} with ordinality limit cardinality($${set.first}))`;
  const asked = sql.raw(`${numbered} as asked (${[...set.names, 'n'].join(', ')})`);
  const text = constantText(select(asked));
  const statement = { text, values: set.values, maxAsks };
  const gatherers = new WeakMap<Db, Gatherer<Ask, Row>>();
  return async (db: Db, bookId: number, ask: Ask): Promise<readonly Row[]> => {
    if (isInPlace(db)) return (await run<Row>(db, text, [bookId, ...set.values([ask])])).rows;
    const gatherer = gatherers.getOrInsertComputed(db, () => new Gatherer<Ask, Row>(db, statement));
    return gatherer.ask(bookId, ask);
  };
}

/** Whether what is asked belongs to a transaction, to a unit of work, or to a trace that tells of it. */
function isInPlace(db: Db): boolean {
  if (db instanceof Transaction) return true;
  const { general, tracer } = poolsOf(db);
  return ambientConnection(general) !== undefined || tracer?.current() !== undefined;
}

type Statement<Ask> = {
  readonly text: string;
  readonly values: (asks: readonly Ask[]) => Buffer[];
  readonly maxAsks: number;
};

/** Asks that wait for one statement. */
type Gathering<Ask, Row> = {
  readonly bookId: number;
  readonly asks: Ask[];
  readonly answers: PromiseWithResolvers<readonly Row[]>[];
};

/** Gathers the asks of one look-up until a connection takes them. */
class Gatherer<Ask, Row extends Numbered> {
  readonly #db: Db;
  readonly #statement: Statement<Ask>;
  readonly #admission: Admission;
  #open: Gathering<Ask, Row> | undefined;

  constructor(db: Db, statement: Statement<Ask>) {
    this.#db = db;
    this.#statement = statement;
    this.#admission = new Admission(poolsOf(db).clock);
  }

  ask(bookId: number, ask: Ask): Promise<readonly Row[]> {
    if (this.#admission.isClosed) throw overloaded();
    this.#admission.enter();
    const gathering = this.#gatheringFor(bookId);
    const answer = Promise.withResolvers<readonly Row[]>();
    gathering.asks.push(ask);
    gathering.answers.push(answer);
    return answer.promise;
  }

  #gatheringFor(bookId: number): Gathering<Ask, Row> {
    const open = this.#open;
    if (open?.bookId === bookId && open.asks.length < this.#statement.maxAsks) return open;
    const gathering: Gathering<Ask, Row> = { bookId, asks: [], answers: [] };
    this.#open = gathering;
    // After what else has arrived by now was read.
    setImmediate(() => void this.#answer(gathering));
    return gathering;
  }

  /** Never rejects: the asks do. */
  async #answer(gathering: Gathering<Ask, Row>): Promise<void> {
    const { answers } = gathering;
    try {
      const rows = await this.#read(gathering);
      const byAsk: Row[][] = answers.map(() => []);
      for (const row of rows) byAsk[row.n - 1]?.push(row);
      answers.forEach(({ resolve }, index) => {
        resolve(byAsk[index] ?? []);
      });
    } catch (error) {
      for (const { reject } of answers) reject(error);
    } finally {
      this.#admission.leave(answers.length);
    }
  }

  async #read(gathering: Gathering<Ask, Row>): Promise<readonly Row[]> {
    const { reading, lanes } = poolsOf(this.#db);
    await lanes.enter();
    try {
      const client = await reading.connect().finally(() => this.#close(gathering));
      return await this.#readOn(client, gathering);
    } finally {
      lanes.leave();
    }
  }

  async #readOn(client: pg.PoolClient, gathering: Gathering<Ask, Row>): Promise<readonly Row[]> {
    try {
      const values = [gathering.bookId, ...this.#statement.values(gathering.asks)];
      const { rows } = await client.query(this.#statement.text, values);
      return rows;
    } finally {
      client.release();
    }
  }

  /** From here on others gather for the next statement. */
  #close(gathering: Gathering<Ask, Row>): void {
    if (this.#open === gathering) this.#open = undefined;
  }
}
