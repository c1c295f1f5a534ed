import type { JWTPayload } from 'jose';
import { type Caller, RESTRICTIONS, ROLES, type Role, type SealAddress } from '#lib/caller.ts';
import { type CustomerId, parseTypeId } from '#lib/ids.ts';

/** Header, claims and signature in base64url without padding (RFC 7515, 7.1). */
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)$/;
const TEXT = /^[!-~]{1,100}$/;

/**
 * Whether the text is a signed JWT in its one compact form: the unused bits after the signature, which it does not
 * cover, are zero.
 */
export function isCompact(token: string): boolean {
  const signature = COMPACT.exec(token)?.[1];
  return signature !== undefined && Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

export function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}

/** The caller named by the claims of one of our own tokens; undefined if a claim is missing or not as issued. */
export function callerOf(bookId: number, claims: JWTPayload): Caller | undefined {
  const { aud, sub, sid, role, cus, lim, book, jti } = claims;
  const times = [claims.iat, claims.nbf, claims.exp];
  if (!times.every(Number.isSafeInteger) || typeof aud !== 'string') return undefined;
  if (book !== bookId || !isRole(role) || typeof jti !== 'string' || !TEXT.test(jti)) return undefined;
  if (typeof sub !== 'string' || parseTypeId('user', sub) === undefined) return undefined;
  const sessionId = typeof sid === 'string' ? parseTypeId('session', sid) : undefined;
  if (sessionId === undefined) return undefined;
  const restriction = RESTRICTIONS.find((one) => one === lim);
  if (lim !== undefined && restriction === undefined) return undefined;
  const own = { sessionId, ...(restriction === undefined ? {} : { restriction }) };
  if (cus === undefined) return role === 'customer' ? undefined : { actor: sub, role, ...own };
  const customerId = typeof cus === 'string' ? parseTypeId('customer', cus) : undefined;
  if (customerId === undefined || role !== 'customer') return undefined;
  return { actor: sub, role, ...own, customerId };
}

/** The caller of a token. Throws 401 `unauthenticated`, 503 when it cannot be checked now. */
export type Authenticate = (token: string) => Promise<Caller>;

/** API keys start with this. JWTs never do: no base64url of a JSON object does. */
const API_KEY = /^florin_/;

/**
 * Authenticates both kinds of tokens. `sealFor` is asked once for each token of a customer's user, not for each request:
 * as long as it is remembered, its caller is the same object.
 */
export function createAuthenticate(
  tokens: { verify: Authenticate },
  apiKeys: { verify: Authenticate },
  sealFor: (customerId: CustomerId) => Promise<SealAddress>,
): Authenticate {
  const sealing = new WeakMap<Caller, Caller>();
  return async (token) => {
    const caller = await (API_KEY.test(token) ? apiKeys.verify(token) : tokens.verify(token));
    if (caller.customerId === undefined) return caller;
    const known = sealing.get(caller);
    if (known !== undefined) return known;
    const withSeal = { ...caller, sealAddress: await sealFor(caller.customerId) };
    sealing.set(caller, withSeal);
    return withSeal;
  };
}
