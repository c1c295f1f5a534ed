import type { en } from './en.ts';
import { inWords } from './in-words.ts';

/** The words of resources and forms in a language: what they say themselves, and the names of all that they show. */
export type Labels = {
  readonly words: Readonly<Record<keyof typeof en.words, string>>;
  /** Of fields, by their name in the document. */
  readonly fields: Readonly<Record<string, string>>;
  /** Of values of enums: `field:value` where a word means another thing elsewhere. */
  readonly values: Readonly<Record<string, string>>;
  readonly acts: Readonly<Record<string, string>>;
  readonly resources: Readonly<Record<string, string>>;
  readonly areas: Readonly<Record<string, string>>;
};

export type Named = {
  readonly words: Labels['words'];
  readonly field: (name: string) => string;
  readonly value: (field: string, value: string) => string;
  readonly act: (operation: string) => string;
  readonly resource: (name: string) => string;
  readonly area: (name: string) => string;
};

/**
 * The rule: a name has its entry in the table of the language, or else it is shown in the words that it is made of.
 * Codes of standards and rights, `30E/360` and `accounts:read`, are the same in each language.
 */
export function namedBy(labels: Labels): Named {
  return {
    words: labels.words,
    field: (name) => labels.fields[name] ?? inWords(name),
    value: (field, value) =>
      labels.values[`${field}:${value}`] ?? labels.values[value] ?? valueInWords(value),
    act: (operation) => labels.acts[operation] ?? inWords(operation),
    resource: (name) => labels.resources[name] ?? inWords(name),
    area: (name) => labels.areas[name] ?? name,
  };
}

function valueInWords(value: string): string {
  return isCode(value) ? value : inWords(value);
}

/** Whether a value is a code that has no words. */
export function isCode(value: string): boolean {
  return /[:/\d]/.test(value) || /^[A-Z]/.test(value);
}
