import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MIB = 1024 * 1024;
/** An empty cluster, its WAL, and what a minute of traffic adds, with room to spare. */
const BASE_MIB = 700;
const MIB_A_MINUTE = 300;

/** A disk that is full is filled to the last of these. */
const BALLAST_CHUNK = Buffer.alloc(MIB);
const LAST_CHUNK = Buffer.alloc(4_096);

/** The folder of a run: its logs, and the database, on a small disk of its own if one can be mounted. */
export class LabFolder {
  readonly path: string;
  /** Where PostgreSQL keeps everything. */
  readonly dataDir: string;
  /** Of the small disk; undefined where none could be mounted. */
  readonly tmpfsMib: number | undefined;
  readonly #mountPoint: string;

  private constructor(path: string, mountPoint: string, tmpfsMib: number | undefined) {
    this.path = path;
    this.#mountPoint = mountPoint;
    this.dataDir = join(mountPoint, 'data');
    this.tmpfsMib = tmpfsMib;
  }

  static open(seconds: number): LabFolder {
    const path = mkdtempSync(join(tmpdir(), 'florin-crash-lab-'));
    // PostgreSQL runs on another account when we are root, and must get through.
    chmodSync(path, 0o755);
    const mountPoint = join(path, 'disk');
    mkdirSync(mountPoint);
    const sizeMib = BASE_MIB + Math.ceil((seconds / 60) * MIB_A_MINUTE);
    return new LabFolder(path, mountPoint, mountTmpfs(mountPoint, sizeMib) ? sizeMib : undefined);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Leaves nothing free on the small disk. */
  fillDisk(): void {
    const fd = openSync(this.#ballast, 'a');
    try {
      for (const chunk of [BALLAST_CHUNK, LAST_CHUNK]) while (wasWritten(fd, chunk));
    } finally {
      closeSync(fd);
    }
  }

  freeDisk(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** Removes the database, and also the logs unless they are needed. */
  close({ keepsLogs }: { keepsLogs: boolean }): void {
    if (this.tmpfsMib !== undefined) execFileSync('umount', ['--lazy', this.#mountPoint]);
    rmSync(keepsLogs ? this.#mountPoint : this.path, { recursive: true, force: true });
  }

  get #ballast(): string {
    return join(this.#mountPoint, 'ballast');
  }
}

function mountTmpfs(mountPoint: string, sizeMib: number): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    const options = `size=${sizeMib}m,mode=0755`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'florin-crash-lab', mountPoint], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    // Root in a container, for one, may not mount.
    return false;
  }
}

function wasWritten(fd: number, chunk: Buffer): boolean {
  try {
    return writeSync(fd, chunk) === chunk.length;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}
