import { argon2, type BinaryLike, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PasswordCost } from '#db/context.ts';
import { assert } from '#lib/assert.ts';
import { validationFailed } from '#lib/errors.ts';
import { isCommonPassword } from './common-passwords.ts';
import { normalizeEmail } from './user.ts';
import { findWeakness, repeatedPart } from './weak-passwords.ts';

/** NIST SP 800-63B-4, 3.1.1.2: 15 characters where the password stands alone, 8 beside a second factor. */
export const MIN_PASSWORD_LENGTH = 15;
const MIN_PASSWORD_LENGTH_WITH_TOTP = 8;
/** Above the minimum of 64 that NIST requires, and no more work to hash than a short one. */
export const MAX_PASSWORD_LENGTH = 256;

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane; about 20 ms of one core. */
const PASSWORD_COST: PasswordCost = { memoryKib: 19_456, passes: 2 };
const PARALLELISM = 1;
/** RFC 9106, 3.1: 16 bytes of salt for passwords. */
const SALT_BYTES = 16;
const TAG_BYTES = 32;

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const deriveKey = promisify(argon2);

/**
 * Refuses a password that is too short, too long, well known or made of blanks, repetitions, a sequence or the e-mail
 * address. Has no rule on kinds of characters. Throws 400 `validation_failed`.
 */
export function checkPassword(
  password: string,
  { email, hasTotp, path = 'password' }: { email: string; hasTotp: boolean; path?: string },
): void {
  const length = passwordLength(password);
  const minLength = hasTotp ? MIN_PASSWORD_LENGTH_WITH_TOTP : MIN_PASSWORD_LENGTH;
  if (length < minLength) {
    throw validationFailed({ path, message: `must have at least ${minLength} characters` });
  }
  if (length > MAX_PASSWORD_LENGTH) {
    throw validationFailed({ path, message: `must have at most ${MAX_PASSWORD_LENGTH} characters` });
  }
  if (normalizeEmail(password) === email) {
    throw validationFailed({ path, message: 'must not be the e-mail address' });
  }
  const text = prepared(password);
  if (isCommonPassword(text) || isCommonPassword(repeatedPart(text))) {
    throw validationFailed({ path, message: 'is one that everybody tries first' });
  }
  const weakness = findWeakness(text, { email, minLength });
  if (weakness !== undefined) throw validationFailed({ path, message: weakness });
}

/** Its number of characters, however they were typed. */
export function passwordLength(password: string): number {
  return Array.from(prepared(password)).length;
}

/**
 * A password as it is compared, counted and hashed: every kind of space becomes the plain one, and characters are
 * composed (RFC 8265, 4.2.2, OpaqueString). Not NFKC, which merges different characters and so weakens a password.
 */
function prepared(password: string): string {
  return password.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
}

/** Argon2id of the prepared password, as a PHC string. */
export async function hashPassword(password: string, cost: PasswordCost = PASSWORD_COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const parameters = { memory: cost.memoryKib, passes: cost.passes, parallelism: PARALLELISM };
  return phcOf(cost, salt, await derive(password, { ...parameters, nonce: salt, tagLength: TAG_BYTES }));
}

/**
 * Whether the password matches the hash; false for an undefined hash (no such user), after the same work. The
 * parameters are read from the hash, so that they may be raised later.
 */
export async function verifyPassword(
  password: string,
  hash: string | undefined,
  cost: PasswordCost = PASSWORD_COST,
): Promise<boolean> {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(hash ?? dummyHash(cost)) ?? [];
  assert(salt !== undefined && tag !== undefined, 'a stored password hash is a PHC string of argon2id');
  const expected = Buffer.from(tag, 'base64');
  const actual = await derive(password, {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: Buffer.from(salt, 'base64'),
    tagLength: expected.length,
  });
  return timingSafeEqual(actual, expected) && hash !== undefined;
}

type Parameters = {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly nonce: BinaryLike & Buffer;
  readonly tagLength: number;
};

function derive(password: string, parameters: Parameters): Promise<Buffer> {
  return deriveKey('argon2id', { ...parameters, message: prepared(password) });
}

/** A hash that no password matches: an unknown user costs as much to refuse as a known one. */
function dummyHash(cost: PasswordCost): string {
  return phcOf(cost, Buffer.alloc(SALT_BYTES), Buffer.alloc(TAG_BYTES));
}

/** PHC string format: base64 without padding. */
function phcOf({ memoryKib, passes }: PasswordCost, salt: Buffer, tag: Buffer): string {
  const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${PARALLELISM}$${text(salt)}$${text(tag)}`;
}
