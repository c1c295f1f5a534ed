import { randomUUID } from 'node:crypto';
import { Argument, type Command, Option } from 'commander';
import { UsageError } from '../failures.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { parseIdempotencyKey } from '../values.ts';
import { type Answer, type Ask, refusalOf } from './ask.ts';
import { completeCall, draftOf, type Given } from './call.ts';
import { addPageOptions, type PageOptions, showPages } from './pages.ts';
import type { Plan } from './plan.ts';
import { repeatable } from './repeatable.ts';
import { showAnswer } from './show-answer.ts';
import { addTargetOptions, type TargetOptions, withApi } from './target.ts';

type Options = OutputOptions &
  TargetOptions &
  PageOptions & {
    readonly body?: string;
    readonly format?: string;
    readonly output?: string;
    readonly idempotencyKey?: string;
    readonly ifMatch?: string;
    readonly passwordStdin?: boolean;
    readonly [flag: string]: unknown;
  };

/** Gives a command the arguments, options and action of its plan. */
export function addOperation(command: Command, shell: Shell, plan: Plan): void {
  for (const { argument } of plan.positionals) command.addArgument(argument);
  for (const { metavar, about, read } of plan.shortcut?.arguments ?? []) {
    command.addArgument(new Argument(`<${metavar}>`, about).argParser(read));
  }
  for (const { option, opposite } of plan.flags) {
    command.addOption(option);
    if (opposite !== undefined) command.addOption(opposite);
  }
  addCommonOptions(command, plan);
  command.action(async (...received: unknown[]) => {
    // After the arguments come the options and the command itself.
    await perform(shell, plan, received.slice(0, -2), command.opts<Options>());
  });
}

function addCommonOptions(command: Command, plan: Plan): void {
  const { operation, secrets, isKeyed, isConditional, mustBeConditional } = plan;
  if (plan.isPaged) addPageOptions(command);
  if (operation.body !== undefined) {
    command.option(
      '--body <json>',
      'the whole body, or its rest: JSON, the name of a file, or - for standard input',
    );
  }
  if (secrets.length > 0) command.option('--password-stdin', 'read the password from standard input');
  if (isKeyed) {
    const key = new Option('--idempotency-key <key>', 'the same key does it only once; made if not given');
    command.addOption(key.argParser(parseIdempotencyKey));
  }
  if (isConditional) {
    const absent = mustBeConditional ? 'what is there now if not given' : 'whatever is there if not given';
    command.option('--if-match <etag>', `only if it is as it was read; ${absent}`);
  }
  if (operation.otherTypes.length > 0) command.option('--output <file>', 'write the answer to this file');
  addTargetOptions(command.option('--json', 'print the JSON that the API answers'));
}

async function perform(
  shell: Shell,
  plan: Plan,
  received: readonly unknown[],
  options: Options,
): Promise<void> {
  const given: Given = {
    arguments: received,
    options,
    idempotencyKey: options.idempotencyKey ?? randomUUID(),
  };
  if (options.format === 'pdf' && options.output === undefined && shell.isTerminal) {
    throw new UsageError('--format pdf needs --output FILE');
  }
  const draft = await draftOf(shell, plan, given);
  const { method, tag } = plan.operation;
  const need = { longWork: method === 'GET', ofUser: tag === 'Authentication' };
  const answer = await withApi(shell, options, need, async (ask) => {
    const call = await completeCall(plan, draft, given, ask);
    if (plan.isPaged) return showPages(shell, plan, call, options, ask);
    return settle(plan, given, () => done(ask, call));
  });
  if (answer !== undefined) await showAnswer(shell, plan, answer, { ...options, ...given });
}

async function done(ask: Ask, call: Parameters<Ask>[0]): Promise<Answer> {
  const answer = await ask(call);
  if (answer.status >= 400) throw refusalOf(answer);
  return answer;
}

/** An unknown outcome is settled by the same key, which the person at the terminal may not know yet. */
async function settle(
  { isKeyed }: Plan,
  { idempotencyKey }: Given,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    throw isKeyed ? repeatable(error, idempotencyKey) : error;
  }
}
