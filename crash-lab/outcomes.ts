import { CRASHES, type Struck } from './faults/fault.ts';
import type { Request } from './model/requests.ts';
import type { LogLine } from './records.ts';

/** How often each thing happened that a run is there to bring about. */
export type Outcomes = {
  readonly keys: number;
  readonly attempts: number;
  readonly acknowledged: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly refusalCodes: Readonly<Record<string, number>>;
  readonly unknownCodes: Readonly<Record<string, number>>;
  readonly crashes: number;
  readonly unknown: number;
  readonly replays: number;
  readonly refusals: number;
};

export function countOutcomes(
  log: readonly LogLine[],
  requests: ReadonlyMap<string, Request>,
  struck: readonly Struck[],
): Outcomes {
  const answers: Record<string, number> = {};
  const refusalCodes: Record<string, number> = {};
  const unknownCodes: Record<string, number> = {};
  let attempts = 0;
  let replays = 0;
  for (const line of log) {
    if ('key' in line) {
      attempts += 1;
      continue;
    }
    const { outcome, code = 'no code', replayed } = line;
    add(answers, outcome);
    if (outcome === 'refused') add(refusalCodes, code);
    if (outcome === 'unknown') add(unknownCodes, code);
    if (replayed === true) replays += 1;
  }
  return {
    keys: requests.size,
    attempts,
    acknowledged: [...requests.values()].filter(({ ok }) => ok.length > 0).length,
    answers,
    refusalCodes,
    unknownCodes,
    crashes: struck.filter(({ kind }) => CRASHES.includes(kind)).length,
    unknown: answers.unknown ?? 0,
    replays,
    refusals: answers.refused ?? 0,
  };
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
