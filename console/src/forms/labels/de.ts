import { ACTS } from './de/acts.ts';
import { FIELDS } from './de/fields.ts';
import { AREAS, RESOURCES } from './de/places.ts';
import { VALUES } from './de/values.ts';
import { WORDS } from './de/words.ts';
import type { Labels } from './named.ts';

/** The same in German. */
export const de: Labels = {
  words: WORDS,
  areas: AREAS,
  resources: RESOURCES,
  acts: ACTS,
  fields: FIELDS,
  values: VALUES,
};
