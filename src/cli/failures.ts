import { CommanderError } from 'commander';
import { BackupError } from '#backup/backup-error.ts';
import { ConfigError } from '#config/config.ts';
import { DatabaseStartError } from '#db/check-server.ts';
import { asUnavailable } from '#db/postgres-error.ts';
import { EmbeddedPostgresError } from '#embedded/embedded-error.ts';
import { FlorinError } from '#lib/errors.ts';

/** The bank said no, or something failed. */
const EXIT_FAILED = 1;
/** The command line cannot be meant: nothing was tried. */
const EXIT_USAGE = 2;

/** A command line that commander took and that is wrong all the same. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: string;

  constructor(message: string, code = 'usage') {
    super(message);
    this.code = code;
  }
}

/** A command that came to its end without doing what it was asked; the code is as stable as the API's. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** What a failed command says on standard error (nothing where commander has shown help), and its exit code. */
export type Failure = { readonly line: string | undefined; readonly exitCode: number };

/** One line for the person who ran the command, whatever went wrong. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CommanderError) return describeCommanderError(error);
  if (error instanceof UsageError) return failure(error.message, error.code, EXIT_USAGE);
  const known = knownFailure(error) ?? asUnavailable(error);
  if (known !== undefined) return failure(known.message, known.code);
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return failure(`something unexpected went wrong, ${message}`, 'internal_error');
}

function failure(message: string, code: string, exitCode: number = EXIT_FAILED): Failure {
  const sentence = message
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return { line: `florin: ${sentence} (${code})`, exitCode };
}

/** Help and the version end in an "error" too: those that were asked for are none. */
function describeCommanderError(error: CommanderError): Failure {
  if (error.exitCode === 0) return { line: undefined, exitCode: 0 };
  // A command was missing, and commander has shown which there are.
  if (error.code === 'commander.help') return { line: undefined, exitCode: EXIT_USAGE };
  return failure(error.message.replace(/^error: /, ''), 'usage', EXIT_USAGE);
}

function knownFailure(error: unknown): { message: string; code: string } | undefined {
  if (error instanceof FlorinError || error instanceof CommandFailedError || error instanceof BackupError) {
    return error;
  }
  if (error instanceof ConfigError) return { message: error.message, code: 'configuration' };
  if (error instanceof DatabaseStartError) return { message: error.message, code: 'database_unavailable' };
  if (error instanceof EmbeddedPostgresError) return { message: error.message, code: 'embedded_database' };
  return systemFailure(error);
}

/** A port or a file that cannot be used. The driver's socket errors are the database's, and not meant here. */
function systemFailure(error: unknown): { message: string; code: string } | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  if (error.syscall === 'listen')
    return { message: `cannot serve: ${error.message}`, code: 'address_unusable' };
  if ('path' in error) return { message: error.message, code: 'file_unusable' };
  return undefined;
}
