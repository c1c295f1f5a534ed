import { randomBytes } from 'node:crypto';
import { accountTypeId } from '../data/account-ids.ts';
import type { Random } from './random.ts';

const ID_BYTES = accountTypeId(1).length;
/** `b`, four random bytes for this process, and a number. */
const KEY_PREFIX = `b${randomBytes(4).toString('hex')}`;
const KEY_DIGITS = 12;
const ZERO = 48;
/** Different batches that are sent in turn; building one takes longer than sending it. */
const BATCH_BODIES = 4;

/** The ids of accounts 1 to `count`, one after the other, encoded once. */
export class AccountTexts {
  readonly #bytes: Buffer;

  constructor(count: number) {
    this.#bytes = Buffer.from(Array.from({ length: count }, (_, index) => accountTypeId(index + 1)).join(''));
  }

  copyTo(target: Buffer, offset: number, n: number): void {
    this.#bytes.copy(target, offset, (n - 1) * ID_BYTES, n * ID_BYTES);
  }
}

/** Placeholders as long as what is put in their place. */
const ID_PLACE = 'acc_'.padEnd(ID_BYTES, '0');
const keyPlace = (): string => KEY_PREFIX.padEnd(KEY_PREFIX.length + KEY_DIGITS, '0');

let lastKey = 0;

/** What requests are made of: the ids they may name, and who sends them. */
export type RequestParts = { readonly texts: AccountTexts; readonly token: string };

/** One connection's request of a kind: its bytes are made once, and ids and key written over before each use. */
export class RequestBytes {
  readonly bytes: Buffer;
  readonly #accounts: AccountTexts;
  readonly #keyOffset: number;
  readonly #idOffsets: number[] = [];

  private constructor(text: string, accounts: AccountTexts) {
    this.bytes = Buffer.from(text);
    this.#accounts = accounts;
    this.#keyOffset = this.bytes.indexOf(keyPlace());
    for (let from = this.bytes.indexOf(ID_PLACE); from >= 0; from = this.bytes.indexOf(ID_PLACE, from + 1)) {
      this.#idOffsets.push(from);
    }
  }

  static get(path: (id: string) => string, { texts, token }: RequestParts): RequestBytes {
    const head = [`GET ${path(ID_PLACE)} HTTP/1.1`, 'Host: bench', `Authorization: Bearer ${token}`];
    return new RequestBytes(`${head.join('\r\n')}\r\n\r\n`, texts);
  }

  static post(path: string, body: (id: string) => object, { texts, token }: RequestParts): RequestBytes {
    return new RequestBytes(postText(path, token, JSON.stringify(body(ID_PLACE))), texts);
  }

  /** Names the accounts, in the order in which they stand in the request, and gives it a new key. */
  fill(...accounts: readonly number[]): Buffer {
    accounts.forEach((n, index) => {
      this.#accounts.copyTo(this.bytes, this.#idOffsets[index] ?? 0, n);
    });
    if (this.#keyOffset >= 0) writeKey(this.bytes, this.#keyOffset + KEY_PREFIX.length);
    return this.bytes;
  }
}

/** Requests of many transfers among random accounts, with a new key each time. */
export function batchRequests(
  path: string,
  token: string,
  items: number,
  accounts: number,
  random: Random,
): () => Buffer {
  const bodies = Array.from({ length: BATCH_BODIES }, () => {
    const transfers = Array.from({ length: items }, () => transferItem(random.pair(accounts)));
    return Buffer.from(postText(path, token, JSON.stringify({ mode: 'independent', items: transfers })));
  });
  let sent = 0;
  return () => {
    const bytes = bodies[sent++ % bodies.length] ?? Buffer.alloc(0);
    writeKey(bytes, bytes.indexOf(KEY_PREFIX) + KEY_PREFIX.length);
    return bytes;
  };
}

function transferItem([from, to]: [number, number]): object {
  return {
    type: 'transfer',
    fromAccountId: accountTypeId(from),
    toAccountId: accountTypeId(to),
    amount: '0.01',
    currency: 'EUR',
  };
}

function postText(path: string, token: string, body: string): string {
  return [
    `POST ${path} HTTP/1.1`,
    'Host: bench',
    'Content-Type: application/json',
    `Idempotency-Key: ${keyPlace()}`,
    `Authorization: Bearer ${token}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

function writeKey(bytes: Buffer, offset: number): void {
  lastKey += 1;
  let rest = lastKey;
  for (let index = KEY_DIGITS - 1; index >= 0; index--) {
    bytes[offset + index] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}
