import { use } from 'react';
import { type Language, useLanguage } from '../../text/language.tsx';
import { en } from './en.ts';
import { type Labels, type Named, namedBy } from './named.ts';

const LOADERS: Readonly<Record<Language, () => Promise<Labels>>> = {
  en: () => Promise.resolve(en),
  de: () => import('./de.ts').then(({ de }) => de),
};
const loaded = new Map<Language, Promise<Labels>>();

/** The names in the user's language. A component waits until they are there. */
export function useLabels(): Named {
  const { language } = useLanguage();
  const known = loaded.get(language) ?? LOADERS[language]();
  loaded.set(language, known);
  return namedBy(use(known));
}
