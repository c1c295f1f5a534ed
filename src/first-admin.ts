import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFirstAdmin } from '#features/users/contract.ts';
import { InvalidInputError } from '#lib/errors.ts';
import type { Bank } from './bank.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config.ts';

/** Who looks after an embedded server's bank at first; a name that no mail leaves the machine for (RFC 6761). */
export const EMBEDDED_ADMIN_EMAIL = 'admin@florin.localhost';
/** 192 random bits: 32 characters. */
const PASSWORD_BYTES = 24;

/**
 * Makes the first administrator of a bank without users: that of the environment, or on the embedded server one
 * with a random password, which is kept in the data folder for its owner's eyes. Returns what to tell the person
 * at the terminal, this once. Throws ConfigError when the environment's are not taken.
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
  const password = await readOrMakePassword(file);
  const isMade = await ensureFirstAdmin(context, { email: EMBEDDED_ADMIN_EMAIL, password });
  return isMade ? `${EMBEDDED_ADMIN_EMAIL}, password ${password} (kept in ${file})` : undefined;
}

/** Where the password of the embedded server's first administrator is kept. */
export function adminPasswordFile({ dataDir }: Config): string {
  return join(dataDir, 'admin-password');
}

/** Stored before the user is made: a start that is cut off in between leaves no user with a password that is lost. */
async function readOrMakePassword(file: string): Promise<string> {
  const unfinished = `${file}.${randomUUID()}.unfinished`;
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  await writeFile(unfinished, `${password}\n`, { mode: 0o600, flush: true });
  try {
    // Whole at once, and fails where there is one: of two that start at once, the second reads what the first wrote.
    await link(unfinished, file);
    return password;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return (await readFile(file, 'utf8')).trim();
  } finally {
    await unlink(unfinished);
  }
}

function asConfigError(error: unknown): unknown {
  if (!(error instanceof InvalidInputError)) return error;
  const field = error.fields[0];
  const variable = field?.path === 'password' ? 'FLORIN_ADMIN_PASSWORD' : 'FLORIN_ADMIN_EMAIL';
  return new ConfigError(`${variable} ${field?.message ?? 'is not valid'}`);
}
