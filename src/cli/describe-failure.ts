import { CommanderError } from 'commander';
import { FlorinError } from '#lib/errors.ts';
import { fileProblem } from '#lib/file-problem.ts';
import { CommandFailedError, UsageError } from './failures.ts';

/** The bank said no, or something failed. */
const EXIT_FAILED = 1;
/** The command line cannot be meant: nothing was tried. */
const EXIT_USAGE = 2;

/** What a failed command says on standard error (nothing where commander has shown help), and its exit code. */
export type Failure = { readonly line: string | undefined; readonly exitCode: number };

type Known = { readonly message: string; readonly code: string };

/** One line for the person who ran the command, whatever went wrong. */
export async function describeFailure(error: unknown): Promise<Failure> {
  if (error instanceof CommanderError) return describeCommanderError(error);
  if (error instanceof UsageError) return failure(error, EXIT_USAGE);
  const known = await knownFailure(error);
  if (known !== undefined) return failure(known);
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return failure({ message: `something unexpected went wrong, ${message}`, code: 'internal_error' });
}

function failure({ message, code }: Known, exitCode: number = EXIT_FAILED): Failure {
  const sentence = message
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return { line: `florin: ${sentence} (${code})`, exitCode };
}

/** Help and the version end in an "error" too; it is not a failure when they were asked for. */
function describeCommanderError(error: CommanderError): Failure {
  if (error.exitCode === 0) return { line: undefined, exitCode: 0 };
  // A command was missing, and commander has shown which there are.
  if (error.code === 'commander.help') return { line: undefined, exitCode: EXIT_USAGE };
  const message = error.message.replace(/^error: /, '');
  return failure({ message, code: 'usage' }, EXIT_USAGE);
}

async function knownFailure(error: unknown): Promise<Known | undefined> {
  if (error instanceof FlorinError || error instanceof CommandFailedError) return error;
  return failureBelow(error);
}

/** Failures of what the command stood on. Their classes are loaded only now: most commands go without. */
async function failureBelow(error: unknown): Promise<Known | undefined> {
  const [
    { BackupError },
    { ConfigError },
    { DatabaseStartError },
    { EmbeddedPostgresError },
    { asUnavailable },
  ] = await Promise.all([
    import('#backup/backup-error.ts'),
    import('#config/config.ts'),
    import('#db/check-server.ts'),
    import('#embedded/embedded-error.ts'),
    import('#db/postgres-error.ts'),
  ]);
  if (error instanceof BackupError || error instanceof DatabaseStartError) return error;
  if (error instanceof ConfigError) return { message: error.message, code: 'configuration' };
  if (error instanceof EmbeddedPostgresError) return { message: error.message, code: 'embedded_database' };
  return systemFailure(error) ?? asUnavailable(error);
}

/** A port or a file that cannot be used. The driver's socket errors are the database's, and not meant here. */
function systemFailure(error: unknown): Known | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  if (error.syscall === 'listen') {
    return { message: `cannot serve: ${error.message}`, code: 'address_unusable' };
  }
  if (!('path' in error)) return undefined;
  const reason = fileProblem(error);
  const message = reason === undefined ? error.message : `cannot use ${String(error.path)}: ${reason}`;
  return { message, code: 'file_unusable' };
}
