import { describeSettings } from '../bench.ts';
import type { Results, RowResult } from './results.ts';
import { judge } from './targets.ts';

const HEADER = [
  'row',
  'clients',
  'per second',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  '× A',
  '× B',
  'CPU µs',
  '× before',
  'RSS MiB',
];
const MARKS = { true: 'yes', false: 'no', undefined: '-' } as const;

/** The results as Markdown that a terminal shows well, too: where, the rows, and what is wanted of them. */
export function renderResults(results: Results): string {
  const rows = results.rows.map((row) => (row.skipped === undefined ? cellsOf(row) : skippedCells(row)));
  const targets = judge(results).map(({ name, wanted, shown, isMet }) => {
    return [name, wanted, shown, MARKS[`${isMet}`]];
  });
  return [
    describeRun(results),
    '',
    ...renderTable(HEADER, rows),
    '',
    '× A and × B: throughput over that of the baselines at 64 clients, in the same round. CPU µs: what an',
    'operation cost the load generator / the server / PostgreSQL. × before: CPU of server and PostgreSQL an',
    'operation / throughput, over those of the checkout that the run was held against, in turns. RSS: of the',
    'server, right after the row.',
    '',
    ...renderTable(['wanted', 'at', 'shown', 'met'], targets),
  ].join('\n');
}

function describeRun({
  mode,
  command,
  elapsedSeconds,
  machine,
  postgres,
  pgbench,
  postings,
}: Results): string {
  const commit = machine.commit === undefined ? '' : ` (${machine.commit})`;
  return [
    `${machine.date}, \`${command}\`, ${mode} run of ${Math.round(elapsedSeconds)} s.`,
    `${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system};`,
    `fdatasync ${machine.fdatasyncMs.toFixed(2)} ms; load average before the run ${machine.loadBefore.toFixed(2)}.`,
    `Florin ${machine.florin}${commit}, Node ${machine.node}, PostgreSQL ${postgres.version},`,
    `${pgbench ?? 'no pgbench: its statements through the driver'}.`,
    `${describeSettings(postgres.settings)}.`,
    `Postings at the end: ${count(postings.short)} in the short ledger, ${count(postings.long)} in the long one.`,
  ].join('\n');
}

function cellsOf(row: RowResult): string[] {
  const { latency, fileMiB, cpuMicrosAnOperation: cpu = {} } = row;
  const size = fileMiB === undefined ? '' : `: ${count(fileMiB)} MiB`;
  return [
    `${row.group}: ${row.title}${size}`,
    String(row.clients),
    `${count(row.throughput ?? 0)} ${row.unit.replace('/s', '')}`,
    ...[latency?.p50Ms, latency?.p95Ms, latency?.p99Ms].map((value) => number(value, 2)),
    number(row.timesBaselineA, 2),
    number(row.timesBaselineB, 2),
    [cpu.client, cpu.server, cpu.postgres].map((value) => number(value, 0)).join(' / '),
    row.timesOther === undefined
      ? '-'
      : [row.timesOther.cpu, row.timesOther.throughput].map((value) => number(value, 2)).join(' / '),
    number(row.serverRssMiB, 0),
  ];
}

function skippedCells(row: RowResult): string[] {
  const reason = `skipped: ${row.skipped}`;
  return [
    `${row.group}: ${row.title}`,
    String(row.clients),
    reason,
    ...Array.from(HEADER.slice(3), () => '-'),
  ];
}

function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const render = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [render(header), render(rule), ...rows.map(render)];
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function number(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(digits);
}
