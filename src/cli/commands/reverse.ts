import type { Command } from 'commander';
import type { TransactionId } from '#lib/ids.ts';
import { addPostingOptions, type PostingOptions, postAndShow } from '../posting.ts';
import { CLI_CALLER } from '../run.ts';
import { parseTransactionId } from '../values.ts';

/** `reverse TRANSACTION`: what is booked stays; a linked transaction takes it back. */
export function addReverseCommand(program: Command): void {
  const command = program
    .command('reverse')
    .description('take a transaction back with a linked one, once')
    .argument('<transaction>', 'the id, txn_…', parseTransactionId)
    .requiredOption('--reason <text>', 'why, for those who ask later');
  addPostingOptions(command).action(reverse);
}

async function reverse(
  transactionId: TransactionId,
  options: PostingOptions & { readonly reason: string },
): Promise<void> {
  await postAndShow(options, ({ transactions }, idempotencyKey) =>
    transactions.reverse({ caller: CLI_CALLER, idempotencyKey, transactionId, reason: options.reason }),
  );
}
