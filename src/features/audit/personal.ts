import type { Fields } from './fields.ts';

/** Fields about a person as a row of the trail has them: unreadable once the person is erased. */
export type SealedFields = {
  /** The TypeID of the customer whom they are about, or belong to. */
  readonly of: string;
  readonly sealed: string;
};

/** Seals fields about a person for the trail. */
export type PersonalSeal = { readonly personId: string; readonly seal: (fields: Fields) => string };

/** Given the people of a page of the trail, tells how to open their fields; undefined for a person who is gone. */
export type OpenPersonalFields = (
  personIds: readonly string[],
) => Promise<(sealed: SealedFields) => Fields | undefined>;

/** What stands in place of the fields of a person who is gone. */
const ERASED = 'erased';

/** The sealed fields in a row's `before` or `after`, if it has some. */
export function sealedFieldsIn(fields: unknown): SealedFields | undefined {
  const { of, sealed } = Object(Object(fields).personal);
  return typeof of === 'string' && typeof sealed === 'string' ? { of, sealed } : undefined;
}

/** The fields with what was sealed among them. */
export function withOpened(
  fields: unknown,
  open: (sealed: SealedFields) => Fields | undefined,
): Record<string, unknown> | null {
  if (fields === null) return null;
  const { personal, ...rest } = Object(fields);
  const sealed = sealedFieldsIn(fields);
  if (sealed === undefined) return personal === undefined ? rest : { personal, ...rest };
  return { ...(open(sealed) ?? { personal: ERASED }), ...rest };
}
