import { appendFileSync, readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of processor time, user and system together. */
export type ProcessorTime = {
  /** Of the process that runs the tests. */
  readonly node: number;
  /** Of the processes that the tests started and that have ended. */
  readonly children: number;
  /** Of the PostgreSQL server that the tests of a run share. */
  readonly postgres: number;
};

type Line = ProcessorTime & { readonly file: string };

/** Names the file in which each test file notes what it took; set by `npm test -- --times`. */
export const TIMES_VARIABLE = 'TEST_TIMES';

/** The process of the PostgreSQL server that the tests share, if it is on this machine and a report is wanted. */
export const POSTMASTER_VARIABLE = 'TEST_POSTMASTER';

/** What /proc counts in, on every Linux. */
const TICK_MS = 10;
/** Rows of a report. The rest is small. */
const MAX_FILES = 40;

/** What this process, its children and the shared server have taken until now. Reads /proc: for Linux only. */
export function processorTimeNow(): ProcessorTime {
  const { own, ended } = timesOf('self');
  const postmaster = Number(process.env[POSTMASTER_VARIABLE] ?? 0);
  return { node: own, children: ended, postgres: postmaster === 0 ? 0 : withChildren(postmaster) };
}

/** Notes what a test file took since `before`, if a report is wanted. */
export function noteTime(file: string, before: ProcessorTime, now: ProcessorTime): void {
  const notes = process.env[TIMES_VARIABLE];
  if (notes === undefined) return;
  const line: Line = {
    file,
    node: now.node - before.node,
    children: now.children - before.children,
    postgres: now.postgres - before.postgres,
  };
  appendFileSync(notes, `${JSON.stringify(line)}\n`);
}

/** A table of what each suite took, and the files that took the most. */
export function describeTimes(notes: string): string {
  const lines = notes
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  const suites = Map.groupBy(lines, ({ file }) => file.split('/').slice(0, 2).join('/'));
  const largest = lines.toSorted((one, other) => total(other) - total(one)).slice(0, MAX_FILES);
  return [
    '     all    node  started  PostgreSQL: seconds of processor time',
    ...[...suites].map(([suite, files]) => row(`${suite}, ${files.length} files`, sum(files))),
    row('all', sum(lines)),
    '',
    ...largest.map((line) => row(line.file, line)),
  ].join('\n');
}

function row(name: string, time: ProcessorTime): string {
  const columns = [total(time), time.node, time.children, time.postgres];
  return `${columns.map((ms) => (ms / 1000).toFixed(1).padStart(8)).join('')}  ${name}`;
}

function total({ node, children, postgres }: ProcessorTime): number {
  return node + children + postgres;
}

function sum(times: readonly ProcessorTime[]): ProcessorTime {
  const of = (part: keyof ProcessorTime): number => times.reduce((ms, time) => ms + time[part], 0);
  return { node: of('node'), children: of('children'), postgres: of('postgres') };
}

/** A server's own time, and that of its sessions: those that have ended, and those that go on. */
function withChildren(pid: number): number {
  const { own, ended } = timesOf(pid);
  const sessions = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => tryTimesOf(name))
    .filter((times) => times?.parent === pid);
  return sessions.reduce((ms, times) => ms + (times?.own ?? 0), own + ended);
}

function tryTimesOf(pid: string): ReturnType<typeof timesOf> | undefined {
  try {
    return timesOf(pid);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

/** proc_pid_stat(5): what follows the name in parentheses. */
function timesOf(pid: number | string): { parent: number; own: number; ended: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ticks = (index: number): number => (fields[index] ?? 0) * TICK_MS;
  return { parent: fields[1] ?? 0, own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) };
}
