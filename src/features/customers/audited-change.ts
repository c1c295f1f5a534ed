import { isDeepStrictEqual } from 'node:util';
import type { AuditRecord } from '#features/audit/contract.ts';
import type { CustomerState } from './customer.ts';

type Fields = Record<string, unknown>;

/**
 * What changed, for the audit trail: the fields that differ, before and after. All fields of a new customer. Which
 * of them are kept is the trail's decision.
 */
export function auditedChange(
  before: CustomerState | undefined,
  after: CustomerState,
): Pick<AuditRecord, 'before' | 'after'> {
  const newer = fieldsOf(after);
  if (before === undefined) return { after: newer };
  const older = fieldsOf(before);
  const names = Object.keys(newer).filter((name) => !isDeepStrictEqual(older[name], newer[name]));
  const pick = (fields: Fields): Fields =>
    Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
  return { before: pick(older), after: pick(newer) };
}

function fieldsOf({ identity, ...details }: CustomerState): Fields {
  return { ...identity, ...details };
}
