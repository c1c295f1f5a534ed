import { readFileSync } from 'node:fs';
import { postmasterPid } from '#test/system/embedded/embedded-server.ts';

/** PostgreSQL with all its processes stopped where they are, as by a disk that hangs or a machine that is paused. */
export class FrozenDatabase {
  #stopped: readonly number[];

  private constructor(stopped: readonly number[]) {
    this.#stopped = stopped;
  }

  /** Freezes the embedded server of a data directory, which must be running. */
  static freeze(dataDir: string): FrozenDatabase {
    const pid = postmasterPid(dataDir);
    if (pid === undefined) throw new Error('PostgreSQL does not run');
    // First the one that starts the others.
    process.kill(pid, 'SIGSTOP');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    const stopped = [pid, ...children.map(Number)];
    for (const one of stopped) process.kill(one, 'SIGSTOP');
    return new FrozenDatabase(stopped);
  }

  /** Lets it go on. May be called again. */
  thaw(): void {
    // Last the one that buries those which were ending.
    for (const one of this.#stopped.toReversed()) process.kill(one, 'SIGCONT');
    this.#stopped = [];
  }
}
