import { textArray, uuidArray } from '#db/binary-array.ts';
import { type AnyTx, run } from '#db/session.ts';
import { addUnsealedRows } from '#db/unsealed-rows.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import type { SessionId } from '#lib/ids.ts';
import { type Clock, toIsoInstant } from '#lib/time/clock.ts';
import { newAuditId } from './audit-id.ts';
import type { Fields } from './fields.ts';
import type { PersonalSeal } from './personal.ts';
import { type AuditedResource, auditedFields } from './redaction.ts';

/** Who did it; `anonymous` is who tried to log in and was not let in. */
export type AuditedCaller = {
  readonly actor: string;
  readonly role: Caller['role'] | 'anonymous';
  readonly sessionId?: SessionId | undefined;
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
};

/** One act of a caller: what the audit trail is told. */
export type AuditRecord = {
  readonly caller: AuditedCaller;
  /** The operationId of the API (`changeCustomer`), or what the command line calls it. */
  readonly operation: string;
  readonly resourceType: AuditedResource;
  /** The resource's TypeID, where there is one. */
  readonly resourceId?: string | undefined;
  /** Its fields before and after; only those that redaction.ts lists are kept. */
  readonly before?: Fields | undefined;
  readonly after?: Fields | undefined;
  /** Without it, nothing about a person is kept. */
  readonly seal?: PersonalSeal | undefined;
  /** The code of the refusal, if the act was refused: a login, for one. */
  readonly refusedWith?: string | undefined;
};

/** Which book the act was in, and by whose clock. */
export type AuditContext = { readonly bookId: number; readonly clock: Clock };

const INSERT = `
  insert into audit_log (book_id, at, audit_id, actor, role, session_id, address, operation, resource_type,
    resource_id, before, after, request_id, outcome, outcome_code)
  select $1, $2, r.audit_id, r.actor, r.role, r.session_id, r.address, r.operation, r.resource_type, r.resource_id,
    r.before::jsonb, r.after::jsonb, r.request_id, case when r.outcome_code is null then 'done' else 'refused' end, r.outcome_code
  from unnest($3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[],
    $11::text[], $12::text[], $13::text[], $14::text[])
    as r (audit_id, actor, role, session_id, address, operation, resource_type, resource_id, before, after,
      request_id, outcome_code)`;

/** Writes one act to the audit trail, in the transaction of what it is about. Takes no lock. */
export function recordAudit(tx: AnyTx, context: AuditContext, record: AuditRecord): Promise<void> {
  return recordAudits(tx, context, [record]);
}

/** Writes many acts with one statement, and that they wait to be sealed, in the transaction of what they are about. Takes no lock. */
export async function recordAudits(
  tx: AnyTx,
  { bookId, clock }: AuditContext,
  records: readonly AuditRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const texts = (value: (record: AuditRecord) => string | undefined) =>
    textArray(records.map((record) => value(record) ?? null));
  const nowMs = clock.nowMs();
  const ids = records.map(() => newAuditId(nowMs));
  const inserted = run(tx, INSERT, [
    bookId,
    toIsoInstant(nowMs),
    uuidArray(ids),
    texts(({ caller }) => caller.actor),
    texts(({ caller }) => caller.role),
    uuidArray(records.map(({ caller }) => caller.sessionId ?? null)),
    texts(({ caller }) => caller.address),
    texts(({ operation }) => operation),
    texts(({ resourceType }) => resourceType),
    texts(({ resourceId }) => resourceId),
    texts(({ before, ...record }) => toJson(record, before)),
    texts(({ after, ...record }) => toJson(record, after)),
    texts(({ caller }) => caller.requestId),
    texts(({ refusedWith }) => refusedWith),
  ]);
  // Sent before the first is waited for. Where that fails, so does this, and says less.
  const waiting = addUnsealedRows(tx, bookId, 'audit', ids);
  waiting.catch(() => undefined);
  const { affectedRows } = await inserted;
  await waiting;
  assert(affectedRows === records.length, 'every act is written');
}

function toJson(
  { resourceType, seal }: Pick<AuditRecord, 'resourceType' | 'seal'>,
  fields: Fields | undefined,
): string | undefined {
  return fields === undefined ? undefined : JSON.stringify(auditedFields(resourceType, fields, seal));
}
