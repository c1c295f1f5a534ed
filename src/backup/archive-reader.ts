import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { BackupError } from './backup-error.ts';
import { BLOCK_BYTES, decodeHead, END_BYTES, paddingBytes } from './tar.ts';

/** A part as the writer makes it, compressed or not, or a manifest, fits; a larger entry is refused unread. */
const MAX_CONTENT_BYTES = 8 * 1024 * 1024;

export type Entry = { readonly name: string; readonly content: Buffer };

/** Reads an archive of ArchiveWriter, one entry in memory at a time. */
export class ArchiveReader {
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  /** The latest entry: not in the hash yet. */
  #latest: readonly Buffer[] = [];
  #position = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** SHA-256 of all entries before the latest one. */
  digest(): Buffer {
    return this.#hash.copy().digest();
  }

  /**
   * The next entry; undefined at the end of the file. Throws BackupError `not_a_backup`, `backup_cut_off` or
   * `backup_changed`.
   */
  async next(): Promise<Entry | undefined> {
    for (const bytes of this.#latest) this.#hash.update(bytes);
    this.#latest = [];
    const isFirst = this.#position === 0;
    const headBlock = await this.#read(BLOCK_BYTES);
    if (!isFirst && isEmpty(headBlock)) {
      await this.#assertEnd();
      return undefined;
    }
    const head = decodeHead(headBlock);
    if (head === undefined || head.bytes > MAX_CONTENT_BYTES) throw isFirst ? notABackup() : changed();
    const content = await this.#read(head.bytes);
    const padding = await this.#read(paddingBytes(head.bytes));
    // The last entry's is covered by no hash.
    if (!isEmpty(padding)) throw changed();
    this.#latest = [headBlock, content, padding];
    return { name: head.name, content };
  }

  /** The second empty block, and the end of the file. */
  async #assertEnd(): Promise<void> {
    if (!isEmpty(await this.#read(END_BYTES - BLOCK_BYTES))) throw changed();
    const { bytesRead } = await this.#handle.read(Buffer.alloc(1), 0, 1, this.#position);
    if (bytesRead > 0) throw changed();
  }

  async #read(length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    for (let filled = 0; filled < length; ) {
      const { bytesRead } = await this.#handle.read(buffer, filled, length - filled, this.#position);
      if (bytesRead === 0) throw this.#position < BLOCK_BYTES ? notABackup() : cutOff();
      filled += bytesRead;
      this.#position += bytesRead;
    }
    return buffer;
  }
}

/** Opens an archive for one pass. */
export async function readArchive<Result>(
  file: string,
  read: (reader: ArchiveReader) => Promise<Result>,
): Promise<Result> {
  const handle = await open(file, 'r');
  try {
    if (!(await handle.stat()).isFile()) throw notABackup();
    return await read(new ArchiveReader(handle));
  } finally {
    await handle.close();
  }
}

function isEmpty(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

/** The file is not a backup, or not as it was sealed. */
export function changed(detail = 'its bytes are not those that were sealed'): BackupError {
  return new BackupError('backup_changed', `the backup has changed: ${detail}`);
}

function cutOff(): BackupError {
  return new BackupError('backup_cut_off', 'the backup is cut off: its end is missing');
}

function notABackup(): BackupError {
  return new BackupError('not_a_backup', 'the file is not a backup of florin');
}
