import { validationFailed } from './errors.ts';
import { visibleText } from './visible-text.ts';

const CONTROL = /\p{Cc}/u;
const LETTER = /\p{L}/u;
/** What most texts are: nothing in it has to be looked at twice. */
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/;

/**
 * Text as a person typed it, made comparable: NFC, without what cannot be seen and without space around it. Throws 400
 * `validation_failed` when nothing is left, when it is longer than `maxLength` characters, or when it holds control characters.
 */
export function cleanText(text: string, path: string, maxLength: number): string {
  const clean = cleaned(text);
  const fault = lineFault(clean);
  if (fault !== undefined) throw validationFailed({ path, message: fault });
  if (Array.from(clean).length > maxLength) {
    throw validationFailed({ path, message: `must have at most ${maxLength} characters` });
  }
  return clean;
}

function cleaned(text: string): string {
  return PLAIN.test(text) ? text : visibleText(text).normalize('NFC').trim();
}

function lineFault(clean: string): string | undefined {
  if (clean === '') return 'must not be empty';
  return CONTROL.test(clean) ? 'must not hold control characters' : undefined;
}

/** Why `cleanText`, or for a name `cleanName`, would refuse a text of any length; undefined if they take it. */
export function textFault(text: string, { isName }: { readonly isName: boolean }): string | undefined {
  const clean = cleaned(text);
  return lineFault(clean) ?? (isName && !LETTER.test(clean) ? 'must hold a letter' : undefined);
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
