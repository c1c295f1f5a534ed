import { NoAnswer, Problem } from './problem.ts';

export type Query = Readonly<Record<string, string | number | undefined>>;

export type Request = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: object;
  readonly token?: string | undefined;
  /** The Idempotency-Key: the same one for every try of one attempt. */
  readonly key?: string;
  /** The version that is changed. */
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
};

/** Sends one request and reads its answer. Throws Problem for a refusal and NoAnswer where none came. */
export async function send<Body>(request: Request): Promise<Body> {
  const headers = new Headers({ accept: 'application/json' });
  if (request.token !== undefined) headers.set('authorization', `Bearer ${request.token}`);
  if (request.key !== undefined) headers.set('idempotency-key', request.key);
  if (request.ifMatch !== undefined) headers.set('if-match', request.ifMatch);
  if (request.body !== undefined) headers.set('content-type', 'application/json');
  const response = await fetch(urlOf(request), {
    method: request.method,
    headers,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  }).catch((error: unknown) => {
    if (request.signal?.aborted === true) throw error;
    throw new NoAnswer('no answer', { cause: error });
  });
  const text = await response.text().catch((error: unknown) => {
    throw new NoAnswer('the answer broke off', { cause: error });
  });
  const body: unknown = text === '' ? undefined : parse(text);
  if (!response.ok) throw new Problem(response.status, isFields(body) ? body : {});
  return body as Body;
}

function urlOf({ path, query = {} }: Request): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
