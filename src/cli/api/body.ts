import { text } from 'node:stream/consumers';
import { UsageError } from '../failures.ts';
import { readTextFile } from '../input-files.ts';
import type { Shell } from '../shell.ts';
import type { Flag } from './flags.ts';
import type { Field } from './shape.ts';

export type Fields = Readonly<Record<string, unknown>>;

/**
 * The body that `--body` gives: JSON, `-` for standard input, or the name of a file. Throws UsageError for anything
 * else than a JSON object.
 */
export async function readBody(shell: Shell, source: string | undefined): Promise<Fields> {
  if (source === undefined) return {};
  const json = await textOf(shell, source);
  try {
    const body: unknown = JSON.parse(json);
    if (isFields(body)) return body;
  } catch (error) {
    throw new UsageError(`--body takes JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new UsageError('--body takes a JSON object');
}

/** JSON text as it was given, or from standard input for `-`. Throws UsageError for anything else. */
export async function readJsonText(shell: Shell, source: string | undefined): Promise<string | undefined> {
  const json = source === '-' ? await text(shell.stdin) : source;
  if (json === undefined) return undefined;
  try {
    JSON.parse(json);
    return json;
  } catch (error) {
    throw new UsageError(`--data takes JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function textOf(shell: Shell, source: string): Promise<string> {
  if (/^\s*[[{]/.test(source)) return source;
  if (source === '-') return text(shell.stdin);
  return readTextFile(source).catch((error: Error) => {
    throw new UsageError(`--body takes JSON, a file with it, or - for standard input: ${error.message}`);
  });
}

/** A body with a value at a path, and everything else as it was. */
export function withValue(body: Fields, [name = '', ...rest]: readonly string[], value: unknown): Fields {
  if (rest.length === 0) return { ...body, [name]: value };
  const inner = body[name];
  return { ...body, [name]: withValue(isFields(inner) ? inner : {}, rest, value) };
}

/** Throws UsageError that names the options of the fields that a body needs and lacks. */
export function requireFields(body: Fields, fields: readonly Field[], flags: readonly Flag[]): void {
  const missing = missingPaths(body, fields, []);
  if (missing.length === 0) return;
  const names = missing.map((path) => {
    const flag = flags.find((one) => one.place === 'body' && one.path.join('.') === path);
    return `'${flag?.option.flags ?? path}'`;
  });
  throw new UsageError(`required option${names.length === 1 ? '' : 's'} ${names.join(', ')} not specified`);
}

function missingPaths(body: Fields, fields: readonly Field[], above: readonly string[]): string[] {
  return fields.flatMap(({ name, isRequired, shape }) => {
    const value = body[name];
    const path = [...above, name];
    if (shape.kind === 'object' && (isFields(value) || (value === undefined && isRequired))) {
      return missingPaths(isFields(value) ? value : {}, shape.fields, path);
    }
    return isRequired && value === undefined ? [path.join('.')] : [];
  });
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
