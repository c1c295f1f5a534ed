import { readFileSync } from 'node:fs';

let common: ReadonlySet<string> | undefined;

/** Whether the password is on the list of common passwords, ignoring case. */
export function isCommonPassword(password: string): boolean {
  common ??= readList();
  return common.has(password.toLowerCase());
}

/** Read on first use: commands that take no password skip it. */
function readList(): ReadonlySet<string> {
  const text = readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8');
  return new Set(text.split('\n').filter((line) => line !== '' && !line.startsWith('#!')));
}
