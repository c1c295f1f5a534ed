import { type AuditRecord, changedFields } from '#features/audit/contract.ts';
import { type AccountId, toTypeId } from '#lib/ids.ts';
import type { AccountState, Holder } from './account.ts';

/** A holder as the audit trail records it. */
export function heldAs(id: AccountId, { customerId, role }: Holder): Record<string, string> {
  return { accountId: toTypeId('account', id), customerId: toTypeId('customer', customerId), role };
}

/** A change as the audit trail records it; the trail decides which of the fields are kept. */
export function auditedChange(
  before: AccountState | undefined,
  after: AccountState,
): Pick<AuditRecord, 'before' | 'after'> {
  return changedFields(before && auditedFields(before), auditedFields(after));
}

function auditedFields({ funds, customerId, ...details }: AccountState): Record<string, unknown> {
  return {
    ...details,
    customerId: toTypeId('customer', customerId),
    status: funds.status,
    frozen: funds.frozen,
  };
}
