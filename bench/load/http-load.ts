import { HttpConnection } from './http-connection.ts';
import type { HttpJob, LoadResult, OnWindow } from './protocol.ts';
import { passWindow, Recorder } from './recorder.ts';
import { AccountTexts } from './request-bytes.ts';
import { createRequests } from './scenarios.ts';

const textsByCount = new Map<number, AccountTexts>();

/**
 * Runs clients that each send a request as soon as the one before is answered. Any answer that is not a success
 * ends the job and is thrown.
 */
export async function runHttpJob(job: HttpJob, onWindow: OnWindow): Promise<LoadResult> {
  const texts = textsByCount.getOrInsertComputed(job.accounts, () => new AccountTexts(job.accounts + 1));
  const recorder = new Recorder(onWindow);
  const failure = Promise.withResolvers<never>();
  const run = new HttpRun(job, recorder, failure.reject);
  try {
    const isOver = await Promise.race([failure.promise, run.start(texts)]);
    await Promise.race([failure.promise, passWindow(recorder, job.window)]);
    run.isStopping = true;
    await Promise.race([failure.promise, isOver.drained]);
  } finally {
    run.close();
  }
  return recorder.result();
}

class HttpRun {
  isStopping = false;
  readonly #job: HttpJob;
  readonly #recorder: Recorder;
  readonly #fail: (error: Error) => void;
  readonly #connections: HttpConnection[] = [];
  readonly #drained = Promise.withResolvers<void>();
  #busy = 0;

  constructor(job: HttpJob, recorder: Recorder, fail: (error: Error) => void) {
    this.#job = job;
    this.#recorder = recorder;
    this.#fail = fail;
  }

  /** Connects all clients, then lets them begin. `drained` resolves when the last one was answered. */
  async start(texts: AccountTexts): Promise<{ drained: Promise<void> }> {
    const { clients } = this.#job;
    const begins = await Promise.all(
      Array.from({ length: clients }, (_, client) => this.#connect(client, texts)),
    );
    this.#busy = clients;
    this.#recorder.begin();
    for (const begin of begins) begin();
    return { drained: this.#drained.promise };
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  async #connect(client: number, texts: AccountTexts): Promise<() => void> {
    const { scenario, accounts, url, token } = this.#job;
    const nextRequest = createRequests(scenario, { texts, token }, accounts, client);
    const operations = scenario.name === 'batch' ? scenario.items : 1;
    let startedMs = 0;
    const send = (): void => {
      startedMs = performance.now();
      connection.send(nextRequest());
    };
    const onAnswer = (status: number, answer: Buffer, isSuspect: boolean): void => {
      if (status < 200 || status > 299 || isSuspect) {
        this.#fail(new Error(`an answer that no client expects: ${answer.toString('utf8', 0, 2_000)}`));
        return;
      }
      this.#recorder.record(startedMs, operations);
      if (!this.isStopping) send();
      else if (--this.#busy === 0) this.#drained.resolve();
    };
    const connection = await HttpConnection.open(new URL(url), onAnswer, this.#fail);
    this.#connections.push(connection);
    return send;
  }
}
