/** How long an access token is good for: short, since all but its revocation is decided when it is issued. */
export const TOKEN_LIFETIME_SECONDS = 600;
/** How far the clocks of two servers may be apart. */
export const CLOCK_TOLERANCE_SECONDS = 5;
/** How long others may keep a copy of the public keys. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** From its publication to its first signature: every copy of the public keys has a new key by then. */
export const KEY_LEAD_MS = (JWKS_MAX_AGE_SECONDS + 30) * 1000;
/** From its last signature: then every token of a key has expired, in every server's eyes. */
export const KEY_OVERLAP_MS = (TOKEN_LIFETIME_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS + 5) * 1000;
