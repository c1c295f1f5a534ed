import { tracingChannel } from 'node:diagnostics_channel';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { mock, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { PROJECT_FOLDER } from '#test/support/test-home.ts';
import { noteTime, processorTimeNow, TIMES_VARIABLE } from './processor-time.ts';

/**
 * Runs test files one after the other in this process, each as a suite: what a file opens is closed by its
 * `after` hooks before the next one is loaded. Processes with the same list and folder of claims share the work.
 */
export async function runFiles(files: readonly string[], claims: string): Promise<void> {
  // Whatever ends the process before the last file is done makes the run fail.
  let running: string | undefined;
  process.once('exit', () => {
    if (running === undefined) return;
    console.error(`The process ended in the middle of ${running}`);
    process.exitCode ||= 1;
  });
  const seen = countTests();
  for (const [index, file] of files.entries()) {
    if (!claim(join(claims, String(index)))) continue;
    running = file;
    if (process.env[TIMES_VARIABLE] === undefined) await runFile(file, seen);
    else await timeFile(file, seen);
  }
  running = undefined;
}

type TestMessage = { readonly type: string; readonly nesting: number };
type Counts = { tests: number; failures: number };

/** Counts the tests of this process as they begin and fail, also those inside others. */
function countTests(): Counts {
  const counts = { tests: 0, failures: 0 };
  const channel = tracingChannel<object, TestMessage>('node.test');
  // The root of all tests counts as a test, above the suites of the files.
  const isTest = (message: unknown): boolean => {
    const { type, nesting } = message as TestMessage;
    return type === 'test' && nesting > 0;
  };
  channel.start.subscribe((message) => {
    if (isTest(message)) counts.tests += 1;
  });
  channel.error.subscribe((message) => {
    if (isTest(message)) counts.failures += 1;
  });
  return counts;
}

async function timeFile(file: string, seen: Counts): Promise<void> {
  const before = processorTimeNow();
  await runFile(file, seen);
  noteTime(file, before, processorTimeNow());
}

async function runFile(file: string, seen: Counts): Promise<void> {
  const before = { ...seen, env: { ...process.env }, folder: process.cwd() };
  let isPassed = (): boolean => true;
  let loadError: unknown;
  await suite(file, async (context) => {
    isPassed = () => context.passed;
    try {
      await import(pathToFileURL(join(PROJECT_FOLDER, file)).href);
    } catch (error) {
      loadError = error ?? new Error('it threw nothing');
    }
  });
  // The runner counts failed tests, not failed suites: whatever else is wrong with a file becomes a failed test.
  const hasFailed = seen.failures > before.failures;
  const hasTests = seen.tests > before.tests;
  const { exitCode } = process;
  if (loadError !== undefined) await failAs(`${file} loads`, loadError);
  else if (!hasTests) await failAs(`${file} has tests`, 'it has none');
  if (!hasFailed && !isPassed()) await failAs(`${file} closes what it opened`, 'a hook failed: see above');
  if (!hasFailed && exitCode !== undefined)
    await failAs(`${file} leaves the exit code`, `it set ${exitCode}`);
  process.exitCode = undefined;
  process.chdir(before.folder);
  restoreEnvironment(before.env);
  mock.reset();
}

async function failAs(name: string, reason: unknown): Promise<void> {
  await test(name, () => {
    throw reason instanceof Error ? reason : new Error(String(reason));
  });
}

function restoreEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

/** True for the one process that comes first. */
function claim(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx'));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
