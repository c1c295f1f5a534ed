import { type Static, Type } from 'typebox';
import { choice, givenText, instant, text } from '#http/fields.ts';
import { pageQuery } from '#http/pagination.ts';
import { nullable, resource } from '#http/schemas.ts';
import type { AuditEntry } from './service.ts';

const ACTOR = 'usr_01h455vb4pex5vsknk084sn02q';
const ACTION = 'changeCustomer';
const RESOURCE = 'cus_01h455vb4pex5vsknk084sn02q';

const fields = (description: string) =>
  Type.Unsafe<Record<string, unknown> | null>({
    type: ['object', 'null'],
    description,
    examples: [{ email: 'anna.sommer@example.com' }],
    additionalProperties: true,
  });

export const AuditRowSchema = resource('AuditRow', 'Who did what, from where, to which resource.', {
  id: text('A UUID.', '019bd3f3-bd74-7000-8a1e-1c5a3f6d0b42'),
  at: instant('When.'),
  actor: text('The user (usr_…), the API key (key_…), or a program that works beside the API.', ACTOR),
  role: text('The role in which the actor did it.', 'manager'),
  address: nullable(
    text(
      'The address that the request came from; of the command line, the user of the operating system and the machine. `erased` once a customer whose user it was is erased.',
      '192.0.2.7',
    ),
  ),
  action: text('The operationId.', ACTION),
  resourceType: text('The type of the resource.', 'customer'),
  resourceId: nullable(text('The TypeID of the resource.', RESOURCE)),
  before: fields('Fields before, as far as they changed; never a secret or a national id.'),
  after: fields('Fields after, as far as they changed; never a secret or a national id.'),
  requestId: nullable(text('The Request-Id of the answer.', 'req_019bd3f3bd7470008a1e1c5a3f6d0b42')),
  outcome: choice('AuditOutcome', 'Whether it was done.', ['done', 'refused']),
  outcomeCode: nullable(text('The code of the problem that refused it.', 'invalid_credentials')),
});
export type AuditEntryView = Static<typeof AuditRowSchema>;

export function auditEntryView({ operation, ...entry }: AuditEntry): AuditEntryView {
  return {
    ...entry,
    at: entry.at.toISOString(),
    action: operation,
    before: fieldsOf(entry.before),
    after: fieldsOf(entry.after),
    outcome: entry.outcome === 'refused' ? 'refused' : 'done',
  };
}

function fieldsOf(value: unknown): Record<string, unknown> | null {
  return value === null ? null : Object(value);
}

const moment = (description: string) => Type.Optional(text(description, '2026-01-31', { maxLength: 40 }));

export const AuditParams = Type.Object({
  id: Type.String({ description: 'The id of the row.', examples: ['019bd3f3-bd74-7000-8a1e-1c5a3f6d0b42'] }),
});

export const ListAuditLogQuery = pageQuery({
  actor: Type.Optional(givenText('Acts of this user, key or program.', ACTOR, 100)),
  action: Type.Optional(givenText('Acts of this operationId.', ACTION, 100)),
  resource: Type.Optional(givenText('A resource’s TypeID, or a type: `customer`.', RESOURCE, 100)),
  from: moment('From this instant on, or from the start of this date (UTC).'),
  to: moment('Before this instant, or up to the end of this date (UTC).'),
});
