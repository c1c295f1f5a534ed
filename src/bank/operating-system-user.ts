import { hostname, userInfo } from 'node:os';

/** What the audit trail takes of an address. */
const MAX_LENGTH = 64;

/**
 * Who works on this machine, as its operating system says: `anna@counter-2`, and `root@counter-2 (anna)` where anna became
 * root by sudo. A number where the system knows no name.
 */
export function operatingSystemUser(environment: Readonly<Record<string, string | undefined>>): string {
  const before = environment.SUDO_USER;
  const sudo = before === undefined || before === '' ? '' : ` (${before})`;
  return `${nameOf()}@${hostname()}${sudo}`.slice(0, MAX_LENGTH);
}

function nameOf(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number without a name.
    return String(process.getuid?.() ?? 'unknown');
  }
}
