import { createProgram } from '#cli/program.ts';
import { run } from '#cli/run.ts';

/** Runs a command line (what follows `florin`) and sets the process's exit code. */
export async function main(argv: string[]): Promise<void> {
  const program = createProgram();
  await run(() => program.parseAsync(argv, { from: 'user' }));
}
