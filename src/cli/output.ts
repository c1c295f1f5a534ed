import { errorCodeOf } from '#embedded/embedded-error.ts';
import { CommandFailedError } from './failures.ts';

/** Every command takes `--json`. */
export type OutputOptions = { readonly json?: boolean };

/** What a stream reports when its reader has left, as `head` does. */
const READER_LEFT = ['EPIPE', 'ERR_STREAM_DESTROYED', 'ECONNRESET'];

/**
 * Writes to standard output and waits until it is taken, so that a slow reader slows the command and not its
 * memory. False once the reader has left: no error, but a long answer need not go on.
 */
export function write(text: string): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  process.stdout.write(text, (error) => {
    if (error === undefined || error === null) resolve(true);
    else if (READER_LEFT.includes(errorCodeOf(error) ?? '')) resolve(false);
    else reject(new CommandFailedError('output_failed', `cannot write the answer: ${error.message}`, error));
  });
  return promise;
}

/** Writes to standard error: what is not part of the answer. */
export function note(text: string): void {
  process.stderr.write(text);
}

/** Errors of both streams reach those who write; unheard, they would end the process. */
export function guardStreams(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** The answer of a command: one JSON document for a machine, or text for a person. */
export async function show(options: OutputOptions, value: unknown, text: () => string): Promise<void> {
  const answer = options.json === true ? JSON.stringify(value, null, 2) : text().trimEnd();
  await write(`${answer}\n`);
}

/** What a person at the terminal may want to hear while it lasts; a script has no use for it. */
export function noteProgress(line: string): void {
  if (process.stderr.isTTY) note(`${line}\n`);
}
