import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { LoadedConfig } from '#config/load-config.ts';
import { CommandFailedError } from './failures.ts';

/** Every command takes `--json`. */
export type OutputOptions = { readonly json?: boolean };

/** The variables of a command line; an empty one counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Standard input, at a terminal or not. */
export type Input = Readable & {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
};

type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** What a stream reports when its reader has left, as `head` does. */
const READER_LEFT = ['EPIPE', 'ERR_STREAM_DESTROYED', 'ECONNRESET'];

type Streams = { readonly stdin: Input; readonly stdout: Output; readonly stderr: Output };

/** What a command line runs in: an environment and three streams, of the process or of a test. */
export class Shell {
  readonly environment: Environment;
  readonly stdin: Input;
  readonly stderr: Output;
  readonly #stdout: Output;

  constructor(environment: Environment, { stdin, stdout, stderr }: Streams) {
    this.environment = environment;
    this.stdin = stdin;
    this.stderr = stderr;
    this.#stdout = stdout;
    // Errors of both streams reach the code that writes; unheard, they would end the process.
    for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  }

  static ofProcess(): Shell {
    return new Shell(process.env, process);
  }

  /** Whether a person watches standard error. */
  get isWatched(): boolean {
    return this.stderr.isTTY === true;
  }

  /** Whether standard output is a terminal. */
  get isTerminal(): boolean {
    return this.#stdout.isTTY === true;
  }

  /** Characters a line of standard output has room for; undefined where it is not a terminal. */
  get width(): number | undefined {
    return this.isTerminal ? this.#stdout.columns : undefined;
  }

  /** The configuration of this environment. Throws ConfigError. */
  async loadConfig(): Promise<LoadedConfig> {
    const { loadConfig } = await import('#config/load-config.ts');
    return loadConfig(this.environment);
  }

  /**
   * Writes to standard output and waits until it is taken, so that a slow reader slows the command down and does not
   * fill its memory. False once the reader has left: not an error, but a long answer need not go on.
   */
  write(text: string | Uint8Array): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.#stdout.write(text, (error) => {
      if (error === undefined || error === null) resolve(true);
      else if ('code' in error && READER_LEFT.includes(String(error.code))) resolve(false);
      else
        reject(new CommandFailedError('output_failed', `cannot write the answer: ${error.message}`, error));
    });
    return promise;
  }

  /** Writes to standard error: what is not part of the answer. */
  note(text: string): void {
    this.stderr.write(text);
  }

  /** What a person at the terminal may want to know while it lasts; a script has no use for it. */
  noteProgress(line: string): void {
    if (this.isWatched) this.note(`${line}\n`);
  }

  /** The answer of a command: one JSON document for a machine, or text for a person. */
  async show(options: OutputOptions, value: unknown, text: () => string): Promise<void> {
    const answer = options.json === true ? JSON.stringify(value, null, 2) : text().trimEnd();
    await this.write(`${answer}\n`);
  }

  /** Bold on a terminal that takes it; a pipe and NO_COLOR are left alone. */
  heading(text: string): string {
    return this.isTerminal ? styleText('bold', text, { stream: this.#stdout }) : text;
  }
}
