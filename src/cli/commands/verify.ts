import type { Command } from 'commander';
import type { Services } from '#bank/services.ts';
import type { LawResult } from '#ledger/verify.ts';
import { CommandFailedError } from '../failures.ts';
import { ProgressBar } from '../progress.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { withBank } from '../with-bank.ts';

/** `verify`: checks every law of the books; exit 1 names the first bad row of each that is broken. */
export function addVerifyCommand(program: Command, shell: Shell): void {
  program
    .command('verify')
    .description('check that the books balance and that every law of theirs holds')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) => verify(shell, options));
}

async function verify(shell: Shell, options: OutputOptions): Promise<void> {
  const results = await withBank(shell, ({ services: { context } }) => checkLaws(shell, context), {
    longWork: true,
  });
  const broken = results.filter(({ brokenBy }) => brokenBy !== undefined);
  const view = { ok: broken.length === 0, laws: results.map(lawView) };
  await shell.show(options, view, () => results.map(describeLaw).join('\n'));
  if (broken.length > 0) {
    const are = broken.length === 1 ? 'is' : 'are';
    throw new CommandFailedError('books_broken', `${broken.length} of ${results.length} laws ${are} broken`);
  }
}

function lawView({ name, brokenBy }: LawResult): { name: string; holds: boolean; firstBrokenRow: unknown } {
  const firstBrokenRow: unknown = brokenBy === undefined ? null : JSON.parse(brokenBy);
  return { name, holds: brokenBy === undefined, firstBrokenRow };
}

function describeLaw({ name, brokenBy }: LawResult): string {
  return brokenBy === undefined ? `ok      ${name}` : `BROKEN  ${name}\n        ${brokenBy}`;
}

async function checkLaws(shell: Shell, { db, bookId }: Services['context']): Promise<LawResult[]> {
  const [{ LAWS }, { verifyLaws }, ...recounts] = await Promise.all([
    import('#bank/services.ts'),
    import('#ledger/verify.ts'),
    import('#features/loans/contract.ts').then((loans) => [loans.LOANS_LAW, loans.verifyLoans] as const),
    import('#features/accrual/contract.ts').then((one) => [one.INTEREST_LAW, one.verifyInterest] as const),
    import('#features/charges/contract.ts').then((one) => [one.FEE_LAW, one.verifyFees] as const),
    import('#features/deposits/contract.ts').then((one) => [one.DEPOSIT_LAW, one.verifyDeposits] as const),
  ]);
  const bar = new ProgressBar(shell, { isQuiet: true });
  let checked = 0;
  const onLaw = (name: string): void => {
    bar.update(name, checked, LAWS.length + recounts.length);
    checked += 1;
  };
  try {
    const results = await verifyLaws(db, bookId, LAWS, onLaw);
    for (const [name, recount] of recounts) {
      onLaw(name);
      results.push(await recount(db, bookId));
    }
    return results;
  } finally {
    bar.end();
  }
}
