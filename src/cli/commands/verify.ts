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

async function checkLaws(shell: Shell, { db, bookId }: Services['context']): Promise<LawResult[]> {
  const [
    { LAWS },
    { INTEREST_LAW, verifyInterest },
    { DEPOSIT_LAW, verifyDeposits },
    { LOANS_LAW, verifyLoans },
    { verifyLaws },
  ] = await Promise.all([
    import('#bank/services.ts'),
    import('#features/accrual/contract.ts'),
    import('#features/deposits/contract.ts'),
    import('#features/loans/contract.ts'),
    import('#ledger/verify.ts'),
  ]);
  const bar = new ProgressBar(shell, { isQuiet: true });
  let checked = 0;
  const onLaw = (name: string): void => {
    bar.update(name, checked, LAWS.length + 3);
    checked += 1;
  };
  try {
    const results = await verifyLaws(db, bookId, LAWS, onLaw);
    onLaw(LOANS_LAW);
    results.push(await verifyLoans(db, bookId));
    onLaw(INTEREST_LAW);
    results.push(await verifyInterest(db, bookId));
    onLaw(DEPOSIT_LAW);
    return [...results, await verifyDeposits(db, bookId)];
  } finally {
    bar.end();
  }
}
