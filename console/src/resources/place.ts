import { useLabels } from '../forms/labels/labels.ts';
import type { Shapes } from '../forms/shapes.ts';
import { useLanguage } from '../text/language.tsx';
import { useTimeZone } from './use-rows.ts';
import type { ShowPlace } from './value-text.ts';

/** What showing a value takes: the language, and the zone of the bank. */
export function usePlace(shapes: Shapes): ShowPlace {
  const { locale } = useLanguage();
  return { shapes, locale, labels: useLabels(), timeZone: useTimeZone() };
}
