import pg from 'pg';
import { statementName } from './client.ts';
import { forgetUnparsed, parseOnce } from './driver-quirks.ts';

/** A statement of a flight, and the callbacks for its result. */
export type FlightStatement = {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly resolve: (result: { readonly rows: never[]; readonly affectedRows: number }) => void;
  readonly reject: (reason: unknown) => void;
};

/** How many statements were completed, and the error that came then, if one did. */
type Ending = { readonly error: unknown; readonly completed: number; readonly wasSent: boolean };

/**
 * Statements with one Sync behind the last, as the driver is given them: it calls these methods as messages of the server
 * come in. It would send a Sync behind each, and ask for each to be described.
 */
export class FlightQuery extends pg.Query {
  declare name: string;
  declare text: string;
  /** All that travels, for those who watch what is sent. */
  readonly statements: readonly FlightStatement[];
  readonly ending: Promise<Ending>;
  readonly #names: readonly string[];
  readonly #end: (ending: Ending) => void;
  #completed = 0;
  #wasSent = false;
  #rows: (readonly (string | null)[])[] = [];

  constructor(statements: readonly FlightStatement[]) {
    super({ text: 'flight' });
    this.statements = statements;
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.ending = promise;
    this.#end = resolve;
    this.#names = statements.map(({ text }) => statementName(text) ?? '');
    this.#expect();
  }

  override submit = (connection: pg.Connection): null => {
    this.#wasSent = true;
    connection.stream.cork();
    for (const [index, { text, values }] of this.statements.entries()) {
      const name = this.#names[index] ?? '';
      parseOnce(connection, name, text);
      connection.bind({ statement: name, values: values.map(toWire) } as pg.BindConfig, true);
      connection.execute(null, true);
    }
    connection.sync();
    connection.stream.uncork();
    return null;
  };

  handleRowDescription(): void {}

  handleEmptyQuery(): void {}

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#rows.push(fields);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const affectedRows = Number(text.slice(text.lastIndexOf(' ') + 1));
    this.statements[this.#completed]?.resolve({ rows: this.#rows as never[], affectedRows });
    this.#rows = [];
    this.#completed += 1;
    this.#expect();
  }

  handleError(error: unknown, connection: pg.Connection): void {
    forgetUnparsed(connection, this.#names.slice(this.#completed));
    this.#end({ error, completed: this.#completed, wasSent: this.#wasSent });
  }

  handleReadyForQuery(): void {
    this.#end({ error: undefined, completed: this.#completed, wasSent: true });
  }

  /** The driver asks for the name and text of the statement that PostgreSQL is about to say it has parsed. */
  #expect(): void {
    this.name = this.#names[this.#completed] ?? '';
    this.text = this.statements[this.#completed]?.text ?? '';
  }
}

/** As the driver sends values; arrays travel as binary ones. */
function toWire(value: unknown): Buffer | string | null {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value) || typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  throw new TypeError('a flight takes texts, numbers and binary arrays');
}
