import { validationFailed } from './errors.ts';
import { visibleText } from './visible-text.ts';

const CONTROL = /\p{Cc}/u;
const LETTER = /\p{L}/u;

/**
 * Text as a person typed it, made comparable: NFC, without what cannot be seen and without space around it. Throws 400
 * `validation_failed` when nothing is left, when it is longer than `maxLength` characters, or when it holds control characters.
 */
export function cleanText(text: string, path: string, maxLength: number): string {
  const clean = visibleText(text).normalize('NFC').trim();
  if (clean === '') throw validationFailed({ path, message: 'must not be empty' });
  if (Array.from(clean).length > maxLength) {
    throw validationFailed({ path, message: `must have at most ${maxLength} characters` });
  }
  if (CONTROL.test(clean)) throw validationFailed({ path, message: 'must not hold control characters' });
  return clean;
}

/** As cleanText, with at least one letter of any script. */
export function cleanName(text: string, path: string, maxLength: number): string {
  const name = cleanText(text, path, maxLength);
  if (!LETTER.test(name)) throw validationFailed({ path, message: 'must hold a letter' });
  return name;
}

/** Applies a rule to a value that may be absent. */
export function optional<Value, Clean>(
  value: Value | undefined,
  clean: (value: Value) => Clean,
): Clean | undefined {
  return value === undefined ? undefined : clean(value);
}

/** Shows a value that may be absent: null where it is. */
export function orNull<Value, Shown>(
  value: Value | null | undefined,
  show: (value: Value) => Shown,
): Shown | null {
  return value === undefined || value === null ? null : show(value);
}
