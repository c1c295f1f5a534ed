import { createProgram } from '#cli/program.ts';
import { run } from '#cli/run.ts';
import { Shell } from '#cli/shell.ts';

/** Runs a command line (what follows `florin`) and sets the process's exit code. */
export async function main(argv: string[]): Promise<void> {
  const shell = Shell.ofProcess();
  process.exitCode = await run(shell, () => createProgram(shell, argv).parseAsync(argv, { from: 'user' }));
}
