import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Services } from '#bank/services.ts';
import { type Answer, transactionView } from '#features/transactions/contract.ts';
import { isUnavailable } from '#lib/errors.ts';
import { CommandFailedError } from './failures.ts';
import { type OutputOptions, show } from './output.ts';
import { withBank } from './run.ts';
import { renderFields } from './table.ts';
import { parseIdempotencyKey } from './values.ts';

/** What every command that moves money takes. */
export type PostingOptions = OutputOptions & { readonly idempotencyKey?: string };

export type MoneyOptions = PostingOptions & { readonly reference?: string; readonly description?: string };

export function addPostingOptions(command: Command): Command {
  return command
    .option(
      '--idempotency-key <key>',
      'the same key does it only once; made if not given',
      parseIdempotencyKey,
    )
    .option('--json', 'print JSON');
}

export function addMoneyOptions(command: Command): Command {
  command
    .option('--reference <text>', 'for the accounts of both sides, up to 140 characters')
    .option('--description <text>', 'what it is for, up to 500 characters');
  return addPostingOptions(command);
}

/** Moves money under the given key, or one made for it, and shows the transaction that it led to. */
export async function postAndShow(
  options: PostingOptions,
  post: (services: Services, idempotencyKey: string) => Promise<Answer>,
): Promise<void> {
  await withKey(options, async (services, idempotencyKey) => {
    const { transaction, replayed } = await post(services, idempotencyKey);
    return { view: transactionView(transaction), replayed };
  });
}

/** Does what moves money under the given key, or one made for it, and shows what it led to. */
export async function withKey<View extends object>(
  options: PostingOptions,
  post: (
    services: Services,
    idempotencyKey: string,
  ) => Promise<{ readonly view: View; readonly replayed: boolean }>,
): Promise<void> {
  const idempotencyKey = options.idempotencyKey ?? randomUUID();
  const answer = await withBank(({ services }) =>
    settle(idempotencyKey, () => post(services, idempotencyKey)),
  );
  const { replayed } = answer;
  const view = { ...answer.view, idempotencyKey, replayed };
  const first = replayed ? 'This was done before under the same key; nothing was posted now.\n\n' : '';
  await show(options, view, () => first + renderFields(view));
}

/** An unknown outcome is settled by the same key, which whoever has to do it may not know yet. */
export async function settle<Result>(idempotencyKey: string, post: () => Promise<Result>): Promise<Result> {
  try {
    return await post();
  } catch (error) {
    if (!isUnavailable(error) || error.code !== 'outcome_unknown') throw error;
    throw new CommandFailedError(
      error.code,
      `It is not known whether this was done: repeat it with --idempotency-key ${idempotencyKey} to settle it`,
      error,
    );
  }
}
