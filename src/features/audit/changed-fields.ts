import { isDeepStrictEqual } from 'node:util';
import type { Fields } from './fields.ts';
import type { AuditRecord } from './record.ts';

/** The fields that differ, before and after; all fields of what is new. */
export function changedFields(
  before: Fields | undefined,
  after: Fields,
): Pick<AuditRecord, 'before' | 'after'> {
  if (before === undefined) return { after };
  const names = Object.keys(after).filter((name) => !isDeepStrictEqual(before[name], after[name]));
  const pick = (fields: Fields): Fields =>
    Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
  return { before: pick(before), after: pick(after) };
}
