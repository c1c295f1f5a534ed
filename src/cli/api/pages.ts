import { type Command, InvalidArgumentError } from 'commander';
import type { OutputOptions, Shell } from '../shell.ts';
import { renderList } from '../table.ts';
import { type Ask, type Call, fieldsOf } from './ask.ts';
import { type Fields, isFields } from './body.ts';
import { listColumns, noneOf } from './list.ts';
import type { Plan } from './plan.ts';

/** What the API allows on a page. */
const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 25;
/** A hundred million rows: more than anybody reads, and an end. */
const MAX_PAGES = 1_000_000;

export type PageOptions = { readonly limit?: number; readonly cursor?: string; readonly all?: boolean };

export function addPageOptions(command: Command): void {
  command
    .option(
      '--limit <count>',
      `how many on a page, 1 to ${MAX_LIMIT}; ${DEFAULT_LIMIT} if not given`,
      parseLimit,
    )
    .option('--cursor <text>', 'go on after the page that ended with this nextCursor')
    .option('--all', 'every page, one after the other');
}

type Page = { readonly rows: readonly Fields[]; readonly nextCursor: string | null };

/** Shows a page of a list, or all of them as they come. */
export async function showPages(
  shell: Shell,
  plan: Plan,
  call: Call,
  options: OutputOptions & PageOptions,
  ask: Ask,
): Promise<undefined> {
  const pages = readPages(call, options, ask);
  await (options.json === true ? showJson(shell, pages) : showTables(shell, plan, pages));
}

async function* readPages(call: Call, { limit, cursor, all }: PageOptions, ask: Ask): AsyncGenerator<Page> {
  let next: string | null | undefined = cursor;
  for (let count = 0; count < MAX_PAGES && next !== null; count += 1) {
    const size = limit ?? (all === true ? MAX_LIMIT : DEFAULT_LIMIT);
    const page = await readPage(
      call,
      { limit: String(size), ...(next === undefined ? {} : { cursor: next }) },
      ask,
    );
    yield page;
    next = page.nextCursor;
    if (all !== true) return;
  }
}

async function readPage(call: Call, place: Readonly<Record<string, string>>, ask: Ask): Promise<Page> {
  const separator = call.path.includes('?') ? '&' : '?';
  const { data, nextCursor } = fieldsOf(
    await ask({ ...call, path: `${call.path}${separator}${new URLSearchParams(place).toString()}` }),
  );
  return {
    rows: Array.isArray(data) ? data.filter(isFields) : [],
    nextCursor: typeof nextCursor === 'string' ? nextCursor : null,
  };
}

/** One document, as the API answers a page, written as the rows come. */
async function showJson(shell: Shell, pages: AsyncIterable<Page>): Promise<void> {
  let isFirst = true;
  let last: string | null = null;
  if (!(await shell.write('{\n  "data": ['))) return;
  for await (const { rows, nextCursor } of pages) {
    last = nextCursor;
    const text = rows.map((row) => indented(JSON.stringify(row, null, 2))).join(',');
    if (text !== '' && !(await shell.write(isFirst ? text : `,${text}`))) return;
    isFirst &&= text === '';
  }
  await shell.write(`${isFirst ? '' : '\n  '}],\n  "nextCursor": ${JSON.stringify(last)}\n}\n`);
}

function indented(json: string): string {
  return `\n${json}`.replaceAll('\n', '\n    ');
}

/** A table a page: its columns are as wide as what is on it. */
async function showTables(shell: Shell, plan: Plan, pages: AsyncIterable<Page>): Promise<void> {
  const columns = listColumns(plan);
  let isFirst = true;
  let last: string | null = null;
  for await (const { rows, nextCursor } of pages) {
    last = nextCursor;
    const text = renderList(shell, columns, rows, isFirst ? noneOf(plan) : '');
    if (!(await shell.write(isFirst ? `${text}\n` : `\n${text}\n`))) return;
    isFirst = false;
  }
  if (last !== null) await shell.write(`\nThere are more: --cursor ${last}, or --all\n`);
}

function parseLimit(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw new InvalidArgumentError(`It takes a number from 1 to ${MAX_LIMIT}.`);
  }
  return limit;
}
