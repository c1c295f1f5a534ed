// Tokens: access tokens of our own or of another issuer, signing keys, revocation.

export { AccessTokens } from './access-tokens.ts';
export type { Authenticate } from './claims.ts';
export { createAuthenticate } from './claims.ts';
export type { ExternalIssuer } from './external-tokens.ts';
export { ExternalTokens } from './external-tokens.ts';
export { rotateSealedSigningKeys } from './rotate-sealed.ts';
export { currentSigningKey } from './signing-keys.ts';
export { VerifiedTokens } from './verified-tokens.ts';
