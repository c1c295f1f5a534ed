import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { changedFields, recordAudit } from '#features/audit/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { toTypeId } from '#lib/ids.ts';
import type { StandingOrderState } from './standing-order.ts';

/** Writes to the audit trail what a caller did to an order, or that it was given. */
export function recordOrder(
  tx: Tx,
  context: Context,
  { caller, operation }: { readonly caller: Caller; readonly operation: string },
  { before, after }: { readonly before?: StandingOrderState; readonly after: StandingOrderState },
): Promise<void> {
  return recordAudit(tx, context, {
    caller,
    operation,
    resourceType: 'standing_order',
    resourceId: toTypeId('standingOrder', after.id),
    ...changedFields(before && fieldsOf(before), fieldsOf(after)),
  });
}

function fieldsOf(state: StandingOrderState): Record<string, unknown> {
  const { accountId, every, businessDays, startOn, endOn, nextDueOn, status, suspendedFor, version } = state;
  return {
    accountId: toTypeId('account', accountId),
    frequency: every === undefined ? 'once' : `${every.count} ${every.unit}`,
    businessDays,
    startDate: startOn,
    endDate: endOn ?? null,
    nextDueDate: nextDueOn ?? null,
    status,
    suspendedFor: suspendedFor ?? null,
    version,
  };
}
