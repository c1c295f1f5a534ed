import { readFileSync } from 'node:fs';

let common: ReadonlySet<string> | undefined;

/** Whether the password, in any case, is on the list of those that are tried first. */
export function isCommonPassword(password: string): boolean {
  common ??= readList();
  return common.has(password.toLowerCase());
}

/** Read at the first question: commands that take no password do without. */
function readList(): ReadonlySet<string> {
  const text = readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8');
  return new Set(text.split('\n').filter((line) => line !== '' && !line.startsWith('#!')));
}
