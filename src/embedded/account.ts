import { chownSync, lchownSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-error.ts';

/** The operating system account that runs the server when we are root, which PostgreSQL refuses to run as. */
export type ServerAccount = {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
};

/** In this order: the account made for the purpose, or else the one that every Unix has. */
const PREFERRED_ACCOUNTS = ['postgres', 'nobody'];

/**
 * The account to run the server as, or undefined to run it as ourselves (we are not root). An existing cluster keeps
 * its owner, even when a better account has appeared since.
 */
export function chooseServerAccount(clusterDir: string): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const accounts = readAccounts();
  for (const name of PREFERRED_ACCOUNTS) {
    const account = accounts.find((candidate) => candidate.name === name);
    if (account) return account;
  }
  throw new EmbeddedPostgresError(
    'PostgreSQL refuses to run as root and there is no account "postgres" or "nobody" to run it as: start as an ordinary user',
  );
}

function readAccounts(): ServerAccount[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter((account) => account.uid > 0 && account.gid > 0);
}

/**
 * Whether the account may pass through a directory and every one above it. Looks only at mode bits, which decide for a
 * process without supplementary groups, as Node starts it.
 */
export function canTraverse(account: ServerAccount, directory: string): boolean {
  for (let current = directory; ; current = path.dirname(current)) {
    const { uid, gid, mode } = statSync(current);
    const executeBit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & executeBit) === 0) return false;
    if (path.dirname(current) === current) return true;
  }
}

/** Gives a file or directory to the account; nothing to do when we run the server as ourselves. */
export function giveTo(account: ServerAccount | undefined, file: string): void {
  if (account) chownSync(file, account.uid, account.gid);
}

/** Gives a whole directory to the account, as after a copy made by root. Links are changed, not followed. */
export function giveTreeTo(account: ServerAccount, directory: string): void {
  giveTo(account, directory);
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    lchownSync(path.join(entry.parentPath, entry.name), account.uid, account.gid);
  }
}
