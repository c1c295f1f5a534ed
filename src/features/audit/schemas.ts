import { Type } from 'typebox';
import { pageQuery } from '#http/pagination.ts';
import { InstantSchema, nullable } from '#http/schemas.ts';

const FieldsSchema = Type.Unsafe<Record<string, unknown> | null>({
  type: ['object', 'null'],
  description: 'Fields of the resource; never a secret or a national id.',
  additionalProperties: true,
});

export const AuditEntrySchema = Type.Object({
  id: Type.String({ description: 'UUID.' }),
  at: InstantSchema,
  actor: Type.String({ description: 'The user (usr_…) or API key (key_…), or who works beside the API.' }),
  role: Type.String({ description: 'As what the actor did it.' }),
  address: nullable(Type.String({ description: 'Where the request came from.' })),
  action: Type.String({ description: 'The operationId.', examples: ['changeCustomer'] }),
  resourceType: Type.String({ examples: ['customer'] }),
  resourceId: nullable(Type.String({ description: 'Its TypeID.' })),
  before: FieldsSchema,
  after: FieldsSchema,
  requestId: nullable(Type.String()),
  outcome: Type.Union([Type.Literal('done'), Type.Literal('refused')]),
  outcomeCode: nullable(Type.String({ description: 'The code of the refusal.' })),
});

const text = (description: string) =>
  Type.Optional(Type.String({ description, minLength: 1, maxLength: 100 }));
const moment = (description: string) => Type.Optional(Type.String({ description, maxLength: 40 }));

export const ListAuditLogQuery = pageQuery({
  actor: text('Acts of this user, key or program.'),
  action: text('This operationId.'),
  resource: text('A resource’s TypeID, or a type: `customer`.'),
  from: moment('From this instant, or the start of this date (UTC), on.'),
  to: moment('Before this instant, or up to the end of this date (UTC).'),
});
