import { CommandFailedError, UsageError } from '../failures.ts';
import { type Fields, isFields } from './body.ts';
import type { Method } from './document.ts';

/** A call of the API. */
export type Call = {
  readonly method: Method;
  /** With its query; begins with a slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string | undefined;
};

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
};

/** Where calls of the API go: to this process's own, or to a server. */
export type Ask = (call: Call) => Promise<Answer>;

/** The JSON of an answer; undefined where there is none. Throws CommandFailedError for a refusal. */
export function jsonOf(answer: Answer): unknown {
  if (answer.status >= 400) throw refusalOf(answer);
  return parse(answer);
}

/** As jsonOf, for an answer that is an object. */
export function fieldsOf(answer: Answer): Fields {
  const json = jsonOf(answer);
  if (!isFields(json)) throw unexpected(answer.status);
  return json;
}

/** Codes of what is wrong in every state of the bank: wrong usage of the command line. */
const USAGE_CODES = ['invalid_amount'];

/** What a refusal says, as a failure of the command with the API's own code. */
export function refusalOf(answer: Answer): CommandFailedError | UsageError {
  const body = parse(answer);
  const { code, detail, errors } = isFields(body) ? body : {};
  if (typeof code !== 'string' || typeof detail !== 'string') return unexpected(answer.status);
  const message = describe(detail, errors);
  return USAGE_CODES.includes(code) ? new UsageError(message, code) : new CommandFailedError(code, message);
}

/** The detail, and the fields that it does not name itself. */
function describe(detail: string, errors: unknown): string {
  const fields = Array.isArray(errors) ? errors.filter(isFields) : [];
  const isSaid = fields.every(({ message }) => detail.includes(String(message)));
  return isSaid
    ? detail
    : fields.map(({ path, message }) => `${String(path)}: ${String(message)}`).join('; ');
}

function parse({ bytes, status }: Answer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw unexpected(status);
  }
}

function unexpected(status: number): CommandFailedError {
  return new CommandFailedError('unexpected_answer', `the server answered ${status} and nothing of Florin’s`);
}
