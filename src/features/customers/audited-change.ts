import { type AuditRecord, changedFields } from '#features/audit/contract.ts';
import type { CustomerState } from './customer.ts';

/** What changed, for the audit trail; which of the fields are kept is the trail's decision. */
export function auditedChange(
  before: CustomerState | undefined,
  after: CustomerState,
): Pick<AuditRecord, 'before' | 'after'> {
  return changedFields(before && fieldsOf(before), fieldsOf(after));
}

function fieldsOf({ identity, ...details }: CustomerState): Record<string, unknown> {
  return { ...identity, ...details };
}
