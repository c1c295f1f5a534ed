/** The oldest Node that may run npm here, as README.md and package.json say. */
const OLDEST_MAJOR = 20;

type Lockfile = { readonly packages: Record<string, { engines?: Record<string, string> }> };

/** package-lock.json without demands on Node that the oldest allowed version does not meet. */
export function trimmedLockfile(text: string): string {
  const lockfile = JSON.parse(text) as Lockfile;
  for (const [path, entry] of Object.entries(lockfile.packages)) {
    // The first entry is the project's own.
    if (path !== '' && !isMet(entry.engines?.node)) delete entry.engines;
  }
  return `${JSON.stringify(lockfile, null, 2)}\n`;
}

/** Whether one of the alternatives of a range (`^18 || >=20.6`) takes every version of the oldest major one. */
function isMet(range: string | undefined): boolean {
  if (range === undefined) return true;
  return range.split('||').some((alternative) => {
    const text = alternative.trim();
    const major = Number(/^(?:\^|~|>=?|=)?\s*v?(\d+)/.exec(text)?.[1] ?? 0);
    return text.startsWith('>') || text.startsWith('*') || text === ''
      ? major <= OLDEST_MAJOR
      : major === OLDEST_MAJOR;
  });
}
