import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Result } from '#test/database/cli/florin.ts';
import { TEST_DATA_KEY_TEXT } from './data-key.ts';

const FLORIN = fileURLToPath(new URL('../../bin/florin.mjs', import.meta.url));

/** No command here takes a fifth of it, even while the machine is busy. */
const TIMEOUT_MS = 60_000;

type Variables = Readonly<Record<string, string>>;

/** Runs `florin ARGS…` as a process of its own, to its end. */
export function runProcess(args: readonly string[], env: Variables, input?: string): Promise<Result> {
  return runScript(FLORIN, args, env, input);
}

/** Runs a script with arguments as a process of its own, to its end. */
export async function runScript(
  script: string,
  args: readonly string[],
  env: Variables,
  input = '',
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
  child.stdin.end(input);
  return promise;
}

/** Starts `florin ARGS…` with the environment of a script. */
export function spawnFlorin(args: readonly string[], env: Variables) {
  return spawnScript(FLORIN, args, env);
}

function spawnScript(script: string, args: readonly string[], env: Variables) {
  return spawn(process.execPath, [script, ...args], {
    env: environmentOf(env),
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
}

function environmentOf(env: Variables): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    FLORIN_CONFIG_DIR: '/nonexistent/florin',
    // The embedded server makes its own.
    ...(env.DATABASE_URL === undefined ? {} : { FLORIN_DATA_KEY: TEST_DATA_KEY_TEXT }),
    ...env,
  };
}
