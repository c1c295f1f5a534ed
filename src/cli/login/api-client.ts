import { VERSION } from '#src/version.ts';
import type { Answer, Call } from '../api/ask.ts';
import { CommandFailedError } from '../failures.ts';

/** Above the server's own deadline of 10 s: its answer says more than our giving up. */
const ANSWER_TIMEOUT_MS = 15_000;

/** Asks a server once. Throws CommandFailedError `server_unreachable`. */
export async function askServer(url: string, call: Call, token?: string): Promise<Answer> {
  const { method, path, headers, body } = call;
  try {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        'user-agent': `florin-cli/${VERSION}`,
        accept: '*/*',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      // A token goes to the server that it is of, and nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes };
  } catch (error) {
    throw unreachable(url, error);
  }
}

function unreachable(url: string, error: unknown): CommandFailedError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CommandFailedError('server_unreachable', `no answer from ${url}: ${why}`, error);
}
