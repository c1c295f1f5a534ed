import type { FieldError } from '#lib/errors.ts';

/** `metadata[branch]`: OpenAPI's deepObject. */
const PARAMETER = /^([^[]+)\[(.*)\]$/s;

/**
 * Makes one object of the parameters `name[key]=value` of each name, in its place in the query. Where the name is given
 * plainly too, they stay as they are, and are refused.
 */
export function foldDeepObjects(query: Record<string, unknown>, names: readonly string[]): void {
  for (const name of names) {
    if (Object.hasOwn(query, name)) continue;
    const own = Object.entries(query).flatMap(([parameter, value]) => {
      const [, before, key] = PARAMETER.exec(parameter) ?? [];
      return before === name && key !== undefined ? [{ parameter, key, value }] : [];
    });
    if (own.length === 0) continue;
    for (const { parameter } of own) delete query[parameter];
    query[name] = Object.fromEntries(own.map(({ key, value }) => [key, value]));
  }
}

/** The faults with the names of the parameters as they were given: `metadata[branch]` for `metadata.branch`. */
export function inBrackets(faults: readonly FieldError[], names: readonly string[]): FieldError[] {
  return faults.map((fault) => {
    const name = names.find((one) => fault.path.startsWith(`${one}.`));
    return name === undefined ? fault : { ...fault, path: `${name}[${fault.path.slice(name.length + 1)}]` };
  });
}
