import { Type } from 'typebox';
import { closedObject, InstantSchema, nullable, typeIdSchema } from '#http/schemas.ts';
import { SCOPES } from '#lib/scopes.ts';

const ScopeSchema = Type.Union(SCOPES.map((scope) => Type.Literal(scope)));

export const CreateApiKey = closedObject({
  name: Type.String({ description: 'What it is for.', minLength: 1, maxLength: 1000 }),
  scopes: Type.Array(ScopeSchema, {
    description: 'What it may do; this never changes.',
    minItems: 1,
    maxItems: SCOPES.length,
  }),
  expiresAt: Type.Optional(InstantSchema),
});

const fields = {
  id: typeIdSchema('apiKey'),
  name: Type.String(),
  prefix: Type.String({ description: 'How its token begins.', examples: ['florin_live_0a1b2c3d4e5f'] }),
  scopes: Type.Array(Type.String()),
  expiresAt: nullable(InstantSchema),
  lastUsedAt: nullable(InstantSchema),
  revokedAt: nullable(InstantSchema),
  createdBy: Type.String({ description: 'Who made it.' }),
  createdAt: InstantSchema,
};

export const ApiKeySchema = Type.Object(fields);

export const CreatedApiKeySchema = Type.Object({
  ...fields,
  token: Type.String({ description: 'For `Authorization: Bearer …`. Shown this once.' }),
});

export const ApiKeyParams = Type.Object({ id: typeIdSchema('apiKey') });
