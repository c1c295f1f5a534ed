import type { AuditEntry } from './service.ts';

/** A row of the audit trail as the API shows it. */
export type AuditEntryView = {
  id: string;
  at: string;
  actor: string;
  role: string;
  address: string | null;
  action: string;
  resourceType: string;
  resourceId: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  requestId: string | null;
  outcome: 'done' | 'refused';
  outcomeCode: string | null;
};

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
