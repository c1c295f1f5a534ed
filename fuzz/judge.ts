import { AssertionError } from 'node:assert/strict';
import { fetchResponseCheck } from '#test/support/response-check.ts';
import type { Answer } from './host/http-client.ts';
import { isDocumented, type Operation } from './operations.ts';
import { type Request, targetOf } from './requests/request.ts';

/** Statuses with which HTTP itself refuses a request before any route; no route documents them. */
const BELOW_ROUTES = [408, 431];
const REQUEST_ID = /^req_[0-9a-f]{32}$/;
const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** What is wrong with an answer, in words; undefined where nothing is. */
export type Judge = (request: Request, answer: Answer) => string | undefined;

/**
 * Judges answers by the OpenAPI document: the status and media type it names for the operation, and a body that fits
 * the schema and tells nothing of the inside. Where there is no operation there is a problem, unless OPTIONS asks what
 * a path takes. 503 is a promise, too, and never 500.
 */
export async function createJudge(url: string, operations: readonly Operation[]): Promise<Judge> {
  const check = await fetchResponseCheck(url);
  return (request, answer) => {
    const { status, headers, text } = answer;
    if (!REQUEST_ID.test(headers.get('request-id') ?? '')) return 'no Request-Id';
    if (headers.get('x-content-type-options') !== 'nosniff') return 'no security headers';
    if (status >= 500 && status !== 503) return `a server error: ${status} ${text.slice(0, 500)}`;
    if (status >= 400 && headers.get('content-type') !== PROBLEM_MEDIA_TYPE)
      return `${status} is not a problem document`;
    const target = targetOf(request);
    const isBelowRoutes = BELOW_ROUTES.includes(status) || (status === 400 && !isDecodable(request.path));
    if (status === 503 || isBelowRoutes) return undefined;
    if (request.method === 'OPTIONS' && status === 204) return undefined;
    if (!isDocumented(operations, request.method, target)) {
      return status >= 400 ? undefined : `an answer where no operation is: ${status} ${text.slice(0, 200)}`;
    }
    try {
      check(request.method, target, answer);
      return undefined;
    } catch (error) {
      if (!(error instanceof AssertionError || error instanceof SyntaxError)) throw error;
      return error.message.slice(0, 700);
    }
  };
}

/** A path with an invalid escape matches no route. */
function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
