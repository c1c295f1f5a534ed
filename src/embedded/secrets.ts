import { randomBytes } from 'node:crypto';
import { EmbeddedPostgresError, toEmbeddedError } from './embedded-error.ts';
import { readOrCreate } from './read-or-create.ts';

/** Passwords of the two roles of an embedded server. */
export type Secrets = {
  readonly superuserPassword: string;
  readonly ownerPassword: string;
};

/** 192 random bits: beyond guessing, and a multiple of three bytes, so that the text needs no padding. */
const PASSWORD_BYTES = 24;

/** Reads the passwords; before the first start it makes them up and stores them where only the owner can read them. */
export async function loadOrCreateSecrets(secretsFile: string, clusterExists: boolean): Promise<Secrets> {
  const text = await readOrCreate(secretsFile, async () => {
    if (!clusterExists)
      return JSON.stringify({ superuserPassword: randomPassword(), ownerPassword: randomPassword() });
    throw new EmbeddedPostgresError(
      `${secretsFile} is missing, and the database cannot be opened without its passwords: bring the file back`,
    );
  });
  try {
    const secrets: unknown = JSON.parse(text);
    if (isSecrets(secrets)) return secrets;
  } catch (error) {
    throw toEmbeddedError(error, `Cannot read ${secretsFile}`);
  }
  throw new EmbeddedPostgresError(`${secretsFile} does not hold the two passwords of the database`);
}

function isSecrets(value: unknown): value is Secrets {
  if (typeof value !== 'object' || value === null) return false;
  return ['superuserPassword', 'ownerPassword'].every((key) => typeof Reflect.get(value, key) === 'string');
}

function randomPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url');
}
