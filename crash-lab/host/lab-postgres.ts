import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError } from '#embedded/embedded-error.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { readPostmasterFile } from '#embedded/postmaster-file.ts';
import { childrenOf, isThere, signalIfThere, titleOf } from './processes.ts';

/**
 * Durable as by default. A commit takes twenty milliseconds, as on a slow disk: at any moment one is under way,
 * and whoever answers before it is done is found out. Checkpoints come often, to be hit by a crash, too.
 */
const SETTINGS = {
  commit_delay: '20000',
  commit_siblings: '0',
  shared_buffers: '64MB',
  max_wal_size: '128MB',
};

/** How soon a supervisor sees that its program has ended. */
const LOOK_EVERY_MS = 100;

/** A PostgreSQL that is started again, on the same port, whenever it has ended. */
export class LabPostgres {
  readonly databaseUrl: string;
  readonly port: number;
  readonly version: string;
  readonly #dataDir: string;
  #embedded: EmbeddedPostgres;
  #timer: NodeJS.Timeout | undefined;
  #frozen: readonly number[] = [];
  /** The last refusal to start. */
  #refusal: string | undefined;

  private constructor(dataDir: string, embedded: EmbeddedPostgres) {
    this.#dataDir = dataDir;
    this.#embedded = embedded;
    this.databaseUrl = embedded.databaseUrl;
    this.port = embedded.port;
    this.version = embedded.version;
    this.#watchLater();
  }

  static async start(dataDir: string): Promise<LabPostgres> {
    return new LabPostgres(dataDir, await openEmbeddedPostgres({ dataDir, port: 0, settings: SETTINGS }));
  }

  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Ends all its processes at once. */
  kill(): void {
    const { pid } = this;
    for (const one of pid === undefined ? [] : [pid, ...childrenOf(pid)]) signalIfThere(one, 'SIGKILL');
  }

  /** Ends the process that starts the others, which find out by themselves. */
  killPostmaster(): void {
    if (this.pid !== undefined) signalIfThere(this.pid, 'SIGKILL');
  }

  /** Ends the process that works for one of the server's connections; PostgreSQL restarts them all. */
  killBackend(choose: (count: number) => number): void {
    const backends = childrenOf(this.pid ?? 0).filter((pid) => titleOf(pid).includes('florin_owner florin'));
    const pid = backends[choose(backends.length)];
    if (pid !== undefined) signalIfThere(pid, 'SIGKILL');
  }

  /** Stops all its processes where they are, first the one that starts the others. */
  freeze(): void {
    const { pid } = this;
    if (pid === undefined) return;
    signalIfThere(pid, 'SIGSTOP');
    this.#frozen = [pid, ...childrenOf(pid)];
    for (const one of this.#frozen) signalIfThere(one, 'SIGSTOP');
  }

  thaw(): void {
    for (const one of this.#frozen.toReversed()) signalIfThere(one, 'SIGCONT');
    this.#frozen = [];
  }

  /** Ends it permanently and copies its log. Its data is about to be thrown away. */
  close(logFile: string): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.thaw();
    this.kill();
    copyFileSync(join(this.#dataDir, 'postgres.log'), logFile);
  }

  get pid(): number | undefined {
    return readPostmasterFile(join(this.#dataDir, 'postgres'))?.pid;
  }

  #watchLater(): void {
    this.#timer = setTimeout(() => void this.#lookAfter(), LOOK_EVERY_MS);
  }

  async #lookAfter(): Promise<void> {
    const { pid } = this;
    if (pid === undefined || !isThere(pid)) await this.#startAgain();
    if (this.#timer !== undefined) this.#watchLater();
  }

  async #startAgain(): Promise<void> {
    const { port } = this;
    try {
      const before = this.#embedded;
      this.#embedded = await openEmbeddedPostgres({ dataDir: this.#dataDir, port, settings: SETTINGS });
      this.#refusal = undefined;
      await before.close();
    } catch (error) {
      // The start may fail, for example on a disk that is still full: it is tried again.
      if (!(error instanceof EmbeddedPostgresError)) throw error;
      this.#refusal = error.message;
    }
  }
}
