import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseTypeId } from '#lib/ids.ts';
import { systemClock } from '#lib/time/clock.ts';
import { makeWorld } from '#test/database/api/worlds.ts';
import { chooseCaller, weigh } from './choose.ts';
import { chance, type Draw, drawFrom, pick } from './draw.ts';
import { type CallerName, Callers } from './host/callers.ts';
import { type FuzzBank, openFuzzBank } from './host/fuzz-bank.ts';
import { type Answer, HttpClient } from './host/http-client.ts';
import { judgeRaw, sendRaw } from './host/raw-http.ts';
import { createJudge, type Judge } from './judge.ts';
import { type Operation, readOperations } from './operations.ts';
import { Pool } from './pool.ts';
import { FuzzRecord } from './record.ts';
import { spoil } from './requests/hostile.ts';
import type { Request } from './requests/request.ts';
import { validRequest } from './requests/valid.ts';

const FLORIN = fileURLToPath(new URL('../bin/florin.mjs', import.meta.url));

/** Requests under way at once: some meet on the same rows, and a stall can still be laid at few doors. */
const AT_ONCE = 4;
/** Worlds to begin with: one belongs to the customer among the callers. */
const WORLDS = 4;
const VALID_PERCENT = 45;
const RAW_PERCENT = 2;
const REPEAT_PERCENT = 4;
/** Money that was moved of late, to be asked for again under its key. */
const MAX_REPEATABLE = 50;
/** Spreads the seeds of neighbouring requests (Knuth's multiplicative hash, 2^32 / golden ratio). */
const SEED_STEP = 2_654_435_761;
const SAY_EVERY = 2_000;

export type FuzzOptions = { readonly requests: number; readonly seed: number };

type Done = {
  readonly request: Request;
  readonly caller: CallerName;
  readonly token: string;
  readonly id: unknown;
};

