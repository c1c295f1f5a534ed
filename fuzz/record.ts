import { systemClock } from '#lib/time/clock.ts';
import type { Stall } from './host/fuzz-bank.ts';
import type { Answer } from './host/http-client.ts';
import type { Operation } from './operations.ts';
import { bytesOf, type Request, targetOf } from './requests/request.ts';

/** Shorter ones cannot have held the event loop up for 200 ms. */
const SLOW_MS = 150;
/** Of a stall the loop must have been busy for all of that; with less, others had the machine. */
const BUSY_MS = 200;
/** This many stalls with the same kind of request in progress are not a coincidence. */
const REPEATED_STALLS = 3;
/** Of each class of findings, only the first is reported in full. */
const MAX_CLASSES = 40;
const QUOTED = 600;

type Slow = { readonly label: string; readonly fromMs: number; readonly toMs: number };

/** What is known when all is done. */
export type End = {
  readonly starts: number;
  readonly stalls: readonly Stall[];
  readonly verify: string;
  readonly internalErrors: number;
};

/** What a run has seen: how often which answer, and everything that should not be. */
export class FuzzRecord {
  readonly #seed: number;
  readonly #say: (line: string) => void;
  readonly #operations: readonly Operation[];
  readonly #statuses = new Map<number, number>();
  readonly #done = new Set<string>();
  /** By operation: the last refusal of a request that the document takes. */
  readonly #refusals = new Map<string, string>();
  readonly #startedMs = systemClock.nowMs();
  /** By class: the first one in words, and how many. */
  readonly #findings = new Map<string, { readonly first: string; count: number }>();
  readonly #slow: Slow[] = [];
  #requests = 0;
  #hostile = 0;
  #raw = 0;
  #slowestMs = 0;
  #end: End | undefined;

  /** `say` hears of the first finding of each class, when it is made. */
  constructor(operations: readonly Operation[], seed: number, say: (line: string) => void) {
    this.#say = say;
    this.#operations = operations;
    this.#seed = seed;
  }

  get findingCount(): number {
    return this.#findings.values().reduce((sum, { count }) => sum + count, 0);
  }

  answered({ operation, kind }: Request, { status }: Answer, sentMs: number): void {
    this.#requests += 1;
    if (kind !== 'valid') this.#hostile += 1;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    if (status < 300) this.#done.add(operation.id);
    const toMs = systemClock.nowMs();
    this.#slowestMs = Math.max(this.#slowestMs, toMs - sentMs);
    if (toMs - sentMs >= SLOW_MS)
      this.#slow.push({ label: `${operation.id}, ${kind}`, fromMs: sentMs, toMs });
  }

  /** Takes note of why a request did not get through, for operations that never do. */
  refused({ operation, kind }: Request, text: string): void {
    if (kind === 'valid') this.#refusals.set(operation.id, text.match(/"detail":"(.*?)"/)?.[1] ?? '');
  }

  raw(index: number, name: string, wrong: string | undefined): void {
    this.#raw += 1;
    if (wrong !== undefined) this.#add(`raw ${name}`, `request ${index}, raw bytes (${name}): ${wrong}`);
  }

  finding(index: number, request: Request, wrong: string): void {
    const { operation, kind, caller, method, headers } = request;
    const body = bytesOf(request)?.toString('utf8') ?? '';
    const asked = `${method} ${targetOf(request)} ${JSON.stringify(headers)} ${body}`.slice(0, QUOTED);
    const text = `request ${index}, ${operation.id} as ${caller}, ${kind}: ${wrong}\n      ${asked}`;
    this.#add(`${operation.id} ${wrong.slice(0, 40)}`, text);
  }

  end(end: End): void {
    this.#end = end;
  }

  /** Why the run has failed; empty if it has not. */
  reasons(): string[] {
    const found = [...this.#findings.values()].map(({ first, count }) => `${count} × ${first}`);
    const end = this.#end;
    if (end === undefined) return ['it did not come to its end'];
    if (end.starts > 1) found.push(`the server ended ${end.starts - 1} times`);
    if (end.verify !== '') found.push(`the books do not verify: ${end.verify}`);
    if (end.internalErrors > 0) found.push(`${end.internalErrors} internal errors in the server's log`);
    for (const [label, count] of this.#blamed()) {
      if (count >= REPEATED_STALLS) found.push(`${count} stalls of the event loop with ${label} under way`);
    }
    return found;
  }

  render(): string {
    const { starts = 0, verify = '' } = this.#end ?? {};
    const stalls = this.#stalls;
    const statuses = [...this.#statuses].sort(([one], [other]) => one - other);
    const never = this.#operations
      .filter(({ id }) => !this.#done.has(id))
      .map(({ id }) => `${id} (${this.#refusals.get(id) ?? 'never tried'})`);
    const busy = stalls.filter(({ busyMs }) => busyMs >= BUSY_MS);
    const longest = Math.max(0, ...stalls.map(({ stalledMs }) => stalledMs));
    const reasons = this.reasons();
    return [
      `Fuzz: seed ${this.#seed}, ${this.#requests} requests (${this.#hostile} hostile), ${this.#raw} raw connections`,
      `  answers      ${statuses.map(([status, count]) => `${count} × ${status}`).join(', ')}`,
      `  operations   ${this.#operations.length - never.length} of ${this.#operations.length} succeeded at least once${never.length === 0 ? '' : `; never: ${never.join(', ')}`}`,
      `  slowest      ${this.#slowestMs} ms`,
      `  event loop   ${stalls.length} stalls over 200 ms, the longest ${longest} ms; ${busy.length} of them busy: ${
        this.#blamed()
          .slice(0, 5)
          .map(([label, count]) => `${count} with ${label}`)
          .join(', ') || 'none'
      }`,
      `  server       started ${starts} time${starts === 1 ? '' : 's'}`,
      `  verify       ${verify === '' ? 'the books verify' : verify}`,
      reasons.length === 0 ? 'PASSED' : `FAILED\n${reasons.map((reason) => `  ${reason}`).join('\n')}`,
    ].join('\n');
  }

  /** Stalls since the first request: the start does not count. */
  get #stalls(): readonly Stall[] {
    return (this.#end?.stalls ?? []).filter(({ fromMs }) => fromMs > this.#startedMs);
  }

  /** Kinds of requests by the number of busy stalls that they were under way in. */
  #blamed(): [string, number][] {
    const blamed = new Map<string, number>();
    for (const { fromMs, toMs, busyMs } of this.#stalls) {
      if (busyMs < BUSY_MS) continue;
      const labels = this.#slow
        .filter((slow) => slow.fromMs < toMs && slow.toMs > fromMs)
        .map(({ label }) => label);
      for (const label of new Set(labels)) blamed.set(label, (blamed.get(label) ?? 0) + 1);
    }
    return [...blamed].sort(([, one], [, other]) => other - one);
  }

  #add(name: string, first: string): void {
    const known = this.#findings.get(name);
    if (known !== undefined) known.count += 1;
    else if (this.#findings.size < MAX_CLASSES) {
      this.#findings.set(name, { first, count: 1 });
      this.#say(first);
    }
  }
}
