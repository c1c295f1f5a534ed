import { writeFile } from 'node:fs/promises';
import { fileProblem } from '#lib/file-problem.ts';
import { CommandFailedError } from '../failures.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { renderList } from '../table.ts';
import { type Answer, jsonOf } from './ask.ts';
import { type Fields, isFields } from './body.ts';
import type { Given } from './call.ts';
import { DRY_RUN } from './document.ts';
import { itemOf, listColumns, noneOf } from './list.ts';
import { DRY_RUN_TABLES, TABLES } from './manners.ts';
import type { Plan } from './plan.ts';
import { renderAnswer } from './render.ts';

type ShowOptions = OutputOptions & Given & { readonly output?: string };

/** Shows what was answered: JSON for a machine, text for a person; CSV and PDF as they are. */
export async function showAnswer(
  shell: Shell,
  plan: Plan,
  answer: Answer,
  options: ShowOptions,
): Promise<void> {
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  if (answer.bytes.length > 0 && !isJson) return write(shell, answer.bytes, options.output);
  const json = jsonOf(answer) ?? null;
  const isReplay = answer.headers.get('idempotent-replayed') === 'true';
  if (options.json === true && isReplay) shell.note(REPLAYED);
  const text =
    options.json === true ? JSON.stringify(json, null, 2) : textOf(shell, plan, json, options, isReplay);
  await write(shell, `${text}\n`, options.output);
}

const REPLAYED = 'This was done before under the same key; nothing was done now.\n';

function textOf(shell: Shell, plan: Plan, json: unknown, given: Given, isReplay: boolean): string {
  if (!isFields(json)) return json === null ? sentenceOf(plan, given) : JSON.stringify(json, null, 2);
  if (itemOf(plan) !== undefined && Array.isArray(json.data)) {
    return renderList(shell, listColumns(plan), json.data.filter(isFields), noneOf(plan));
  }
  if (given.options[DRY_RUN] === true) return previewOf(shell, plan, json);
  const key = plan.isKeyed ? { idempotencyKey: given.idempotencyKey } : {};
  const text = renderAnswer(shell, { ...json, ...key }, plan.answer(), TABLES[plan.operation.id]);
  return isReplay ? `${REPLAYED}\n${text}` : text;
}

const TRIED_OUT = 'A dry run: nothing was done. This is what would happen.\n';

/** What would be answered, as it is shown when it is, and below it what would change. */
function previewOf(shell: Shell, plan: Plan, { result, ...rest }: Fields): string {
  const answer = isFields(result) ? result : {};
  const parts = [
    renderAnswer(shell, answer, plan.answer(), TABLES[plan.operation.id]),
    renderAnswer(shell, rest, plan.preview(), DRY_RUN_TABLES),
  ];
  return `${TRIED_OUT}\n${parts.join('\n\n')}`;
}

/** `deleteBeneficiary` of `ben_…` as "Deleted ben_….". */
function sentenceOf({ operation, positionals }: Plan, given: Given): string {
  const [verb = ''] = /^[a-z]+/.exec(operation.id) ?? [];
  const what = given.arguments[positionals.length - 1];
  if (typeof what !== 'string') return 'Done.';
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)}${verb.endsWith('e') ? 'd' : 'ed'} ${what}.`;
}

async function write(shell: Shell, content: string | Uint8Array, file: string | undefined): Promise<void> {
  if (file === undefined) {
    await shell.write(content);
    return;
  }
  try {
    await writeFile(file, content);
  } catch (error) {
    const reason = fileProblem(error) ?? (error instanceof Error ? error.message : String(error));
    throw new CommandFailedError('output_failed', `cannot write ${file}: ${reason}`, error);
  }
}
