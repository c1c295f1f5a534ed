import { type Static, Type } from 'typebox';
import { choice, givenText, id, instant, LENGTHS, list, text } from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { nullable, requestObject, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { SCOPES } from '#lib/scopes.ts';
import { orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { ApiKey } from './api-key.ts';

const NAME = 'Nightly reports';
const Scope = choice(
  'Scope',
  'A resource, to read it or to change it; writing does not include reading, reversing or capturing.',
  SCOPES,
);

export const CreateApiKeyRequest = requestObject('CreateApiKeyRequest', 'An API key to create.', {
  name: givenText('What it is for.', NAME, LENGTHS.short),
  scopes: list('What it may do; this never changes.', Scope, { minItems: 1, maxItems: SCOPES.length }),
  expiresAt: Type.Optional(instant('When it expires; never if not given.')),
});

export const RotateApiKeyRequest = requestObject('RotateApiKeyRequest', 'A key to be followed by another.', {
  previousUntil: Type.Optional(instant('When the old key ends; a week from now if not given.')),
  expiresAt: Type.Optional(
    instant('When the new key expires; if not given it lives as long as the old one was to.'),
  ),
});

const fields = {
  id: id('apiKey', 'The id.'),
  clientId: id('apiKey', 'The caller for whom it stands: the first of the keys that follow one another.'),
  name: text('What it is for.', NAME),
  prefix: text('How its token begins.', 'florin_live_0a1b2c3d4e5f'),
  scopes: list('What it may do.', text('A scope.', 'accounts:read')),
  expiresAt: nullable(instant('When it expires; null for never.')),
  lastUsedAt: nullable(instant('When it was last used; null for never.')),
  revokedAt: nullable(instant('When it was revoked; null while it is valid.')),
  createdBy: text('The user or program that created it.', 'usr_01h455vb4pex5vsknk084sn02q'),
  createdAt: instant('When it was created.'),
};

export const ApiKeySchema = resource('ApiKey', 'A key with which a service calls the API.', fields);
export type ApiKeyView = Static<typeof ApiKeySchema>;

export const CreatedApiKeySchema = resource('CreatedApiKey', 'A new API key with its token.', {
  ...fields,
  token: text('For `Authorization: Bearer …`. Shown this once.', 'florin_live_0a1b2c3d4e5f_…'),
});

/** Never its secret. */
export function apiKeyView({ state }: ApiKey): ApiKeyView {
  return {
    id: toTypeId('apiKey', state.id),
    clientId: toTypeId('apiKey', state.clientId),
    name: state.name,
    prefix: `florin_live_${state.prefix}`,
    scopes: [...state.scopes],
    expiresAt: orNull(state.expiresAtMs, toIsoInstant),
    lastUsedAt: orNull(state.lastUsedAtMs, toIsoInstant),
    revokedAt: orNull(state.revokedAtMs, toIsoInstant),
    createdBy: state.createdBy,
    createdAt: toIsoInstant(state.createdAtMs),
  };
}

export const ApiKeyParams = idParams('apiKey');
