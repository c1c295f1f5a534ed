import { openSync, readFileSync, writeSync } from 'node:fs';
import { systemClock } from '#lib/time/clock.ts';
import type { Ask, HeardLine, LogLine } from '../records.ts';

export type Heard = Omit<HeardLine, 'attempt' | 'atMs'>;

/**
 * The log of what was asked and heard, one JSON line each. A line is with the operating system before the call
 * returns: what is lost with the process that writes it was never sent, or its answer never acted upon.
 */
export class RequestLog {
  readonly #fd: number;
  #attempts: number;

  /** `attempts`: the number of those that are in the file. */
  constructor(file: string, attempts = 0) {
    this.#fd = openSync(file, 'a');
    this.#attempts = attempts;
  }

  /** Returns the number of the attempt. */
  sent(key: string, ask: Ask): number {
    this.#attempts += 1;
    this.#write({ attempt: this.#attempts, atMs: systemClock.nowMs(), key, ask });
    return this.#attempts;
  }

  heard(attempt: number, heard: Heard): void {
    this.#write({ attempt, atMs: systemClock.nowMs(), ...heard });
  }

  #write(line: LogLine): void {
    writeSync(this.#fd, `${JSON.stringify(line)}\n`);
  }
}

export function readLog(file: string): LogLine[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line): LogLine => JSON.parse(line));
}
