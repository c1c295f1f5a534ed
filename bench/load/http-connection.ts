import { connect, type Socket } from 'node:net';

/** Longer than any answer's head and most answers: a whole answer is one read. */
const READ_BYTES = 16 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = Buffer.from('content-length: ');
/** In an answer to a batch, of an item that was refused. One that two reads share is missed; others are not. */
const SUSPECT = Buffer.from('"refused"');
/** `HTTP/1.1 201`: where the status stands. */
const STATUS_START = 'HTTP/1.1 '.length;
const ZERO = 48;

/**
 * Told of each answer: its status, its last bytes as they were read (all of it, mostly; valid during the call
 * only), and whether it held the suspect text.
 */
export type OnAnswer = (status: number, end: Buffer, isSuspect: boolean) => void;

/**
 * One keep-alive connection with one request in flight. It reads of an answer its status and its length and no
 * more: a full HTTP client would take more of the machine than the server that is measured. Understands what our
 * server sends, `Content-Length` and no chunks, and fails on anything else.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #onAnswer: OnAnswer;
  readonly #onError: (error: Error) => void;
  /** Bytes of the answer under way that are still to come; -1 while its head is not complete. */
  #missingBytes = -1;
  #status = 0;
  #head: Buffer = Buffer.alloc(0);
  #isSuspect = false;
  #isClosed = false;

  private constructor(socket: Socket, onAnswer: OnAnswer, onError: (error: Error) => void) {
    this.#socket = socket;
    this.#onAnswer = onAnswer;
    this.#onError = onError;
  }

  static open(
    { hostname, port }: URL,
    onAnswer: OnAnswer,
    onError: (error: Error) => void,
  ): Promise<HttpConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpConnection>();
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const onread = {
      buffer,
      callback: (bytes: number): boolean => {
        connection.#receive(buffer.subarray(0, bytes));
        return true;
      },
    };
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread });
    const connection = new HttpConnection(socket, onAnswer, onError);
    socket.once('connect', () => resolve(connection));
    const fail = (error: Error): void => {
      reject(error);
      connection.#fail(error);
    };
    socket.on('error', fail);
    socket.once('close', () => fail(new Error('the server closed a connection')));
    return promise;
  }

  send(request: Buffer): void {
    this.#socket.write(request);
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  #fail(error: Error): void {
    if (this.#isClosed) return;
    this.close();
    this.#onError(error);
  }

  #receive(chunk: Buffer): void {
    if (this.#missingBytes < 0) {
      const head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
      const headEnd = head.indexOf(HEAD_END);
      if (headEnd < 0) {
        this.#head = Buffer.from(head);
        return;
      }
      const length = readLength(head, headEnd);
      if (length < 0) {
        this.#fail(new Error('an answer without Content-Length'));
        return;
      }
      this.#status = Number(head.toString('latin1', STATUS_START, STATUS_START + 3));
      this.#head = Buffer.alloc(0);
      this.#missingBytes = length - (head.length - headEnd - HEAD_END.length);
      this.#settle(head);
    } else {
      this.#missingBytes -= chunk.length;
      this.#settle(chunk);
    }
  }

  #settle(part: Buffer): void {
    this.#isSuspect ||= part.includes(SUSPECT);
    if (this.#missingBytes > 0) return;
    if (this.#missingBytes < 0) {
      this.#fail(new Error('more than one answer to a request'));
      return;
    }
    const isSuspect = this.#isSuspect;
    this.#missingBytes = -1;
    this.#isSuspect = false;
    this.#onAnswer(this.#status, part, isSuspect);
  }
}

function readLength(head: Buffer, headEnd: number): number {
  const found = head.indexOf(CONTENT_LENGTH);
  if (found < 0 || found > headEnd) return -1;
  let length = 0;
  for (let index = found + CONTENT_LENGTH.length; ; index++) {
    const digit = (head[index] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return length;
    length = length * 10 + digit;
  }
}
