import type pg from 'pg';
import { auditRowHash, entryHash } from '#features/audit/verify-encoding.ts';

const microseconds = (column: string) =>
  `((extract(epoch from ${column}) - 946684800) * 1000000)::int8::text`;
const days = (column: string) => `${column} - date '2000-01-01'`;

/** The leaf of a row as it stands now: what somebody who knows the format can compute, too. */
export async function leafOf(owner: pg.Client, kind: 'audit' | 'entry', id: string): Promise<Buffer> {
  if (kind === 'audit') {
    const { rows } = await owner.query(
      `select book_id, audit_id, ${microseconds('at')} as at_us, actor, role, session_id, address, operation,
         resource_type, resource_id, before::text, after::text, request_id, outcome, outcome_code
       from audit_log where audit_id = $1`,
      [id],
    );
    return auditRowHash(rows[0]);
  }
  const entries = await owner.query(
    `select book_id, entry_id, kind, ${days('business_date')} as business_day, ${days('value_date')} as value_day,
       ${microseconds('posted_at')} as posted_at_us, actor, idempotency_key, request_hash, reverses_entry_id
     from journal_entries where entry_id = $1`,
    [id],
  );
  const postings = await owner.query(
    `select entry_id, line, debit_account_id, credit_account_id, currency, amount_minor::text,
       ${days('business_date')} as business_day, debit_seq::text, debit_balance_minor::text, credit_seq::text,
       credit_balance_minor::text from postings where entry_id = $1 order by line`,
    [id],
  );
  return entryHash(entries.rows[0], postings.rows);
}
