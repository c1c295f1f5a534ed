import type { Caller } from '#lib/caller.ts';

/** Who a token belongs to. Throws 401 `unauthenticated`, 503 when that cannot be found out now. */
export type Authenticate = (token: string) => Promise<Caller>;

/** API keys begin like this, JWTs never do: no base64url of a JSON object does. */
const API_KEY = /^florin_/;

/** One door for both kinds of tokens. */
export function createAuthenticate(
  tokens: { verify: Authenticate },
  apiKeys: { verify: Authenticate },
): Authenticate {
  return (token) => (API_KEY.test(token) ? apiKeys.verify(token) : tokens.verify(token));
}
