import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDirectoryLock } from '#embedded/directory-lock.ts';
import { EmbeddedPostgresError, errorCodeOf } from '#embedded/embedded-error.ts';
import { isFields } from '../api/body.ts';
import { CommandFailedError } from '../failures.ts';

/** A login that the command line keeps. */
export type StoredLogin = {
  /** Of the server; both tokens are for it alone. */
  readonly url: string;
  readonly email: string;
  readonly accessToken: string;
  readonly expiresAtMs: number;
  readonly refreshToken: string;
};

/** What nobody but the owner may do with the file. */
const FOREIGN_BITS = 0o077;

/** The login that is kept in a folder: one at a time, for its owner's eyes only. */
export class LoginFile {
  readonly path: string;
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.path = join(directory, 'login.json');
  }

  /** Throws CommandFailedError `login_file` for one that others may read or that is damaged. */
  async read(): Promise<StoredLogin | undefined> {
    const text = await this.#readText();
    if (text === undefined) return undefined;
    const login = parseLogin(text);
    if (login === undefined) {
      throw new CommandFailedError('login_file', `${this.path} is damaged: log in again with florin login`);
    }
    return login;
  }

  /** Whether a login is kept; it may be out of date, or damaged. */
  get exists(): boolean {
    return existsSync(this.path);
  }

  /** The login at a server, or whichever there is. Throws CommandFailedError `not_logged_in`, and as `read`. */
  async require(url?: string): Promise<StoredLogin> {
    const login = await this.read();
    if (login !== undefined && (url === undefined || url === login.url)) return login;
    const [at, make] =
      url === undefined ? ['here', 'florin login'] : [`at ${url}`, `florin login --url ${url}`];
    throw new CommandFailedError('not_logged_in', `there is no login ${at}: ${make} makes one`);
  }

  /** Replaces the whole file, so that no reader sees half of it. */
  async write(login: StoredLogin): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const unfinished = `${this.path}.${randomUUID()}.unfinished`;
    try {
      await writeFile(unfinished, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      await chmod(unfinished, 0o600);
      await rename(unfinished, this.path);
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }

  /** Runs work while no other process does: a refresh token that two of them spend ends the session. */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    try {
      return await withDirectoryLock(join(this.#directory, 'login.lock'), work);
    } catch (error) {
      if (!(error instanceof EmbeddedPostgresError)) throw error;
      throw new CommandFailedError('login_file', `cannot lock ${this.#directory}`, error);
    }
  }

  async #readText(): Promise<string | undefined> {
    try {
      const { mode } = await stat(this.path);
      // Windows knows no such bits.
      if (process.platform !== 'win32' && (mode & FOREIGN_BITS) !== 0) {
        throw new CommandFailedError(
          'login_file',
          `others may read ${this.path}: chmod 600, or log in again`,
        );
      }
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (errorCodeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}

function parseLogin(text: string): StoredLogin | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isFields(fields)) return undefined;
  const { url, email, accessToken, expiresAtMs, refreshToken } = fields;
  const isLogin =
    typeof url === 'string' &&
    typeof email === 'string' &&
    typeof accessToken === 'string' &&
    typeof expiresAtMs === 'number' &&
    typeof refreshToken === 'string';
  return isLogin ? { url, email, accessToken, expiresAtMs, refreshToken } : undefined;
}
