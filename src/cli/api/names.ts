import type { Api, Operation } from './document.ts';

/** The name of an operation on the command line: `accounts freeze`. */
export type CommandName = { readonly group: string; readonly verb: string };

const METHOD_VERBS = { GET: 'get', POST: 'create', PUT: 'set', PATCH: 'update' } as const;

/**
 * The name of every operation, by its id: the resource of its path, in the plural as it stands there, and a verb.
 *
 * - A resource or one of its kind: list, get, create, set, update, by the method. How it goes is the word of the
 *   operationId: delete, remove, revoke.
 * - What is read below it: the last word of the path (`accounts balance`, `loans schedule`).
 * - What is done to it: the words of the operationId without those of the resource (`freezeAccount`, `repayLoan`,
 *   `addHolder` are `accounts freeze`, `loans repay`, `accounts add-holder`).
 *
 * A resource below another one, with paths for one of its kind, is a resource (`beneficiaries create CUSTOMER`).
 */
export function nameOperations(
  { operations }: Api,
  exceptions: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, CommandName> {
  const collections = findCollections(operations);
  return new Map(
    operations.map((operation) => {
      const exception = exceptions[operation.id]?.split(' ');
      if (exception === undefined) return [operation.id, nameOf(operation, collections)];
      const [group = '', verb = ''] = exception;
      return [operation.id, { group, verb }];
    }),
  );
}

const isParameter = (segment: string): boolean => segment.startsWith('{');

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== 'v1');
}

/** Paths that are lists of resources: what stands before the last parameter of a path, and the first word of all. */
function findCollections(operations: readonly Operation[]): ReadonlySet<string> {
  const paths = operations.map(({ path }) => segmentsOf(path));
  const ofItems = paths.flatMap((segments) =>
    isParameter(segments.at(-1) ?? '') ? [segments.slice(0, -1).join('/')] : [],
  );
  // What is about the caller's own login stays together.
  return new Set(ofItems.filter((path) => !path.startsWith('auth/')));
}

function nameOf(operation: Operation, collections: ReadonlySet<string>): CommandName {
  const { method, path, id } = operation;
  const segments = segmentsOf(path);
  const isItem = isParameter(segments.at(-1) ?? '');
  const collection = isItem ? segments.slice(0, -1) : segments;
  if (collection.length === 1 || collections.has(collection.join('/'))) {
    const group = collection.at(-1) ?? '';
    return { group, verb: verbOf(operation, { isItem, group }) };
  }
  const group = segments[0] ?? '';
  const last = segments.findLast((segment) => !isParameter(segment)) ?? '';
  return { group, verb: method === 'GET' ? last : verbIn(id, group) };
}

function verbOf({ method, id }: Operation, at: { isItem: boolean; group: string }): string {
  if (method === 'DELETE') return verbIn(id, at.group);
  if (at.isItem) return METHOD_VERBS[method];
  if (method === 'GET') return id.startsWith('list') ? 'list' : 'get';
  // One thing, and not many of a kind, is not created.
  return method === 'POST' && !at.group.endsWith('s') ? verbIn(id, at.group) : METHOD_VERBS[method];
}

/** `addHolder` and `accounts` make `add-holder`; `chargeOffLoan` and `loans` make `charge-off`. */
function verbIn(operationId: string, group: string): string {
  const words = kebab(operationId).split('-');
  const noun = group.replace(/ies$/, 'y').replace(/s$/, '').split('-');
  const rest = words.filter((word) => !noun.includes(word));
  return (rest.length === 0 ? words : rest).join('-');
}

/** `toIban` as `to-iban`. */
export function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
