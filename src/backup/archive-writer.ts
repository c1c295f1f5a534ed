import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError } from './backup-error.ts';
import { END_BYTES, encodeHead, paddingBytes } from './tar.ts';

/**
 * Writes a tar archive under a temporary name, and renames it when all of it is on the disk: a file with the final name
 * is complete. Every method throws BackupError `backup_not_written` when the disk fails.
 */
export class ArchiveWriter {
  readonly #file: string;
  readonly #unfinishedFile: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  private constructor(file: string, unfinishedFile: string, handle: FileHandle) {
    this.#file = file;
    this.#unfinishedFile = unfinishedFile;
    this.#handle = handle;
  }

  /** Begins a file that only its owner can read. Throws BackupError `file_exists`: nothing is ever overwritten. */
  static async create(file: string): Promise<ArchiveWriter> {
    const unfinishedFile = `${file}.unfinished`;
    if (existsSync(file)) throw fileExists(file, 'a backup is not written over another file');
    try {
      return new ArchiveWriter(file, unfinishedFile, await open(unfinishedFile, 'wx', 0o600));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
        throw fileExists(unfinishedFile, 'another backup is under way, or was cut off: remove it then');
      }
      throw notWritten(file, error);
    }
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** SHA-256 of all entries so far. */
  digest(): Buffer {
    return this.#hash.copy().digest();
  }

  async add(name: string, content: Buffer): Promise<void> {
    await this.#write(encodeHead({ name, bytes: content.length }));
    await this.#write(content);
    await this.#write(Buffer.alloc(paddingBytes(content.length)));
  }

  /** Ends the archive and gives the file its name. */
  async finish(): Promise<void> {
    await this.#write(Buffer.alloc(END_BYTES));
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#unfinishedFile, this.#file);
      await syncDirectory(dirname(this.#file));
    } catch (error) {
      throw notWritten(this.#file, error);
    }
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#unfinishedFile, { force: true });
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      // Appends all of the bytes.
      await this.#handle.writeFile(bytes);
    } catch (error) {
      throw notWritten(this.#file, error);
    }
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }
}

/** A rename is on the disk when its directory is. */
async function syncDirectory(directory: string): Promise<void> {
  // Windows opens no directories, and needs none of it.
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function fileExists(file: string, reason: string): BackupError {
  return new BackupError('file_exists', `${file} is there already: ${reason}`);
}

function notWritten(file: string, cause: unknown): BackupError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BackupError('backup_not_written', `cannot write ${file}: ${reason}`, cause);
}
