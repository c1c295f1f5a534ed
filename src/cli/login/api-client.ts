import { VERSION } from '#src/version.ts';
import { CommandFailedError } from '../failures.ts';

/** Above the server's own deadline of 10 s: its answer says more than our giving up. */
const ANSWER_TIMEOUT_MS = 15_000;

export type ApiRequest = {
  readonly method: string;
  /** Begins with a slash. */
  readonly path: string;
  readonly accessToken?: string;
  /** JSON text. */
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
};

export type ApiAnswer = {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined where there is none. */
  readonly body: unknown;
};

/** Asks a server once. Throws CommandFailedError `server_unreachable` or `unexpected_answer`. */
export async function sendRequest(url: string, request: ApiRequest): Promise<ApiAnswer> {
  const { method, path, accessToken, body, headers } = request;
  const response = await fetch(new URL(path, url), {
    method,
    headers: {
      'user-agent': `florin-cli/${VERSION}`,
      accept: 'application/json',
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
    // A token goes to the server that it is of, and nowhere else.
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw unreachable(url, error);
  });
  const text = await response.text().catch((error: unknown) => {
    throw unreachable(url, error);
  });
  return { status: response.status, headers: response.headers, body: parse(text, response.status) };
}

/** What a refusal says, as a failure of the command with the API's own code. */
export function refusalOf({ status, body }: ApiAnswer): CommandFailedError {
  const { code, detail } = asFields(body);
  if (typeof code !== 'string' || typeof detail !== 'string') return unexpected(status);
  return new CommandFailedError(code, detail);
}

/** The fields of an answer that is an object; none of any other. */
export function asFields(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? Object.fromEntries(Object.entries(body)) : {};
}

function parse(text: string, status: number): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw unexpected(status);
  }
}

function unexpected(status: number): CommandFailedError {
  return new CommandFailedError('unexpected_answer', `the server answered ${status} and nothing of Florin’s`);
}

function unreachable(url: string, error: unknown): CommandFailedError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CommandFailedError('server_unreachable', `no answer from ${url}: ${why}`, error);
}
