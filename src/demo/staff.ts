import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Services } from '#bank/services.ts';
import type { Config } from '#config/config.ts';
import { readOrCreate } from '#embedded/read-or-create.ts';
import { DEMO_CALLER } from './open-accounts.ts';

/** 192 random bits: 32 characters. */
const PASSWORD_BYTES = 24;

/** The people of the demo bank, one for each role; at a domain that gets no mail from outside the machine (RFC 6761). */
export const STAFF = [
  { email: 'manager@florin.localhost', name: 'Miriam Vogt', role: 'manager' },
  { email: 'teller@florin.localhost', name: 'Tariq Nasser', role: 'teller' },
  { email: 'loan-officer@florin.localhost', name: 'Lotte Overbeck', role: 'loan-officer' },
  { email: 'auditor@florin.localhost', name: 'Aurel Dima', role: 'auditor' },
] as const;

/**
 * Creates the staff of a demo bank with one random password, which is kept in the data folder, readable only by its
 * owner, as that of the first administrator is. Returns the text for the person at the terminal, this once.
 */
export async function hireStaff({ users }: Services, { dataDir }: Pick<Config, 'dataDir'>): Promise<string> {
  const file = join(dataDir, 'staff-password');
  const password = await readOrCreate(file, async () => randomBytes(PASSWORD_BYTES).toString('base64url'));
  for (const person of STAFF) await users.create(DEMO_CALLER, person, password);
  return `${STAFF.map(({ email }) => email).join(', ')}, all with the password in ${file}`;
}
