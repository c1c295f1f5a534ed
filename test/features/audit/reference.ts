import type pg from 'pg';
import { auditRowHash } from '#features/audit/verify-encoding.ts';

/** The leaf of an audit row as it stands now: what somebody who knows the format can compute, too. */
export async function leafOf(owner: pg.Client, id: string): Promise<Buffer> {
  const { rows } = await owner.query(
    `select book_id, audit_id, ((extract(epoch from at) - 946684800) * 1000000)::int8::text as at_us, actor, role,
       session_id, address, operation, resource_type, resource_id, before::text, after::text, request_id, outcome,
       outcome_code from audit_log where audit_id = $1`,
    [id],
  );
  return auditRowHash(rows[0]);
}
