import { OPERATIONS } from '#sdk/generated/operations.ts';
import { type CallOptions, List, type Page } from '#sdk/index.ts';
import { bank } from '../api/session.ts';
import type { Operation } from '../forms/description.ts';
import { download as saveFile } from '../show/download.ts';

/** Values of the parameters in a path or a query, by name. */
export type Params = Readonly<Record<string, string>>;
/** An answer, or a row of one. */
export type Row = Readonly<Record<string, unknown>>;

type Asked = CallOptions & {
  readonly dryRun?: true;
  readonly operation: Operation;
  readonly path: Params;
  readonly body?: object | undefined;
};

type Method = (...args: readonly unknown[]) => unknown;
type Table = Readonly<Record<string, Readonly<Record<string, readonly [string, string, string]>>>>;
type Methods = Readonly<Record<string, Readonly<Record<string, Method>>>>;

/** The calls of the SDK by method and path: the document knows no other name of theirs. */
const CALLS: ReadonlyMap<string, { readonly call: Method; readonly takes: string }> = new Map(
  Object.entries(OPERATIONS as unknown as Table).flatMap(([resource, verbs]) =>
    Object.entries(verbs).map(([verb, [method, path, takes]]) => {
      const call: Method = (...args) => (bank as unknown as Methods)[resource]?.[verb]?.(...args);
      return [`${method} ${path}`, { call, takes }] as const;
    }),
  ),
);

function invoke({ operation, path, body, ...options }: Asked): unknown {
  const { method, path: template, pathFields } = operation;
  const found = CALLS.get(`${method} ${template}`);
  if (found === undefined) throw new Error(`the SDK does not have ${operation.id}`);
  const ids = pathFields.map(({ name }) => path[name] ?? '');
  if (found.takes === 'nothing') return found.call(...ids, options);
  return found.call(...ids, found.takes === 'body' ? (body ?? {}) : {}, options);
}

/** Asks the bank for what an operation answers. Throws FlorinProblem and NoAnswerError. */
export async function ask<Answer = Row>(asked: Asked): Promise<Answer> {
  const answer = invoke(asked);
  return (await (answer instanceof List ? answer.page() : answer)) as Answer;
}

/** A page of a list; a list that has no pages is one. */
export async function askPage(asked: Asked, cursor: string | undefined): Promise<Page<Row>> {
  const answer = invoke(asked);
  return (await (answer instanceof List ? answer.page(cursor) : answer)) as Page<Row>;
}

/** How the names of files end, by what they are. */
const ENDINGS: Readonly<Record<string, string>> = {
  'application/xml': 'xml',
  'application/x-ofx': 'ofx',
  'text/csv': 'csv',
  'text/plain': 'sta',
};

/** Asks for a file and hands it to the browser, which saves it. */
export async function save(asked: Asked, format: string, name: string): Promise<void> {
  const file = await ask<unknown>({ ...asked, query: { ...asked.query, format } });
  const blob =
    file instanceof Blob ? file : new Blob([JSON.stringify(file, null, 2)], { type: 'application/json' });
  const ending = ENDINGS[blob.type.split(';')[0] ?? ''] ?? format;
  saveFile(blob, ending === format ? `${name}.${ending}` : `${name}-${format}.${ending}`);
}
