import { spawn } from 'node:child_process';
import path from 'node:path';
import type { ServerAccount } from './account.ts';

/** How to run one of PostgreSQL's programs to its end. */
export type ProgramOptions = {
  readonly account: ServerAccount | undefined;
  /** Text for its standard input. */
  readonly input?: string;
};

export type ProgramResult = {
  readonly exitCode: number | null;
  /** Its standard output and standard error. */
  readonly output: string;
};

/**
 * The environment and directory of every PostgreSQL program that we start. Not our environment: a PGOPTIONS or PGDATA
 * meant for psql would change the server. Messages in English, because failures are recognised by their text. The root
 * directory, because the account may not be able to enter ours.
 */
export function programSurroundings(account: ServerAccount | undefined) {
  const { PATH, SystemRoot, TEMP } = process.env;
  const env: Record<string, string> = { LC_ALL: 'C' };
  for (const [name, value] of Object.entries({ PATH, SystemRoot, TEMP })) if (value) env[name] = value;
  const cwd = path.parse(process.cwd()).root;
  return account ? { env, cwd, uid: account.uid, gid: account.gid } : { env, cwd };
}

/** Runs a program and waits for it; rejects only when it could not be started. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const child = spawn(file, args, {
    ...programSurroundings(options.account),
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  // A program that ends before it has read its input closes the pipe; its exit code gives the reason.
  child.stdin?.on('error', () => undefined).end(options.input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output }));
  });
}
