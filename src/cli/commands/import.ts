import { type Command, InvalidArgumentError } from 'commander';
import type { ImportKind } from '#bank/import/columns.ts';
import type { ImportSummary } from '#bank/import/import-file.ts';
import type { RowProblem } from '#bank/import/importer.ts';
import { type Currency, parseCurrency } from '#lib/money/currencies.ts';
import { formatAmount, parseAmountOrZero } from '#lib/money/money.ts';
import { CommandFailedError } from '../failures.ts';
import { requireFile } from '../input-files.ts';
import { ProgressBar } from '../progress.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { collect } from '../values.ts';
import { withBank } from '../with-bank.ts';

type Pair = readonly [name: string, value: string];
type ImportFlags = OutputOptions & {
  readonly dryRun?: boolean;
  readonly map?: readonly string[];
  readonly delimiter: string;
  readonly controlTotal?: readonly string[];
  readonly controlCount?: number;
};

const WHAT: Readonly<Record<ImportKind, string>> = {
  customers: 'import customers of another system from a CSV file',
  accounts: 'import accounts of customers that were imported',
  balances: 'import the opening balances of accounts that were imported',
};

/** `import customers|accounts|balances FILE` and `import template KIND`. */
export function addImportCommands(program: Command, shell: Shell): void {
  const group = program
    .command('import')
    .description('bring customers, accounts and balances of another system in');
  for (const [kind, what] of Object.entries(WHAT) as [ImportKind, string][]) {
    const command = group
      .command(kind)
      .description(what)
      .argument('<file>', 'the CSV file')
      .option('--dry-run', 'say what is wrong and import nothing')
      .option('--map <column=header>', 'which header stands for a column; may be repeated', collect)
      .option('--delimiter <character>', 'what is between two values', ',')
      .option('--control-count <rows>', 'how many rows there must be', parseCount)
      .option('--json', 'print JSON');
    if (kind === 'balances') {
      command.option('--control-total <currency=amount>', 'what it must add up to; may be repeated', collect);
    }
    command.action((file: string, flags: ImportFlags) => runImport(shell, kind, file, flags));
  }
  group
    .command('template')
    .description('print a CSV file to fill in')
    .argument('<kind>', 'customers, accounts or balances')
    .action((kind: string) => printTemplate(shell, kind));
}

async function printTemplate(shell: Shell, kind: string): Promise<void> {
  const { IMPORT_KINDS, templateOf } = await import('#bank/import/columns.ts');
  const known = IMPORT_KINDS.find((one) => one === kind);
  if (known === undefined) throw new InvalidArgumentError(`It takes ${IMPORT_KINDS.join(', ')}.`);
  await shell.write(templateOf(known));
}

async function runImport(shell: Shell, kind: ImportKind, path: string, flags: ImportFlags): Promise<void> {
  const { importFile } = await import('#bank/import/import-file.ts');
  const { dryRun: isDryRun = false, delimiter, controlCount, map = [], controlTotal = [] } = flags;
  await requireFile(path);
  const bar = new ProgressBar(shell);
  const options = {
    kind,
    path,
    isDryRun,
    delimiter,
    controlCount,
    map: new Map(map.map((text) => pairOf(text, '--map COLUMN=HEADER'))),
    controlTotals: new Map(controlTotal.map(totalOf)),
    onProgress: (phase: string, rows: number) => bar.update(`${phase} ${kind}`, rows, 0),
  };
  const summary = await withBank(shell, ({ services }) => importFile(services, options), {
    longWork: true,
    loads: !isDryRun,
  }).finally(() => bar.end());
  for (const problem of summary.problems) shell.note(`${lineOf(problem)}\n`);
  const view = viewOf(kind, isDryRun, summary);
  if (summary.problemCount === 0) return shell.show(flags, view, () => textOf(view));
  const what = summary.imported === 0 ? 'nothing was imported' : `${summary.imported} rows were imported`;
  const many = summary.problemCount === 1 ? '1 problem' : `${summary.problemCount} problems`;
  throw new CommandFailedError('import_refused', `${path} has ${many}; ${what}.`);
}

function lineOf({ line, column, message }: RowProblem): string {
  return `${line === 0 ? 'the file' : `line ${line}`}: ${column} ${message}`;
}

function viewOf(kind: ImportKind, isDryRun: boolean, { rows, imported, known, totals }: ImportSummary) {
  const sums = [...totals].map(([currency, minor]): Pair => [currency, formatAmount(minor, currency)]);
  return { kind, dryRun: isDryRun, rows, imported, known, totals: Object.fromEntries(sums) };
}

function textOf({ kind, dryRun, rows, imported, known, totals }: ReturnType<typeof viewOf>): string {
  const sums = Object.entries(totals).map(([currency, amount]) => `${amount} ${currency}`);
  const total = sums.length === 0 ? '' : ` Total: ${sums.join(', ')}.`;
  if (dryRun) return `${rows} ${kind} can be imported.${total}`;
  return `${imported} ${kind} imported, ${known} were there already.${total}`;
}

function pairOf(text: string, form: string): Pair {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError(`It takes ${form}.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function totalOf(text: string): readonly [Currency, bigint] {
  const [code, amount] = pairOf(text, '--control-total EUR=1250.00');
  const currency = parseCurrency(code);
  if (currency === undefined) throw new InvalidArgumentError(`${code} is not a currency.`);
  const isNegative = amount.startsWith('-');
  const minor = parseAmountOrZero(isNegative ? amount.slice(1) : amount, currency, '--control-total');
  return [currency, isNegative ? -minor : minor];
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}
