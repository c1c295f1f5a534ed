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

const SEALED_ADDRESS = /^(cus_[0-9a-z]{26}):([A-Za-z0-9+/]+=*)$/;

/** The text that is kept of an address. */
export function sealedAddress({ personId, seal }: PersonalSeal, address: string): string {
  return `${personId}:${seal({ address })}`;
}

/** What is sealed in an address as it is kept, if it is. */
export function sealedAddressIn(kept: string | null): SealedFields | undefined {
  const [, of, sealed] = SEALED_ADDRESS.exec(kept ?? '') ?? [];
  return of === undefined || sealed === undefined ? undefined : { of, sealed };
}

/** The address as it was before it was sealed. */
export function withOpenedAddress(
  kept: string | null,
  open: (sealed: SealedFields) => Fields | undefined,
): string | null {
  const sealed = sealedAddressIn(kept);
  if (sealed === undefined) return kept;
  const address = open(sealed)?.address;
  return typeof address === 'string' ? address : ERASED;
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
