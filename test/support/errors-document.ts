import { readFile } from 'node:fs/promises';
import { PROBLEMS } from '#bank/problems.ts';
import { DEMO_ERRORS } from '#demo/errors.ts';
import type { ErrorEntry, ErrorTable } from '#lib/errors.ts';
import { WATCH_ERRORS } from '#watch/errors.ts';

/** Answered before an operation is known, or whichever it is. */
const ANY_REQUEST: readonly string[] = [
  'method_not_allowed',
  'request_timeout',
  'headers_too_large',
  'too_many_requests',
  'internal_error',
];

/** More than this is a property of the API and not of some operations. */
const MAX_NAMED = 12;

type Document = {
  readonly paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
  readonly components: { readonly responses: Record<string, unknown> };
};

/** The codes of docs/errors.md in Markdown: one section a status. Which operations answer a code is in openapi.json. */
export async function describeErrors(): Promise<string> {
  const text = await readFile(new URL('../../openapi.json', import.meta.url), 'utf8');
  const seenBy = operationsByCode(JSON.parse(text) as Document);
  const table: ErrorTable = { ...PROBLEMS, ...WATCH_ERRORS, ...DEMO_ERRORS };
  const byStatus = Map.groupBy(Object.entries(table), ([, { status }]) => status);
  const sections = [...byStatus]
    .toSorted(([one], [other]) => one - other)
    .map(([status, entries]) => `## ${status}\n\n${describeEntries(entries, seenBy)}`);
  return `${sections.join('\n\n')}\n`;
}

function describeEntries(
  entries: readonly (readonly [code: string, ErrorEntry])[],
  seenBy: ReadonlyMap<string, readonly string[]>,
): string {
  const rows = entries
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, { message, meaning, action }]) => [
      `\`${code}\``,
      meaning ?? (typeof message === 'string' ? message : ''),
      action,
      describeOperations(code, seenBy.get(code) ?? []),
    ]);
  const head = ['code', 'what it means', 'what to do', 'answered by'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function describeOperations(code: string, operations: readonly string[]): string {
  if (code in WATCH_ERRORS || code === 'metrics_private') return '`/metrics`';
  if (code in DEMO_ERRORS) return '`florin demo`';
  if (code === 'not_ready') return '`/health/ready`';
  if (ANY_REQUEST.includes(code)) return 'any request';
  if (operations.length > MAX_NAMED) return `${operations.length} operations`;
  return operations.toSorted().join(', ');
}

function operationsByCode({ paths, components }: Document): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    for (const response of Object.values(operation.responses)) {
      for (const code of new Set(codesIn(response, components.responses))) {
        found.set(code, [...(found.get(code) ?? []), operation.operationId]);
      }
    }
  }
  return found;
}

/** The codes that a response lists, itself or by reference. */
function codesIn(value: unknown, shared: Document['components']['responses']): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => codesIn(item, shared));
  if (typeof value !== 'object' || value === null) return [];
  if ('$ref' in value) {
    const name = /^#\/components\/responses\/(\w+)$/.exec(String(value.$ref))?.[1];
    return name === undefined ? [] : codesIn(shared[name], shared);
  }
  const code: unknown = 'code' in value ? value.code : undefined;
  const own =
    typeof code === 'object' && code !== null && 'enum' in code && Array.isArray(code.enum) ? code.enum : [];
  return [...own.map(String), ...Object.values(value).flatMap((item) => codesIn(item, shared))];
}
