import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from 'jose';
import type { Caller, Role } from '#lib/caller.ts';
import { unauthenticated } from '#lib/errors.ts';
import { parseTypeId } from '#lib/ids.ts';
import type { Clock } from '#lib/time/clock.ts';
import { isCompact, isRole } from './claims.ts';
import { tokenError } from './errors.ts';
import { CLOCK_TOLERANCE_SECONDS } from './lifetimes.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** An OpenID provider whose access tokens are accepted in place of our own. */
export type ExternalIssuer = {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** The claim with the role: a string, or a list with one of our roles in it. */
  readonly roleClaim: string;
  /** The claim with the customer (`cus_…`) of a user whose role is customer. */
  readonly customerClaim: string;
};

/** Only asymmetric: with HS256 anyone who can verify a token could make one. */
const ALGORITHMS = ['EdDSA', 'ES256', 'RS256'];
/** Any longer, and nobody could be locked out in time: an external token cannot be revoked here. */
const MAX_LIFETIME_SECONDS = 3600;
/** A key withdrawn by the issuer may be accepted this long. */
const JWKS_MAX_AGE_MS = 300_000;
const JWKS_TIMEOUT_MS = 3_000;
/** The time between two reads of the keys caused by an unknown key. */
const JWKS_COOLDOWN_MS = 10_000;
/** The room in a journal entry's actor, less our prefix. */
const SUBJECT = /^[!-~]{1,90}$/;

type Verified = { readonly caller: Caller; readonly endsAtMs: number };

/** Checks access tokens of an external issuer with the keys it publishes. */
export class ExternalTokens {
  readonly #issuer: ExternalIssuer;
  readonly #clock: Clock;
  readonly #keys: RemoteJWKSet;
  readonly #verified = new VerifiedTokens<Verified>();

  constructor(clock: Clock, issuer: ExternalIssuer) {
    this.#clock = clock;
    this.#issuer = issuer;
    this.#keys = createRemoteJWKSet(new URL(issuer.jwksUrl), {
      cacheMaxAge: JWKS_MAX_AGE_MS,
      timeoutDuration: JWKS_TIMEOUT_MS,
      cooldownDuration: JWKS_COOLDOWN_MS,
    });
  }

  /** Throws 401 `unauthenticated`, 503 `authentication_unavailable` while the issuer's keys are unavailable. */
  async verify(token: string): Promise<Caller> {
    const key = VerifiedTokens.keyOf(token);
    const nowMs = this.#clock.nowMs();
    let verified = this.#verified.get(key);
    if (verified !== undefined && nowMs >= verified.endsAtMs) {
      this.#verified.delete(key);
      verified = undefined;
    }
    if (verified === undefined) {
      verified = await this.#check(token, nowMs);
      this.#verified.set(key, verified);
    }
    return verified.caller;
  }

  async #check(token: string, nowMs: number): Promise<Verified> {
    if (!isCompact(token)) throw unauthenticated();
    const payload = await this.#checkSignature(token, nowMs);
    const caller = this.#callerOf(payload);
    const { exp } = payload;
    if (caller === undefined || exp === undefined) throw unauthenticated();
    // No longer than the keys themselves: a withdrawn key ends its tokens.
    return { caller, endsAtMs: Math.min((exp + CLOCK_TOLERANCE_SECONDS) * 1000, nowMs + JWKS_MAX_AGE_MS) };
  }

  async #checkSignature(token: string, nowMs: number): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        algorithms: ALGORITHMS,
        issuer: this.#issuer.issuer,
        audience: this.#issuer.audience,
        requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat', this.#issuer.roleClaim],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        maxTokenAge: MAX_LIFETIME_SECONDS,
        currentDate: new Date(nowMs),
      });
      return payload;
    } catch (error) {
      throw isIssuerUnreachable(error)
        ? tokenError('authentication_unavailable', { cause: error })
        : unauthenticated(error);
    }
  }

  #callerOf(payload: JWTPayload): Caller | undefined {
    const { sub } = payload;
    const role = roleIn(payload[this.#issuer.roleClaim]);
    if (typeof sub !== 'string' || !SUBJECT.test(sub) || role === undefined) return undefined;
    const caller = { actor: `oidc:${sub}`, role };
    if (role !== 'customer') return caller;
    const customer = payload[this.#issuer.customerClaim];
    const customerId = typeof customer === 'string' ? parseTypeId('customer', customer) : undefined;
    return customerId === undefined ? undefined : { ...caller, customerId };
  }
}

/** The only one of our roles among the values; undefined for two. */
function roleIn(value: unknown): Role | undefined {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const roles = values.filter(isRole);
  return roles.length === 1 ? roles[0] : undefined;
}

/** jose has errors for invalid tokens, and others for a key set that is missing or invalid. */
function isIssuerUnreachable(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code);
}
