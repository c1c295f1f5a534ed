import { bulkInsert, jsons, texts, uuids } from '#db/bulk-rows.ts';
import type { AnyTx } from '#db/session.ts';
import { addUnsealedRows } from '#db/unsealed-rows.ts';
import type { Caller, SealAddress } from '#lib/caller.ts';
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
  readonly sealAddress?: SealAddress | undefined;
  readonly requestId?: string | undefined;
};

/** One act of a caller, as the audit trail records it. */
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

type NumberedRecord = { readonly auditId: string; readonly record: AuditRecord };

const insertRecords = bulkInsert('audit_log', { same: ['at'] }).of<NumberedRecord>({
  audit_id: uuids(({ auditId }) => auditId),
  actor: texts(({ record }) => record.caller.actor),
  role: texts(({ record }) => record.caller.role),
  session_id: uuids(({ record }) => record.caller.sessionId),
  address: texts(({ record }) => keptAddress(record.caller)),
  operation: texts(({ record }) => record.operation),
  resource_type: texts(({ record }) => record.resourceType),
  resource_id: texts(({ record }) => record.resourceId),
  before: jsons(({ record }) => toJson(record, record.before)),
  after: jsons(({ record }) => toJson(record, record.after)),
  request_id: texts(({ record }) => record.caller.requestId),
  outcome: texts(({ record }) => (record.refusedWith === undefined ? 'done' : 'refused')),
  outcome_code: texts(({ record }) => record.refusedWith),
});

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
  const nowMs = clock.nowMs();
  const numbered = records.map((record) => ({ auditId: newAuditId(nowMs), record }));
  const inserted = insertRecords(tx, { book_id: bookId, at: toIsoInstant(nowMs) }, numbered);
  // Sent before the first is waited for. Where that fails, so does this, and says less.
  const ids = numbered.map(({ auditId }) => auditId);
  const waiting = addUnsealedRows(tx, bookId, 'audit', ids);
  waiting.catch(() => undefined);
  await inserted;
  await waiting;
}

/** A customer's user has an address that goes with the customer, or none. */
function keptAddress({ role, address, sealAddress }: AuditedCaller): string | undefined {
  if (address === undefined || (sealAddress === undefined && role === 'customer')) return undefined;
  return sealAddress === undefined ? address : sealAddress(address);
}

function toJson(
  { resourceType, seal }: Pick<AuditRecord, 'resourceType' | 'seal'>,
  fields: Fields | undefined,
): string | undefined {
  return fields === undefined ? undefined : JSON.stringify(auditedFields(resourceType, fields, seal));
}
