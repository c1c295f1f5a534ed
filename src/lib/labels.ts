import { cleanText, optional } from './text.ts';

const MAX_EXTERNAL_ID_LENGTH = 100;

/** What clients put on what they create: the id in their own systems, unique among its kind, and texts by name. */
export type Labels = {
  readonly externalId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};

/** What of the labels is changed: null takes the external id away, and metadata takes the place of all that was there. */
export type LabelChanges = {
  readonly externalId?: string | null | undefined;
  readonly metadata?: Labels['metadata'];
};

/** The labels of a request, cleaned. Throws 400 `validation_failed` with `path` before the field. */
export function cleanLabels({ externalId, metadata }: Labels, path = ''): Labels {
  return {
    externalId: optional(externalId, (text) => cleanText(text, `${path}externalId`, MAX_EXTERNAL_ID_LENGTH)),
    metadata,
  };
}

/** The labels after a change. Throws 400 `validation_failed`. */
export function changedLabels(before: Labels, { externalId, metadata }: LabelChanges): Labels {
  return {
    externalId:
      externalId === undefined
        ? before.externalId
        : cleanLabels({ externalId: externalId ?? undefined }).externalId,
    metadata: metadata ?? before.metadata,
  };
}

/** What labels add to the hash of a request: nothing without labels, and the same in whatever order they are given. */
export function labelValues({ externalId, metadata }: Labels): string[] {
  if (externalId === undefined && metadata === undefined) return [];
  const texts = Object.entries(metadata ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  return ['labels', JSON.stringify([externalId ?? null, ...texts])];
}
