import { type AuditRecord, changedFields } from '#features/audit/contract.ts';
import { toTypeId } from '#lib/ids.ts';
import type { AccountState } from './account.ts';

/** What changed, for the audit trail; which of the fields are kept is the trail's decision. */
export function auditedChange(
  before: AccountState | undefined,
  after: AccountState,
): Pick<AuditRecord, 'before' | 'after'> {
  return changedFields(before && fieldsOf(before), fieldsOf(after));
}

function fieldsOf({ funds, customerId, ...details }: AccountState): Record<string, unknown> {
  return { ...details, customerId: toTypeId('customer', customerId), status: funds.status };
}
