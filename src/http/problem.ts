import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { asUnavailable } from '#db/postgres-error.ts';
import { type FieldError, FlorinError, notFound } from '#lib/errors.ts';
import { HTTP_ERRORS, httpError } from './errors.ts';
import { isBySchema, withOtherFaults } from './other-faults.ts';
import { shownFields } from './shown-fields.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The fields of a problem, without those of the request it answers. */
export type ProblemFields = {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fields?: readonly FieldError[];
  readonly members?: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number | undefined;
};

const INTERNAL_ERROR = fromFlorinError(httpError('internal_error'));

/** Refusals of the HTTP layer below Florin's own, by status. */
const PLAIN_PROBLEMS: ReadonlyMap<number, ProblemFields> = new Map(
  (
    [
      'bad_request',
      'request_timeout',
      'payload_too_large',
      'unsupported_media_type',
      'headers_too_large',
    ] as const
  ).map((code) => [HTTP_ERRORS[code].status, fromFlorinError(httpError(code))]),
);

/** Codes of 503 that are not logged: a refusal under load must cost next to nothing, and the access log has it. */
const EXPECTED_CODES: ReadonlySet<string> = new Set(['overloaded', 'read_only']);

/** Answers every error of every route. Only the messages of FlorinErrors are shown; internal errors are logged. */
export function handleError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  return isBySchema(error) ? answerAll(error, request, reply) : sendError(error, request, reply);
}

async function answerAll(
  error: Parameters<typeof withOtherFaults>[0],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  return sendError(await withOtherFaults(error, request), request, reply);
}

/** Answers with an error as it is. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error, request);
  if (problem.status >= 500 && !EXPECTED_CODES.has(problem.code)) {
    request.log[problem.status === 500 ? 'error' : 'warn']({ err: error }, problem.code);
  }
  // Fastify closes the connection on a sender of a bad body who may not have finished, and the reset takes our 413
  // with it (measured: 30 of 30 Python clients never saw it). Node reads and drops the rest instead, for as long
  // as a request may take to arrive.
  reply.removeHeader('connection');
  return sendProblem(reply, problem);
}

/** Answers a path without a route: the same 404 as for an id that does not exist. */
export function handleNotFound(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, notFoundProblem());
}

/** The status's refusal below Florin's own errors: malformed requests that no route has seen. */
export function plainProblem(status: number): ProblemFields {
  return PLAIN_PROBLEMS.get(status) ?? INTERNAL_ERROR;
}

/** The body of a problem (RFC 9457). */
export function problemBody(problem: ProblemFields, requestId: string, request?: FastifyRequest): string {
  const { status, code, detail, fields = [], members } = problem;
  const title = code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' ');
  const errors = fields.length > 0 ? { errors: shownFields(fields, request) } : {};
  return JSON.stringify({
    type: `urn:florin:problem:${code}`,
    title,
    status,
    detail,
    code,
    requestId,
    ...errors,
    ...members,
  });
}

/**
 * Notes the code for observers. Sends bytes and not text, to which Fastify would append a charset that this media type
 * does not have.
 */
function sendProblem(reply: FastifyReply, problem: ProblemFields): FastifyReply {
  reply.request.refusalCode = problem.code;
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(problem.status)
    .type(PROBLEM_MEDIA_TYPE)
    .send(Buffer.from(problemBody(problem, reply.request.id, reply.request)));
}

function toProblem(error: unknown, request: FastifyRequest): ProblemFields {
  if (error instanceof FlorinError) return fromFlorinError(error);
  if (isFastifyError(error)) return fromFastifyError(error);
  // A caller who hangs up while sending appears as a broken connection, which is not the database's.
  if (request.raw.destroyed && !request.raw.complete) return plainProblem(400);
  const unavailable = asUnavailable(error);
  return unavailable === undefined ? INTERNAL_ERROR : fromFlorinError(unavailable);
}

function fromFlorinError(error: FlorinError): ProblemFields {
  const { status, code, message, fields, members, retryAfterSeconds } = error;
  return { status, code, detail: message, fields, members, retryAfterSeconds };
}

function notFoundProblem(): ProblemFields {
  return fromFlorinError(notFound());
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('FST_ERR_');
}

/** Fastify refuses requests before any route; a status of its own above 499 is a bug of ours. */
function fromFastifyError(error: FastifyError): ProblemFields {
  // A text of that length is not an id.
  if (error.code === 'FST_ERR_NOT_FOUND' || error.code === 'FST_ERR_MAX_PARAM_LENGTH')
    return notFoundProblem();
  const status = error.statusCode ?? 500;
  if (PLAIN_PROBLEMS.has(status)) return plainProblem(status);
  return status >= 400 && status < 500 ? plainProblem(400) : INTERNAL_ERROR;
}
