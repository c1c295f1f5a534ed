import assert from 'node:assert/strict';
import { runFlorin } from '#test/database/cli/florin.ts';
import type { FlorinProcess } from './florin-process.ts';

/** The one line with which a process ends that refuses to start or to work. */
export async function refusalOf(florin: FlorinProcess): Promise<string> {
  assert.deepEqual(await florin.ended(), { exitCode: 1, signal: null }, florin.stdout);
  assert.equal(florin.stdout, '');
  assert.match(florin.stderr, /^florin: [^\n]+\n$/);
  return florin.stderr;
}

/**
 * The line with which `florin ARGS…` refuses, in an environment that holds nothing but what is given. It runs in
 * this process: that takes a tenth of the time, and says the same.
 */
export async function refusalHere(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout, stderr, exitCode } = await runFlorin(args, environment);
  assert.deepEqual({ exitCode, stdout }, { exitCode: 1, stdout: '' }, stderr);
  assert.match(stderr, /^florin: [^\n]+\n$/);
  return stderr;
}
