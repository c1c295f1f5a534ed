import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { after } from 'node:test';
import { createProgram } from '#cli/program.ts';
import { run } from '#cli/run.ts';
import { type Environment, Shell } from '#cli/shell.ts';
import { TEST_DATA_KEY_TEXT } from '#test/support/data-key.ts';
import { createDatabaseWithBook } from '#test/support/test-database.ts';

export type Result = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

export type Florin = {
  readonly databaseUrl: string;
  /** Runs `florin ARGS…` in this process, to its end. */
  run(...args: string[]): Promise<Result>;
  /** The same, which is to succeed, with `--json`: its document. */
  json(...args: string[]): Promise<Record<string, unknown>>;
};

/** No login of whoever runs the tests. */
const NO_LOGINS = '/nonexistent/florin';

/** The command line on a database of its own, gone after the test file. */
export async function openFlorin(): Promise<Florin> {
  const { databaseUrl, drop } = await createDatabaseWithBook();
  after(drop);
  return florinAt(databaseUrl);
}

export function florinAt(databaseUrl: string, env: Environment = {}): Florin {
  return florinWith({ DATABASE_URL: databaseUrl, ...env }, databaseUrl);
}

/** The command line in an environment. */
export function florinWith(env: Environment, databaseUrl = ''): Florin {
  const runArgs = (...args: string[]) => runFlorin(args, env);
  return {
    databaseUrl,
    run: runArgs,
    json: async (...args) => {
      const { exitCode, stdout, stderr } = await runArgs(...args, '--json');
      assert.equal(exitCode, 0, stderr);
      return JSON.parse(stdout);
    },
  };
}

type Surroundings = {
  /** What is on standard input. */
  readonly input?: string;
  /** Whether a person is there. */
  readonly isTerminal?: boolean;
};

/** Runs `florin ARGS…` in this process, with an environment and streams of its own. */
export async function runFlorin(
  args: readonly string[],
  env: Environment = {},
  { input = '', isTerminal = false }: Surroundings = {},
): Promise<Result> {
  const [stdout, stderr] = [new Collected(isTerminal), new Collected(isTerminal)];
  const environment = {
    FLORIN_CONFIG_DIR: NO_LOGINS,
    // The embedded server makes its own.
    ...(env.DATABASE_URL === undefined ? {} : { FLORIN_DATA_KEY: TEST_DATA_KEY_TEXT }),
    ...env,
  };
  const shell = new Shell(environment, { stdin: Readable.from([input]), stdout, stderr });
  const exitCode = await run(shell, () => createProgram(shell, args).parseAsync([...args], { from: 'user' }));
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

/** A stream that keeps what is written to it. */
class Collected extends Writable {
  readonly isTTY: boolean;
  readonly #chunks: Buffer[] = [];

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

/** A part of a command line, as it is typed. */
export function words(text: string): string[] {
  return text.split(' ');
}

/** What `customers create` needs for a person; an option given again after it wins. */
export const ADA = Object.entries({
  '--type': 'person',
  '--given-name': 'Ada',
  '--family-name': 'Lovelace',
  '--date-of-birth': '1990-12-10',
  '--email': 'ada@example.com',
  '--phone': '+491701234567',
  '--address.line1': 'Hauptstr. 1',
  '--address.city': 'Berlin',
  '--address.postal-code': '10115',
  '--address.country': 'DE',
}).flat();

/** A current account in EUR of a customer. */
export async function openAccount(florin: Florin, customerId: unknown, ...more: string[]) {
  const of = ['--customer-id', String(customerId), '--product', 'current', '--currency', 'EUR'];
  return florin.json('accounts', 'create', ...of, ...more);
}

/** A customer with an account for each balance; ids. */
export async function openAccounts(florin: Florin, ...balances: string[]): Promise<string[]> {
  const customer = await florin.json('customers', 'create', ...ADA);
  const ids: string[] = [];
  for (const balance of balances) {
    const account = await openAccount(florin, customer.id);
    ids.push(String(account.id));
    if (balance !== '0') await florin.json('deposit', String(account.id), balance);
  }
  return ids;
}

/** The one line that a refused or failed command leaves on standard error. */
export function assertRefused(result: Result, exitCode: 1 | 2, line: RegExp): void {
  assert.match(result.stderr, line);
  assert.equal(result.stderr.trimEnd().split('\n').length, 1, result.stderr);
  assert.equal(result.stdout, '');
  assert.equal(result.exitCode, exitCode);
}
