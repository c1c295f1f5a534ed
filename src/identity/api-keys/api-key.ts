import { validationFailed } from '#lib/errors.ts';
import type { ApiKeyId } from '#lib/ids.ts';
import { parseScope, type Scope } from '#lib/scopes.ts';
import { cleanText } from '#lib/text.ts';

/** Longer than any service keeps a secret: a later date is a typing error. */
const MAX_LIFETIME_MS = 5 * 366 * 86_400_000;

export type ApiKeyState = {
  readonly id: ApiKeyId;
  readonly name: string;
  /** Shown, to tell keys apart. */
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly expiresAtMs: number | undefined;
  readonly lastUsedAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
  readonly createdBy: string;
  readonly createdAtMs: number;
};

export type NewApiKey = {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs?: number | undefined;
};

/** The key of a service. Its scopes are set when it is created and never change. */
export class ApiKey {
  readonly state: ApiKeyState;

  constructor(state: ApiKeyState) {
    this.state = state;
  }

  /**
   * Throws 400 `validation_failed` for a bad name, an unknown scope, no scope, or an expiry in the past or too far
   * ahead.
   */
  static create(
    { name, scopes, expiresAtMs }: NewApiKey,
    made: Pick<ApiKeyState, 'id' | 'prefix' | 'createdBy' | 'createdAtMs'>,
  ): ApiKey {
    const isEndGood =
      expiresAtMs === undefined ||
      (expiresAtMs > made.createdAtMs && expiresAtMs <= made.createdAtMs + MAX_LIFETIME_MS);
    if (!isEndGood) {
      throw validationFailed({ path: 'expiresAt', message: 'must be in the future, and within five years' });
    }
    return new ApiKey({
      ...made,
      name: cleanText(name, 'name', 100),
      scopes: cleanScopes(scopes),
      expiresAtMs,
      lastUsedAtMs: undefined,
      revokedAtMs: undefined,
    });
  }

  isUsable(nowMs: number): boolean {
    const { revokedAtMs, expiresAtMs } = this.state;
    return revokedAtMs === undefined && (expiresAtMs === undefined || nowMs < expiresAtMs);
  }
}

/** Without duplicates, sorted. */
function cleanScopes(texts: readonly string[]): Scope[] {
  if (texts.length === 0) throw validationFailed({ path: 'scopes', message: 'must name at least one scope' });
  const scopes = texts.map((text, index) => {
    const scope = parseScope(text);
    if (scope === undefined) throw validationFailed({ path: `scopes.${index}`, message: 'is not a scope' });
    return scope;
  });
  return [...new Set(scopes)].toSorted();
}
