import { Agent, request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { bytesOf, type Request, targetOf } from '../requests/request.ts';

/** Above the ten seconds in which the bank answers, with what a busy machine adds. */
const HANGING_MS = 20_000;

export type Answer = { readonly status: number; readonly headers: Headers; readonly text: string };

/** Sends requests as they stand, with whatever is wrong with them. */
export class HttpClient {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** Rejects when no answer comes, or a part of one. */
  send(wanted: Request, token: string | undefined): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const bytes = bytesOf(wanted);
    const sending = request({
      host: this.#url.hostname,
      port: this.#url.port,
      agent: this.#agent,
      method: wanted.method,
      path: targetOf(wanted),
      headers: headersOf(wanted, token, bytes),
      signal: AbortSignal.timeout(HANGING_MS),
    });
    sending.once('error', reject);
    sending.once('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        const headers = new Headers();
        for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
        const content = decode(Buffer.concat(parts), headers.get('content-encoding'));
        resolve({ status: response.statusCode ?? 0, headers, text: content.toString('utf8') });
      });
    });
    sending.end(bytes);
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}

function decode(content: Buffer, encoding: string | null): Buffer {
  if (content.length === 0 || encoding === null) return content;
  return encoding === 'br' ? brotliDecompressSync(content) : gunzipSync(content);
}

function headersOf(wanted: Request, token: string | undefined, bytes: Buffer | undefined) {
  const headers: Record<string, string | string[]> = {};
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (bytes !== undefined) headers['content-type'] = 'application/json';
  headers['content-length'] = String(bytes?.length ?? 0);
  for (const [name, value] of Object.entries(wanted.headers)) {
    headers[name] = typeof value === 'string' ? latin(value) : value.map(latin);
  }
  return headers;
}

/** A header's value as Node takes it: bytes, and none that would end the line. */
function latin(value: string): string {
  return Buffer.from(value, 'utf8')
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
}
