import { Agent, request } from 'node:http';
import type { Ask, ItemAnswer } from '../records.ts';
import type { Heard, RequestLog } from './request-log.ts';

/** Above the ten seconds in which the bank answers, with what a busy machine adds. */
const HANGING_MS = 15_000;

/** Refusals that this traffic causes; any other is a bug in the bank or the lab. */
const EXPECTED_CODES = [
  'insufficient_funds',
  'already_reversed',
  'not_reversible',
  'batch_refused',
  'idempotency_in_progress',
];

/** Of an answer that is out of order, for whoever looks into it. */
const QUOTED_CHARACTERS = 500;

type Answer = { readonly status: number; readonly replayed: boolean; readonly body: unknown };

/** A client of the bank that logs each request before it is sent, and its outcome. */
export class BankClient {
  readonly #url: string;
  readonly #token: string;
  readonly #log: RequestLog;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(url: string, token: string, log: RequestLog) {
    this.#url = url;
    this.#token = token;
    this.#log = log;
  }

  /** Asks once, under a key. */
  async ask(key: string, ask: Ask): Promise<Heard> {
    const [path, body] = requestOf(key, ask);
    const attempt = this.#log.sent(key, ask);
    const heard = await this.#send(path, body, key).then(hear, noAnswer);
    this.#log.heard(attempt, heard);
    return heard;
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(path: string, body: object, key: string): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const sending = request(`${this.#url}${path}`, {
      method: 'POST',
      agent: this.#agent,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      signal: AbortSignal.timeout(HANGING_MS),
    });
    sending.once('error', reject);
    sending.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.once('error', reject);
      response.once('end', () => {
        try {
          const replayed = response.headers['idempotent-replayed'] === 'true';
          resolve({ status: response.statusCode ?? 0, replayed, body: JSON.parse(text) });
        } catch (error) {
          reject(error);
        }
      });
    });
    sending.end(JSON.stringify(body));
    return promise;
  }
}

/** The key is the reference, too, or what a reversal tells the customer: by it what was done is found in the journal. */
function requestOf(key: string, ask: Ask): [path: string, body: object] {
  const money = { currency: 'EUR', reference: key };
  switch (ask.type) {
    case 'reversal':
      return [`/v1/transactions/${ask.transactionId}/reverse`, { reason: key, customerReason: key }];
    case 'batch': {
      const items = ask.items.map((item, index) => ({
        ...item,
        ...(item.type === 'transfer' ? {} : { mode: 'cash' }),
        ...money,
        reference: `${key}.${index}`,
      }));
      return ['/v1/transactions/batch', { mode: ask.mode, items }];
    }
    case 'transfer': {
      const { type: _, ...fields } = ask;
      return ['/v1/transfers', { ...fields, ...money }];
    }
    default: {
      const { type, ...fields } = ask;
      return [`/v1/${type}s`, { ...fields, ...money, mode: 'cash' }];
    }
  }
}

function hear({ status, replayed, body }: Answer): Heard {
  if (status === 200 || status === 201) return { outcome: 'ok', status, replayed, ...okFields(body) };
  const code = textOf(body, 'code') ?? 'no code';
  if (status === 503)
    return { outcome: code === 'outcome_unknown' ? 'unknown' : 'unavailable', status, code };
  if (status >= 400 && status < 500 && EXPECTED_CODES.includes(code)) {
    return { outcome: 'refused', status, code };
  }
  return { outcome: 'broken', status, code: JSON.stringify(body).slice(0, QUOTED_CHARACTERS) };
}

/** A connection that broke, or an answer that never came or was cut short. */
function noAnswer(error: unknown): Heard {
  if (!(error instanceof Error)) return { outcome: 'unknown', code: 'no answer' };
  if (error.name === 'TimeoutError') return { outcome: 'unknown', code: 'hanging' };
  return { outcome: 'unknown', code: 'code' in error ? String(error.code) : error.name };
}

function okFields(body: unknown): Partial<Heard> {
  const id = textOf(body, 'id');
  const balanceAfter = textOf(body, 'balanceAfter');
  const results: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'results') : undefined;
  return {
    ...(id === undefined ? {} : { id }),
    ...(balanceAfter === undefined ? {} : { balanceAfter }),
    ...(Array.isArray(results) ? { results: results.map(itemOf) } : {}),
  };
}

function itemOf(item: unknown): ItemAnswer {
  const transactionId = textOf(item, 'transactionId');
  const status = textOf(item, 'status') ?? '';
  return transactionId === undefined ? { status } : { status, transactionId };
}

function textOf(body: unknown, field: string): string | undefined {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined;
  return typeof value === 'string' ? value : undefined;
}
