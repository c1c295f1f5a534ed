import type { Command } from 'commander';
import { trialBalanceView } from '#features/accounting/contract.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type OutputOptions, show } from '../output.ts';
import { withBank } from '../run.ts';
import { type Column, renderTable } from '../table.ts';
import { parseDateValue } from '../values.ts';
import type { TrialBalanceView } from '../views.ts';

/** `trial-balance`: the bank's own view of the books at the end of a day. */
export function addTrialBalanceCommand(program: Command): void {
  program
    .command('trial-balance')
    .description('show every line of the chart with its balance; debits equal credits')
    .option('--as-of <date>', 'at the end of this business date; today if not given', parseDateValue)
    .option('--json', 'print JSON')
    .action(showTrialBalance);
}

async function showTrialBalance(options: OutputOptions & { readonly asOf?: IsoDate }): Promise<void> {
  const balance = await withBank(({ services }) => services.accounting.trialBalance(options.asOf), {
    longWork: true,
  });
  const view = trialBalanceView(balance);
  await show(options, view, () => render(view));
}

/** A line of the chart, or the total of a currency. */
type Line = Omit<TrialBalanceView['lines'][number], 'class'> & { readonly class: string | null };

const COLUMNS: readonly Column<Line>[] = [
  { title: 'Code', value: ({ code }) => code },
  { title: 'Account', value: ({ name }) => name },
  { title: 'Class', value: (line) => line.class },
  { title: 'Currency', value: ({ currency }) => currency },
  { title: 'Debit', value: ({ debit }) => debit, right: true },
  { title: 'Credit', value: ({ credit }) => credit, right: true },
];

function render({ asOf, lines, totals }: TrialBalanceView): string {
  const title = `Trial balance at the end of ${asOf}`;
  if (lines.length === 0) return `${title}\nNothing was posted up to then.`;
  const sums = totals.map((total) => ({ code: '', name: 'Total', class: null, ...total }));
  return `${title}\n\n${renderTable(COLUMNS, [...lines, ...sums])}`;
}
