import assert from 'node:assert/strict';
import { failureOf } from '#test/database/cli/florin.ts';
import { TEST_DATA_KEY_TEXT } from '#test/support/data-key.ts';
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
 * this process, one at a time: that takes a tenth of the time, and says the same.
 */
export async function refusalHere(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const before = process.env;
  process.env = {
    ...(before.PATH === undefined ? {} : { PATH: before.PATH }),
    ...(environment.DATABASE_URL === undefined ? {} : { FLORIN_DATA_KEY: TEST_DATA_KEY_TEXT }),
    ...environment,
  };
  try {
    const { line = '', exitCode } = await failureOf(args);
    assert.equal(exitCode, 1);
    assert.match(line, /^florin: [^\n]+$/);
    return `${line}\n`;
  } finally {
    process.env = before;
  }
}
