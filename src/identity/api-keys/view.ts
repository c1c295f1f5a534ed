import { toTypeId } from '#lib/ids.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { ApiKey } from './api-key.ts';

/** An API key as it is shown: never its secret. */
export type ApiKeyView = {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
  createdBy: string;
  createdAt: string;
};

export function apiKeyView({ state }: ApiKey): ApiKeyView {
  const instant = (ms: number | undefined) => (ms === undefined ? null : toIsoInstant(ms));
  return {
    id: toTypeId('apiKey', state.id),
    name: state.name,
    prefix: `florin_live_${state.prefix}`,
    scopes: [...state.scopes],
    expiresAt: instant(state.expiresAtMs),
    lastUsedAt: instant(state.lastUsedAtMs),
    revokedAt: instant(state.revokedAtMs),
    createdBy: state.createdBy,
    createdAt: toIsoInstant(state.createdAtMs),
  };
}
