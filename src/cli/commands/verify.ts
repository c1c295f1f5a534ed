import type { Command } from 'commander';
import { LAWS } from '#bank/services.ts';
import { LOANS_LAW, verifyLoans } from '#features/loans/contract.ts';
import { type LawResult, verifyLaws } from '#ledger/verify.ts';
import { CommandFailedError } from '../failures.ts';
import { noteProgress, type OutputOptions, show } from '../output.ts';
import { withBank } from '../run.ts';

/** `verify`: checks every law of the books; exit 1 names the first bad row of each that is broken. */
export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description('check that the books balance and that every law of theirs holds')
    .option('--json', 'print JSON')
    .action(verify);
}

async function verify(options: OutputOptions): Promise<void> {
  const results = await withBank(
    async ({ services: { context } }) => {
      const note = (name: string): void => noteProgress(`checking: ${name}`);
      const results = await verifyLaws(context.db, context.bookId, LAWS, note);
      note(LOANS_LAW);
      return [...results, await verifyLoans(context.db, context.bookId)];
    },
    { longWork: true },
  );
  const broken = results.filter(({ brokenBy }) => brokenBy !== undefined);
  const view = { ok: broken.length === 0, laws: results.map(lawView) };
  await show(options, view, () => results.map(describeLaw).join('\n'));
  if (broken.length > 0) {
    const laws = broken.length === 1 ? 'law is' : 'laws are';
    throw new CommandFailedError('books_broken', `${broken.length} of ${results.length} ${laws} broken`);
  }
}

function lawView({ name, brokenBy }: LawResult): { name: string; holds: boolean; firstBrokenRow: unknown } {
  const firstBrokenRow: unknown = brokenBy === undefined ? null : JSON.parse(brokenBy);
  return { name, holds: brokenBy === undefined, firstBrokenRow };
}

function describeLaw({ name, brokenBy }: LawResult): string {
  return brokenBy === undefined ? `ok      ${name}` : `BROKEN  ${name}\n        ${brokenBy}`;
}
