import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection } from '../../../bench/load/http-connection.ts';
import { tokenOf } from './bank-client.ts';

/** Connections at most: a request that finds none free waits for one, which counts as waiting for its answer. */
const MAX_CONNECTIONS = 1_500;

/** What a refusal under load must look like: the status is looked at besides. */
const OVERLOADED = /\r\nretry-after: 1\r\n.*"code":"overloaded"/s;

/**
 * Transfers of one cent, over connections that read no more of an answer than is asked here: a full HTTP client
 * would take more of the machine than the server.
 */
export class HttpLoad {
  /** From when a request was due to its answer, by its key. */
  readonly acceptedMs = new Map<string, number>();
  readonly refusedMs = new Map<string, number>();
  /** Answers that are neither 201 nor 503 `overloaded`, and broken connections. */
  readonly others: string[] = [];
  sent = 0;
  readonly #url: URL;
  readonly #accounts: readonly string[];
  readonly #lines: Line[] = [];

  constructor(url: string, accounts: readonly string[]) {
    this.#url = new URL(url);
    this.#accounts = accounts;
  }

  /** Clients that send a request as soon as the one before is answered. Returns how many were accepted a second. */
  async repeat(clients: number, durationMs: number): Promise<number> {
    await this.#connect(clients);
    const startedMs = performance.now();
    const work = async (line: Line): Promise<void> => {
      for (let nowMs = startedMs; nowMs < startedMs + durationMs; nowMs = performance.now()) {
        await this.#ask(line, nowMs);
      }
    };
    await Promise.all(this.#lines.map(work));
    this.#disconnect();
    return (this.acceptedMs.size * 1_000) / (performance.now() - startedMs);
  }

  /** Requests by a schedule, whatever became of those before them: as from many who do not know of each other. */
  async offer(perSecond: number, durationMs: number): Promise<void> {
    await this.#connect(MAX_CONNECTIONS);
    const idle = new Idle(this.#lines);
    const ask = async (dueMs: number): Promise<void> => {
      const line = await idle.take();
      await this.#ask(line, dueMs);
      idle.give(line);
    };
    const startedMs = performance.now();
    const asked: Promise<void>[] = [];
    for (let dueMs = startedMs; dueMs < startedMs + durationMs; ) {
      for (; dueMs <= performance.now(); dueMs += 1_000 / perSecond) asked.push(ask(dueMs));
      await sleep(1);
    }
    await Promise.all(asked);
    this.#disconnect();
  }

  async #ask(line: Line, dueMs: number): Promise<void> {
    const key = randomUUID();
    this.sent += 1;
    const { status, text } = await line.ask(this.#transfer(key));
    const passedMs = performance.now() - dueMs;
    if (status === 201) this.acceptedMs.set(key, passedMs);
    else if (status === 503 && OVERLOADED.test(text)) this.refusedMs.set(key, passedMs);
    else this.others.push(text);
  }

  #transfer(key: string): Buffer {
    const from = randomInt(this.#accounts.length);
    const to = (from + 1 + randomInt(this.#accounts.length - 1)) % this.#accounts.length;
    const body = JSON.stringify({
      fromAccountId: this.#accounts[from],
      toAccountId: this.#accounts[to],
      amount: '0.01',
      currency: 'EUR',
    });
    const head = [
      'POST /v1/transfers HTTP/1.1',
      `host: ${this.#url.host}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
      `idempotency-key: ${key}`,
      `authorization: Bearer ${tokenOf(this.#url.href)}`,
    ];
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
  }

  async #connect(count: number): Promise<void> {
    while (this.#lines.length < count) this.#lines.push(await Line.open(this.#url));
  }

  #disconnect(): void {
    for (const line of this.#lines.splice(0)) line.close();
  }
}

/** A connection with one request at a time; one that breaks answers its request with status 0. */
class Line {
  #connection: HttpConnection | undefined;
  #answered = Promise.withResolvers<{ status: number; text: string }>();

  static async open(url: URL): Promise<Line> {
    const line = new Line();
    line.#connection = await HttpConnection.open(
      url,
      (status, end) => line.#answered.resolve({ status, text: end.toString('latin1') }),
      ({ message }) => line.#answered.resolve({ status: 0, text: message }),
    );
    return line;
  }

  ask(request: Buffer): Promise<{ status: number; text: string }> {
    this.#answered = Promise.withResolvers();
    this.#connection?.send(request);
    return this.#answered.promise;
  }

  close(): void {
    this.#connection?.close();
  }
}

/** Lines that are free, and those who wait for one. */
class Idle {
  readonly #lines: Line[];
  readonly #waiting: ((line: Line) => void)[] = [];

  constructor(lines: readonly Line[]) {
    this.#lines = [...lines];
  }

  take(): Promise<Line> {
    const { promise, resolve } = Promise.withResolvers<Line>();
    const line = this.#lines.pop();
    if (line === undefined) this.#waiting.push(resolve);
    else resolve(line);
    return promise;
  }

  give(line: Line): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#lines.push(line);
    else next(line);
  }
}
