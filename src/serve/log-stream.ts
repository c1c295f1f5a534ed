import { writeSync } from 'node:fs';

/** Lines that gather in one turn of the event loop are far fewer; a stack that repeats itself is written at once. */
const MAX_GATHERED = 64 * 1024;
/** A reader of a full pipe is given this long to take something before it is tried again. */
const RETRY_MS = 5;

/**
 * Writes the lines of one turn of the event loop together, before the next begins. A dozen answers to 64 clients share a
 * system call, which is most of the cost of a line: 10 µs of a read's 46. The last lines are written when the process
 * exits; only one that is killed loses those of its last turn. Once nobody reads the log, lines are dropped.
 */
export class LogStream {
  readonly #descriptor: number;
  #lines = '';
  #isRead = true;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    process.once('exit', () => this.flushSync());
  }

  write(line: string): void {
    if (this.#lines === '') setImmediate(() => this.flushSync());
    this.#lines += line;
    if (this.#lines.length > MAX_GATHERED) this.flushSync();
  }

  flushSync(): void {
    let rest = Buffer.from(this.#lines);
    this.#lines = '';
    while (rest.length > 0 && this.#isRead) rest = rest.subarray(this.#writeSome(rest));
  }

  /** The number of bytes that were taken. */
  #writeSome(bytes: Buffer): number {
    try {
      return writeSync(this.#descriptor, bytes);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') this.#isRead = false;
      else if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      return 0;
    }
  }
}
