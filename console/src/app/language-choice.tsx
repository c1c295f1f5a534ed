import type { ReactNode } from 'react';
import { type Language, useLanguage } from '../text/language.tsx';

export function LanguageChoice(): ReactNode {
  const { language, speak, text } = useLanguage();
  return (
    <select
      aria-label={text.language}
      value={language}
      onChange={(event) => speak(event.target.value as Language)}
    >
      <option value="en">English</option>
      <option value="de">Deutsch</option>
    </select>
  );
}
