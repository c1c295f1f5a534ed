import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { describeFailure, type Failure } from '#cli/failures.ts';
import { createProgram } from '#cli/program.ts';
import { TEST_DATA_KEY_TEXT } from '#test/support/data-key.ts';
import { createTestDatabase } from '#test/support/test-database.ts';

const FLORIN = fileURLToPath(new URL('../../../bin/florin.mjs', import.meta.url));

/** No command here takes a fifth of it, even while the machine is busy. */
const TIMEOUT_MS = 60_000;

export type Result = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

export type Florin = {
  readonly databaseUrl: string;
  /** Runs `florin ARGS…` as a process of its own, to its end. */
  run(...args: string[]): Promise<Result>;
  /** The same, which is to succeed, with `--json`: its document. */
  json(...args: string[]): Promise<Record<string, unknown>>;
};

/** The command line on a database of its own, gone after the test file. */
export async function openFlorin(): Promise<Florin> {
  const { databaseUrl, drop } = await createTestDatabase();
  after(drop);
  return florinAt(databaseUrl);
}

export function florinAt(databaseUrl: string): Florin {
  const run = (...args: string[]) => runFlorin(args, { DATABASE_URL: databaseUrl });
  return {
    databaseUrl,
    run,
    json: async (...args) => {
      const { exitCode, stdout, stderr } = await run(...args, '--json');
      assert.equal(exitCode, 0, stderr);
      return JSON.parse(stdout);
    },
  };
}

export function runFlorin(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Result> {
  return runScript(FLORIN, args, env);
}

/** Runs a script with arguments as a process of its own, to its end. */
export function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const child = spawnScript(script, args, env);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.once('error', reject);
  child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  return promise;
}

/** Runs `florin ARGS…` to its end with a text on its standard input. */
export function runFlorinWith(
  input: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Result> {
  const { promise, resolve } = Promise.withResolvers<Result>();
  const options = { env: environmentOf(env), timeout: TIMEOUT_MS, killSignal: 'SIGKILL' } as const;
  const child = execFile(process.execPath, [FLORIN, ...args], options, (error, stdout, stderr) =>
    resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
  );
  child.stdin?.end(input);
  return promise;
}

/** Starts `florin ARGS…` with nothing on its standard input and the environment of a script. */
export function spawnFlorin(args: readonly string[], env: Readonly<Record<string, string>>) {
  return spawnScript(FLORIN, args, env);
}

function spawnScript(script: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  return spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentOf(env),
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
}

function environmentOf(env: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    // The embedded server makes its own.
    ...(env.DATABASE_URL === undefined ? {} : { FLORIN_DATA_KEY: TEST_DATA_KEY_TEXT }),
    ...env,
  };
}

/** What `customer create` needs for a person; an option given again after it wins. */
export const ADA = Object.entries({
  '--given-name': 'Ada',
  '--family-name': 'Lovelace',
  '--date-of-birth': '1990-12-10',
  '--email': 'ada@example.com',
  '--phone': '+491701234567',
  '--line1': 'Hauptstr. 1',
  '--city': 'Berlin',
  '--postal-code': '10115',
  '--country': 'DE',
}).flat();

/** A customer with an account for each balance; ids. */
export async function openAccounts(florin: Florin, ...balances: string[]): Promise<string[]> {
  const customer = await florin.json('customer', 'create', ...ADA);
  const ids: string[] = [];
  for (const balance of balances) {
    const account = await florin.json('account', 'open', String(customer.id));
    ids.push(String(account.id));
    if (balance !== '0') await florin.json('deposit', String(account.id), balance);
  }
  return ids;
}

/** What a command line that is wrong or refused says, run in this process: a tenth of the time of another one. */
export async function failureOf(args: readonly string[]): Promise<Failure> {
  try {
    await createProgram().parseAsync([...args], { from: 'user' });
  } catch (error) {
    return describeFailure(error);
  }
  throw new TypeError('the command line was taken');
}

/** The one line that a refused or failed command leaves on standard error. */
export function assertRefused(result: Result, exitCode: 1 | 2, line: RegExp): void {
  assert.match(result.stderr, line);
  assert.equal(result.stderr.trimEnd().split('\n').length, 1, result.stderr);
  assert.equal(result.stdout, '');
  assert.equal(result.exitCode, exitCode);
}
