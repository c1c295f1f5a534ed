import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { de } from './de.ts';
import { en, type Text } from './en.ts';

export type Language = 'en' | 'de';

const TEXTS: Readonly<Record<Language, Text>> = { en, de };
/** How dates and amounts are written. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };
const KEPT = 'language';

type Spoken = {
  readonly language: Language;
  readonly locale: string;
  readonly text: Text;
  readonly speak: (language: Language) => void;
};

const LanguageContext = createContext<Spoken | undefined>(undefined);

/** The user's choice, or the browser's language where it is one of ours, or English. */
function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === 'en' || kept === 'de') return kept;
  return navigator.language.startsWith('de') ? 'de' : 'en';
}

export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speak = (chosen: Language): void => {
    localStorage.setItem(KEPT, chosen);
    setLanguage(chosen);
  };
  const spoken = { language, locale: LOCALES[language], text: TEXTS[language], speak };
  return <LanguageContext value={spoken}>{children}</LanguageContext>;
}

export function useLanguage(): Spoken {
  const spoken = use(LanguageContext);
  if (spoken === undefined) throw new Error('no language around this');
  return spoken;
}

export function useText(): Text {
  return useLanguage().text;
}

/** A text with its `{name}`s filled in. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
