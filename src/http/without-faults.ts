import type { FieldError } from '#lib/errors.ts';
import { isObject } from '#lib/json-object.ts';
import { UNJUDGED } from '#lib/unjudged.ts';

type Fields = Record<string, unknown>;

/**
 * A body in which nothing that its schema refused is left: unknown fields are taken out, and UNJUDGED stands in the place
 * of the others, missing ones too. Undefined where there is no such body: the whole is wrong, or no path leads there.
 */
export function withoutFaults(body: unknown, faults: readonly FieldError[]): unknown {
  if (!isObject(body)) return undefined;
  const copy: Fields = structuredClone(body);
  return faults.every((fault) => replaced(copy, fault)) ? copy : undefined;
}

function replaced(root: Fields, { path, code }: FieldError): boolean {
  const names = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  const last = names.pop();
  let holder: unknown = root;
  for (const name of names) {
    // What is around it was refused, too.
    if (holder === UNJUDGED) return true;
    holder = memberOf(holder, name);
  }
  if (holder === UNJUDGED) return true;
  if (last === undefined || path === 'body' || !isHolder(holder)) return false;
  if (code === 'unknown_field') delete holder[last];
  else holder[last] = UNJUDGED;
  return true;
}

function memberOf(holder: unknown, name: string): unknown {
  return isHolder(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;
}

function isHolder(value: unknown): value is Fields {
  return isObject(value) || Array.isArray(value);
}
