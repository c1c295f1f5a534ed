/** The lifetime of an access token: short, since everything but its revocation is decided at issue. */
export const TOKEN_LIFETIME_SECONDS = 600;
/** The allowed difference between the clocks of two servers. */
export const CLOCK_TOLERANCE_SECONDS = 5;
/** How long others may cache the public keys. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** From a key's publication to its first signature: by then every copy of the public keys has it. */
export const KEY_LEAD_MS = (JWKS_MAX_AGE_SECONDS + 30) * 1000;
/** From a key's last signature to its retirement: then its tokens have expired by every server's clock. */
export const KEY_OVERLAP_MS = (TOKEN_LIFETIME_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS + 5) * 1000;
