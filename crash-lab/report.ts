import { FAULT_KINDS, type FaultKind, SERVED_WITHIN_MS } from './faults/fault.ts';
import type { Run } from './run.ts';

/** The number of findings of each kind that are listed. */
const NAMED = 5;

export type Verdict = 'passed' | 'failed' | 'void';

/** failed: anything lost, doubled, wrong or late. void: the run has not seen what it is there to see. */
export function judgeRun(run: Run): { readonly verdict: Verdict; readonly reasons: readonly string[] } {
  const failures = Object.entries({ ...run.findings, ...run.books }).flatMap(([name, found]) =>
    found.length === 0 ? [] : [`${found.length} ${name}: ${found.slice(0, NAMED).join('; ')}`],
  );
  for (const { kind, recoveryMs } of run.struck) {
    const limitMs = limitOf(run, kind);
    if (limitMs !== undefined && recoveryMs > limitMs) {
      failures.push(`served again ${seconds(recoveryMs)} after ${kind}, not within ${seconds(limitMs)}`);
    }
  }
  if (failures.length > 0) return { verdict: 'failed', reasons: failures };
  const { crashes, unknown, replays, refusals } = run.outcomes;
  const missing = Object.entries({ crashes, unknown, replays, refusals }).filter(([, count]) => count === 0);
  if (missing.length > 0) return { verdict: 'void', reasons: missing.map(([name]) => `no ${name}`) };
  return { verdict: 'passed', reasons: [] };
}

/** The run in text, for a person. */
export function renderRun(run: Run): string {
  const { verdict, reasons } = judgeRun(run);
  const { findings, outcomes, settled, books } = run;
  const rows: [string, string][] = [
    [
      'requests',
      `${count(outcomes.attempts)} sent under ${count(outcomes.keys)} keys in ${seconds(run.trafficMs)}`,
    ],
    ['answers', list(outcomes.answers)],
    ['refusals', list(outcomes.refusalCodes)],
    ['no answer', list(outcomes.unknownCodes)],
    [
      'settled',
      `${count(settled.unknown)} unknown: ${count(settled.happened)} had happened, ${count(settled.posted)} had not and did then, ${count(settled.refused)} had not and were refused; ${count(settled.repeated)} others repeated`,
    ],
    ['replays', `${count(outcomes.replays)} answered as at first`],
    ['acknowledged', count(outcomes.acknowledged)],
    ['lost', String(findings.lost.length)],
    ['duplicated', String(findings.duplicated.length)],
    [
      'otherwise',
      `${findings.wrong.length} wrong, ${findings.undenied.length} done though refused, ${findings.unasked.length} unasked, ${findings.unsettled.length} unsettled, ${findings.broken.length} broken answers`,
    ],
    ['model', `${count(run.postings)} postings replayed, ${books.contradictions.length} contradictions`],
    ['balances', `${run.balances} over the API, ${books.balances.length} differ from the model`],
    ['verify', books.verify.length === 0 ? 'the books verify' : books.verify.join('; ')],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `Crash lab: ${run.seconds} s, seed ${run.seed}, ${run.surroundings}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
    '',
    ...renderFaults(run),
    ...run.skipped.map((line) => `  skipped: ${line}`),
    '',
    `${verdict.toUpperCase()}${reasons.map((reason) => `\n  ${reason}`).join('')}`,
  ].join('\n');
}

function renderFaults(run: Run): string[] {
  const { struck } = run;
  const lines = FAULT_KINDS.flatMap((kind) => {
    const times = struck.filter((one) => one.kind === kind).map(({ recoveryMs }) => recoveryMs);
    if (times.length === 0) return [];
    const limitMs = limitOf(run, kind);
    const sorted = times.toSorted((one, other) => one - other);
    const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
    const cells = [
      seconds(middle),
      seconds(sorted.at(-1) ?? 0),
      limitMs === undefined ? '' : seconds(limitMs),
    ];
    return [
      `  ${kind.padEnd(38)}${String(times.length).padStart(5)}${cells.map((cell) => cell.padStart(10)).join('')}`,
    ];
  });
  const head = ['median', 'longest', 'limit'].map((cell) => cell.padStart(10)).join('');
  return [
    `  ${'fault, until each hot account is served'.padEnd(38)}${'times'.padStart(6)}${head.slice(1)}`,
    ...lines,
  ];
}

function limitOf({ patience }: Run, kind: FaultKind): number | undefined {
  const limitMs = SERVED_WITHIN_MS[kind];
  return limitMs === undefined ? undefined : limitMs * patience;
}

function list(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([, one], [, other]) => other - one);
  return entries.map(([name, number]) => `${count(number)} ${name}`).join(', ') || 'none';
}

function count(number: number): string {
  return number.toLocaleString('en');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