/** Sends requests to its own bank, and records every answer that should not be. */
export async function runFuzz(
  { requests, seed }: FuzzOptions,
  folder: string,
  stack: AsyncDisposableStack,
  say: (line: string) => void,
): Promise<FuzzRecord> {
  const bank = await openFuzzBank(folder, stack);
  const fuzz = await Fuzz.open(bank, seed, say);
  say('the bank is open');
  const worker = async (): Promise<void> => {
    for (let index = fuzz.next(requests); index !== undefined; index = fuzz.next(requests)) {
      await fuzz.askOnce(index);
      if (index % SAY_EVERY === 0) say(`${index} requests, ${fuzz.record.findingCount} findings`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  fuzz.close();
  say('verifying the books');
  fuzz.record.end({
    starts: bank.server.starts,
    stalls: bank.stalls(),
    verify: await verify(bank),
    internalErrors: readFileSync(bank.serverLog, 'utf8').match(/"msg":"internal_error"/g)?.length ?? 0,
  });
  return fuzz.record;
}

class Fuzz {
  readonly record: FuzzRecord;
  readonly #bank: FuzzBank;
  readonly #client: HttpClient;
  readonly #callers: Callers;
  readonly #operations: readonly Operation[];
  readonly #judge: Judge;
  readonly #pool: Pool;
  /** The resources of the customer among the callers. */
  readonly #ownPool: Pool;
  readonly #seed: number;
  readonly #repeatable: Done[] = [];
  #count = 0;

  private constructor(
    bank: FuzzBank,
    seed: number,
    callers: Callers,
    operations: readonly Operation[],
    judge: Judge,
    say: (line: string) => void,
  ) {
    this.#bank = bank;
    this.#seed = seed;
    this.#client = new HttpClient(bank.server.url);
    this.#callers = callers;
    this.#operations = weigh(operations);
    this.#judge = judge;
    this.#pool = new Pool(callers.spared);
    this.#ownPool = new Pool(callers.spared);
    this.record = new FuzzRecord(operations, seed, say);
  }

  static async open(bank: FuzzBank, seed: number, say: (line: string) => void): Promise<Fuzz> {
    const { url } = bank.server;
    const own = await makeWorld(bank.services);
    const customerId = parseTypeId('customer', own.cus ?? '');
    if (customerId === undefined) throw new TypeError('a world has a customer');
    const operations = await readOperations(url);
    const judge = await createJudge(url, operations);
    const fuzz = new Fuzz(bank, seed, new Callers(bank.services, customerId), operations, judge, say);
    const draw = drawFrom(seed);
    for (const pool of [fuzz.#pool, fuzz.#ownPool]) pool.learn(own, draw);
    for (let world = 1; world < WORLDS; world += 1) fuzz.#pool.learn(await makeWorld(bank.services), draw);
    return fuzz;
  }

  /** The number of the next request, up to `requests`. */
  next(requests: number): number | undefined {
    if (this.#count >= requests) return undefined;
    this.#count += 1;
    return this.#count;
  }

  close(): void {
    this.#client.close();
  }

  async askOnce(index: number): Promise<void> {
    const draw = drawFrom((this.#seed + index * SEED_STEP) % 2 ** 31);
    if (chance(draw, RAW_PERCENT)) return this.#askRaw(index, draw);
    const repeated = this.#repeatable.length > 0 && chance(draw, REPEAT_PERCENT);
    if (repeated) return this.#askAgain(index, pick(draw, this.#repeatable));
    const operation = pick(draw, this.#operations);
    const caller = chooseCaller(operation, draw);
    const isOwn = caller === 'customer' && chance(draw, 70);
    const pool = isOwn ? this.#ownPool : this.#pool;
    const source = { draw, pool, own: this.#ownPool, nowMs: systemClock.nowMs() };
    const valid = validRequest(operation, caller, source);
    const request = chance(draw, VALID_PERCENT) ? valid : spoil(valid, draw);
    const token = await this.#callers.tokenOf(caller);
    const answer = await this.#send(index, request, token);
    if (answer === undefined) return;
    this.#learn(request, caller, answer, draw);
    if (answer.status < 300 && movesMoney(request) && token !== undefined) {
      const id: unknown = Reflect.get(Object(parse(answer.text)), 'id');
      this.#repeatable.push({ request, caller, token, id });
      if (this.#repeatable.length > MAX_REPEATABLE) this.#repeatable.shift();
    }
  }

  async #askRaw(index: number, draw: Draw): Promise<void> {
    const answer = await sendRaw(this.#bank.server.url, draw);
    this.record.raw(index, answer.name, judgeRaw(answer));
  }

  /** The same request under its key: the same answer, and flagged. */
  async #askAgain(index: number, done: Done): Promise<void> {
    const { request, caller, token, id } = done;
    if ((await this.#callers.tokenOf(caller)) !== token) return;
    const again = { ...request, kind: 'repeated' };
    const answer = await this.#send(index, again, token);
    // A dry run uses no key up.
    if (again.query.some(([name]) => name === 'dryRun')) return;
    if (answer === undefined || answer.status >= 300) {
      // These answers are right if the caller's access has ended by then, or the bank is busy.
      const isExplained =
        answer === undefined ||
        [401, 409, 503].includes(answer.status) ||
        (answer.status === 404 &&
          ((await this.#isAccountLostTo(done)) || (await this.#isForgotten(request))));
      if (!isExplained) this.record.finding(index, again, `a repeated key: ${answer.status} ${answer.text}`);
      return;
    }
    const isSame = Reflect.get(Object(parse(answer.text)), 'id') === id;
    if (!isSame || answer.headers.get('idempotent-replayed') !== 'true') {
      this.record.finding(index, again, `a repeated key got a new answer: ${answer.text.slice(0, 300)}`);
    }
  }

  /** Whether a customer no longer holds the account whose money they moved: to them it does not exist. */
  async #isAccountLostTo({ request, caller, token }: Done): Promise<boolean> {
    const { fromAccountId, accountId = fromAccountId } = Object(request.body);
    const operation = this.#operations.find(({ id }) => id === 'getAccount');
    if (caller !== 'customer' || typeof accountId !== 'string' || operation === undefined) return false;
    const look = { operation, caller, kind: 'valid', method: 'GET', path: `/v1/accounts/${accountId}` };
    const { status } = await this.#client.send({ ...look, query: [], headers: {}, body: undefined }, token);
    return status === 404;
  }

  /** Whether the first answer spoke of a customer who was deleted since: it went with them, and its key stays used. */
  async #isForgotten({ headers }: Request): Promise<boolean> {
    const forgotten = await this.#bank.services.context.db
      .selectFrom('idempotency_keys')
      .select('operation')
      .where('idempotency_key', '=', String(headers['idempotency-key']))
      .where('answer', 'is', null)
      .executeTakeFirst();
    return forgotten !== undefined;
  }

  async #send(index: number, request: Request, token: string | undefined): Promise<Answer | undefined> {
    const sentMs = systemClock.nowMs();
    try {
      const answer = await this.#client.send(request, token);
      this.record.answered(request, answer, sentMs);
      const wrong = this.#judge(request, answer);
      if (wrong !== undefined) this.record.finding(index, request, wrong);
      return answer;
    } catch (error) {
      this.record.finding(index, request, `no answer: ${String(error)}`);
      return undefined;
    }
  }

  #learn(request: Request, caller: CallerName, { status, headers, text }: Answer, draw: Draw): void {
    const isOwnToken = request.headers.authorization === undefined;
    if (status === 401 && isOwnToken && caller !== 'nobody' && !request.path.startsWith('/v1/auth/')) {
      this.#callers.forget(caller);
    }
    if (status >= 300) {
      this.record.refused(request, text);
      return;
    }
    if (headers.get('content-type')?.startsWith('application/json') !== true) return;
    const body = parse(text);
    this.#pool.learn(body, draw);
    if (caller === 'customer') this.#ownPool.learn(body, draw);
    const etag = headers.get('etag');
    if (etag !== null) this.#pool.add(`etag ${request.path}`, etag, draw);
  }
}

/** Made of many transactions: each is not done twice by itself, and the answer says how each stands by now. */
const NOT_KEPT: readonly string[] = ['runEndOfDay', 'settleOutgoingPayments', 'returnOutgoingPayments'];

/** Whether the request is of those that may be repeated under its key. */
function movesMoney({ operation, headers, method }: Request): boolean {
  if (NOT_KEPT.includes(operation.id)) return false;
  const takesKey = operation.parameters.some(({ name }) => name === 'Idempotency-Key');
  return takesKey && method === operation.method && typeof headers['idempotency-key'] === 'string';
}

function parse(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text);
}

/** The complaints of `florin verify`; empty if there are none. */
async function verify({ databaseUrl, dataKey }: FuzzBank): Promise<string> {
  const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrl, FLORIN_DATA_KEY: dataKey };
  try {
    await promisify(execFile)(process.execPath, [FLORIN, 'verify'], { env });
    return '';
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error && 'stderr' in error;
    return said ? `${error.message}: ${String(error.stdout)}${String(error.stderr)}` : String(error);
  }
}
