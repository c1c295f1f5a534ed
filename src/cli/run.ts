import { describeFailure } from './describe-failure.ts';
import type { Shell } from './shell.ts';

/** Runs a command line and returns its exit code: 0 done, 1 refused or failed, 2 wrong usage. */
export async function run(shell: Shell, command: () => Promise<unknown>): Promise<number> {
  try {
    await command();
    return 0;
  } catch (error) {
    const { line, exitCode } = await describeFailure(error);
    if (line !== undefined) shell.note(`${line}\n`);
    if (['debug', 'trace'].includes(shell.environment.LOG_LEVEL ?? '')) console.error(error);
    return exitCode;
  }
}
