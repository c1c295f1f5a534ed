import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Config, ConfigError } from '#config/config.ts';
import { readOrCreate } from '#embedded/read-or-create.ts';
import { ensureFirstAdmin } from '#identity/users/contract.ts';
import { isInvalidInput } from '#lib/errors.ts';
import type { Bank } from './open-bank.ts';

/**
 * The first administrator of an embedded server's bank, at a domain that gets no mail from outside the machine (RFC
 * 6761).
 */
export const EMBEDDED_ADMIN_EMAIL = 'admin@florin.localhost';
/** 192 random bits: 32 characters. */
const PASSWORD_BYTES = 24;

/**
 * Creates the first administrator of a bank without users: that of the environment, or on the embedded server one with
 * a random password, which is kept in the data folder, readable only by its owner. Returns the text for the person at
 * the terminal, this once. Throws ConfigError when the environment's values are refused.
 */
export async function makeFirstAdmin(
  { services, embedded }: Bank,
  config: Config,
): Promise<string | undefined> {
  const { context } = services;
  if (config.admin !== undefined) {
    const isMade = await ensureFirstAdmin(context, config.admin).catch((error: unknown) => {
      throw asConfigError(error);
    });
    return isMade ? `${config.admin.email}, with the password of FLORIN_ADMIN_PASSWORD` : undefined;
  }
  if (embedded === undefined) return undefined;
  const file = adminPasswordFile(config);
  // Stored before the user is created: a start that is cut off in between leaves no user with a lost password.
  const password = await readOrCreate(file, async () => randomBytes(PASSWORD_BYTES).toString('base64url'));
  const isMade = await ensureFirstAdmin(context, { email: EMBEDDED_ADMIN_EMAIL, password });
  return isMade ? `${EMBEDDED_ADMIN_EMAIL}, password ${password} (kept in ${file})` : undefined;
}

/** Where the password of the embedded server's first administrator is kept. */
export function adminPasswordFile({ dataDir }: Config): string {
  return join(dataDir, 'admin-password');
}

function asConfigError(error: unknown): unknown {
  if (!isInvalidInput(error)) return error;
  const field = error.fields[0];
  const variable = field?.path === 'password' ? 'FLORIN_ADMIN_PASSWORD' : 'FLORIN_ADMIN_EMAIL';
  return new ConfigError(`${variable} ${field?.message ?? 'is not valid'}`);
}
