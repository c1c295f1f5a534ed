// Besides Node 24 or newer, the programs of the guide need only this function.
const { URL: base = 'http://127.0.0.1:8080/v1', TOKEN } = process.env;

/** A problem response. Programs compare its `code`, which says what happened. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor({ status, code, detail }: { status: number; code: string; detail: string }) {
    super(detail);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a program of your own would generate types from openapi.json.
type Answer = any;

/** Calls the API; `headers` for an Idempotency-Key or an If-Match. Throws a Refusal. */
export async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = text === '' ? undefined : JSON.parse(text);
  if (!answer.ok) throw new Refusal(json);
  return json;
}
