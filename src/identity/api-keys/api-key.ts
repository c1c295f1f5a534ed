import type { KeyBounds } from '#lib/caller.ts';
import { checkAll, checkEach } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import type { ApiKeyId } from '#lib/ids.ts';
import { isNetwork } from '#lib/networks.ts';
import { parseScope, type Scope } from '#lib/scopes.ts';
import { cleanText } from '#lib/text.ts';
import { apiKeyError } from './errors.ts';

/** Longer than any service keeps a secret: a later date is a typing error. */
const MAX_LIFETIME_MS = 5 * 366 * 86_400_000;

/** Time to give the new key to whatever uses the old one. */
const OVERLAP_MS = 7 * 86_400_000;
/** Two keys for longer are not a rotation. */
const MAX_OVERLAP_MS = 90 * 86_400_000;

export type ApiKeyState = {
  readonly id: ApiKeyId;
  /** The first of the keys that follow one another: the caller for whom they all stand. */
  readonly clientId: ApiKeyId;
  readonly name: string;
  /** Shown, to tell keys apart. */
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly bounds: KeyBounds;
  readonly expiresAtMs: number | undefined;
  readonly lastUsedAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
  readonly createdBy: string;
  readonly createdAtMs: number;
};

/** When the keys of a rotation end. */
export type Rotation = {
  /** The old key's last instant. */
  readonly previousUntilMs?: number | undefined;
  /** The new key's; if not given it lives as long as the old one was to. */
  readonly expiresAtMs?: number | undefined;
};

type Made = Pick<ApiKeyState, 'id' | 'prefix' | 'createdBy' | 'createdAtMs'>;

export type NewApiKey = {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly bounds?: KeyBounds | undefined;
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
  static create({ name, scopes, bounds = {}, expiresAtMs }: NewApiKey, made: Made): ApiKey {
    const checked = checkAll({
      name: () => cleanText(name, 'name', 100),
      scopes: () => cleanScopes(scopes),
      bounds: () => cleanBounds(bounds),
      expiresAtMs: () => checkEnd(expiresAtMs, made.createdAtMs),
    });
    return new ApiKey({
      ...made,
      clientId: made.id,
      ...checked,
      lastUsedAtMs: undefined,
      revokedAtMs: undefined,
    });
  }

  /**
   * The key that follows this one for the same caller, and this one as it ends: a week from now if nothing is said.
   * Throws 409 `api_key_ended`, 400 `validation_failed` for an end that is past or too far ahead.
   */
  rotate(
    { previousUntilMs, expiresAtMs }: Rotation,
    made: Made,
  ): { readonly previous: ApiKey; readonly next: ApiKey } {
    const { state } = this;
    const nowMs = made.createdAtMs;
    if (!this.isUsable(nowMs)) throw apiKeyError('api_key_ended');
    const untilMs = previousUntilMs ?? nowMs + OVERLAP_MS;
    if (untilMs <= nowMs || untilMs > nowMs + MAX_OVERLAP_MS) {
      throw validationFailed({ path: 'previousUntil', message: 'must be in the future, and within 90 days' });
    }
    const lifetimeMs = state.expiresAtMs === undefined ? undefined : state.expiresAtMs - state.createdAtMs;
    const next = ApiKey.create(
      { ...state, expiresAtMs: expiresAtMs ?? (lifetimeMs && nowMs + lifetimeMs) },
      made,
    );
    const endsAtMs = Math.min(untilMs, state.expiresAtMs ?? untilMs);
    return {
      previous: new ApiKey({ ...state, expiresAtMs: endsAtMs }),
      next: new ApiKey({ ...next.state, clientId: state.clientId }),
    };
  }

  isUsable(nowMs: number): boolean {
    const { revokedAtMs, expiresAtMs } = this.state;
    return revokedAtMs === undefined && (expiresAtMs === undefined || nowMs < expiresAtMs);
  }
}

function checkEnd(expiresAtMs: number | undefined, nowMs: number): number | undefined {
  const isGood = expiresAtMs === undefined || (expiresAtMs > nowMs && expiresAtMs <= nowMs + MAX_LIFETIME_MS);
  if (isGood) return expiresAtMs;
  throw validationFailed({ path: 'expiresAt', message: 'must be in the future, and within five years' });
}

function cleanBounds(bounds: KeyBounds): KeyBounds {
  checkEach(bounds.networks ?? [], (network, index) => {
    if (isNetwork(network)) return network;
    throw validationFailed({
      path: `addresses[${index}]`,
      message: 'must be an address or network, like 203.0.113.0/24',
    });
  });
  return bounds;
}

/** Without duplicates, sorted. */
function cleanScopes(texts: readonly string[]): Scope[] {
  if (texts.length === 0) throw validationFailed({ path: 'scopes', message: 'must name at least one scope' });
  const scopes = texts.map((text, index) => {
    const scope = parseScope(text);
    if (scope === undefined) throw validationFailed({ path: `scopes[${index}]`, message: 'is not a scope' });
    return scope;
  });
  return [...new Set(scopes)].toSorted();
}
