import type { Ask, HeardLine, LogLine } from '../records.ts';

/** All that was heard about one key. */
export type Request = {
  readonly key: string;
  readonly ask: Ask;
  /** The answers that say it happened, in the order in which they came. */
  readonly ok: HeardLine[];
  /** Whether the last attempt that was answered at all said that it did not happen. */
  isRefused: boolean;
  /** Attempts whose outcome nobody heard. */
  unknown: number;
  /** Answers that the bank never gives. */
  readonly broken: HeardLine[];
};

/** The log by keys. An attempt without an answer is as unknown as one that ended without. */
export function readRequests(log: readonly LogLine[]): Map<string, Request> {
  const requests = new Map<string, Request>();
  const open = new Map<number, Request>();
  for (const line of log) {
    if ('key' in line) {
      const { key, ask } = line;
      const known = requests.get(key);
      const request = known ?? { key, ask, ok: [], isRefused: false, unknown: 0, broken: [] };
      requests.set(key, request);
      open.set(line.attempt, request);
      continue;
    }
    const request = open.get(line.attempt);
    if (request === undefined) throw new Error(`an answer to nothing: ${JSON.stringify(line)}`);
    open.delete(line.attempt);
    hear(request, line);
  }
  for (const request of open.values()) request.unknown += 1;
  return requests;
}

function hear(request: Request, line: HeardLine): void {
  if (line.outcome === 'ok') request.ok.push(line);
  else if (line.outcome === 'unknown') request.unknown += 1;
  else if (line.outcome === 'broken') request.broken.push(line);
  if (line.outcome === 'ok') request.isRefused = false;
  if (line.outcome === 'refused' && line.code !== 'idempotency_in_progress') request.isRefused = true;
}
