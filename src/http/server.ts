import { randomUUIDv7 } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  type ConnectionError,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  fastify,
  LogController,
  type RawServerDefault,
} from 'fastify';
import { NO_OBSERVER, type Observer } from '#lib/observer.ts';
import { addAllowedMethods } from './allowed-methods.ts';
import { buildSerializerOnce } from './compile-once.ts';
import { addConditionalReads } from './conditional.ts';
import { addCursorMarks } from './cursors.ts';
import { isDryRun } from './dry-runs.ts';
import { httpError } from './errors.ts';
import { FORMATS } from './formats.ts';
import type { HttpServer } from './http-server.ts';
import { parseJsonBody } from './json-body.ts';
import { type CompileTime, serializersAtFirstUse, validatorsAtFirstUse } from './lazy-compile.ts';
import { withoutSecrets } from './log-secrets.ts';
import { addObserver } from './observe.ts';
import { handleError, PROBLEM_MEDIA_TYPE, plainProblem, problemBody, sendError } from './problem.ts';
import { closedObject } from './schemas.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { addTracing } from './trace.ts';
import { createValidatorCompiler } from './validation.ts';

export type { HttpServer } from './http-server.ts';

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyContextConfig {
    /** Set on probes: they answer while everything else gets 503 `shutting_down`. */
    answersWhileClosing?: boolean;
  }
}

/** The API's limit of a body; a route for batches and imports sets `bodyLimit: MAX_BATCH_BODY_BYTES`. */
const MAX_BODY_BYTES = 1024 * 1024;
export const MAX_BATCH_BODY_BYTES = 16 * MAX_BODY_BYTES;

/** How long a request may take to arrive. */
export type ArrivalLimits = {
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often Node checks the two; its default of 30 s would allow four times as much. */
  readonly checkIntervalMs: number;
};

const ARRIVAL_LIMITS: ArrivalLimits = {
  // Headers come in one packet: a slower client is holding connections open.
  headersMs: 10_000,
  // A batch of 16 MiB at 2.5 Mbit/s, and the bound on reading and dropping a body that is too large.
  requestMs: 60_000,
  checkIntervalMs: 5_000,
};
/** Silence on a connection in use: above every deadline of a request, so that only the dead are cut off. */
const CONNECTION_TIMEOUT_MS = 120_000;
/** Above the 60 s after which common load balancers drop idle connections: the closing side must be theirs. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;

export type CreateServerOptions = {
  /** Options of pino, or false for no log at all. */
  readonly logger: Exclude<FastifyServerOptions['logger'], undefined | true>;
  /** Addresses and networks of proxies whose X-Forwarded-For is trusted; without any, the address is the socket's. */
  readonly trustedProxies?: readonly string[];
  readonly arrivalLimits?: ArrivalLimits;
  /** The observer: gets every answer, and follows requests. */
  readonly observer?: Observer;
  readonly compiles?: CompileTime;
};

/** An HTTP server without routes that refuses every malformed request as the API promises. */
export function createServer(options: CreateServerOptions): HttpServer {
  const { headersMs, requestMs, checkIntervalMs } = options.arrivalLimits ?? ARRIVAL_LIMITS;
  const isLazy = options.compiles === 'at first use';
  const server = fastify({
    logger: withoutSecrets(options.logger),
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    logController: new AccessLog({ requestIdLogLabel: 'requestId' }),
    genReqId: newRequestId,
    routerOptions: { ignoreTrailingSlash: true },
    bodyLimit: MAX_BODY_BYTES,
    // The serializer validates unions; without its formats it warns on stderr at the first answer of every route.
    serializerOpts: {
      ajv: { formats: Object.fromEntries(Object.keys(FORMATS).map((name) => [name, true])) },
    },
    schemaController: {
      compilersFactory: {
        buildSerializer: isLazy ? serializersAtFirstUse(buildSerializerOnce) : buildSerializerOnce,
      },
    },
    requestTimeout: requestMs,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: {
      headersTimeout: headersMs,
      connectionsCheckingInterval: checkIntervalMs,
      // Node's own answer has no Request-Id; see refuseEarly.
      requireHostHeader: false,
    },
    // Fastify's own answer is not in problem+json; see refuseEarly.
    return503OnClosing: false,
    clientErrorHandler: refuseClient,
    frameworkErrors: (error, request, reply) => {
      setCommonHeaders(request, reply);
      sendError(error, request, reply);
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  const validators = createValidatorCompiler();
  server.setValidatorCompiler(isLazy ? validatorsAtFirstUse(validators) : validators);
  server.setErrorHandler(handleError);
  server.server.on('checkExpectation', ignoreExpectation);
  const { requests, tracer } = options.observer ?? NO_OBSERVER;
  addObserver(server, requests);
  addAllowedMethods(server);
  addConditionalReads(server);
  server.decorateRequest('span', null);
  if (tracer !== undefined) addTracing(server, tracer);
  addJsonParser(server);
  addFirstHook(server);
  refuseUnknownQueries(server);
  addCursorMarks(server);
  return server;
}

const NO_QUERY = closedObject({});

/** An operation of the API that takes no query refuses every parameter, like an unknown field of a body. */
function refuseUnknownQueries(server: HttpServer): void {
  server.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/v1/') || route.method === 'OPTIONS') return;
    route.schema = { querystring: NO_QUERY, ...route.schema };
  });
}

/**
 * One line a request, when it is done: the request, the caller, and the outcome, `done` or the code of the refusal. The
 * route and not the URL: a query may hold names and account numbers.
 */
class AccessLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { method, routeOptions } = request;
    const caller: FastifyRequest['caller'] | undefined = request.caller;
    const line = {
      method,
      route: routeOptions.url,
      status: reply.statusCode,
      outcome: request.refusalCode ?? 'done',
      caller: caller?.actor ?? 'nobody',
      ...(isDryRun(request) ? { dryRun: true } : {}),
      durationMs: Math.round(reply.elapsedTime * 100) / 100,
      ...(request.span === null ? {} : { traceId: request.span.traceId }),
    };
    if (error) request.log.error({ ...line, err: error }, 'request failed');
    else request.log.info(line, 'request');
  }
}

/** Always our own: an id from outside could be anybody's, or anything. */
export function newRequestId(): string {
  return `req_${randomUUIDv7().replaceAll('-', '')}`;
}

function addJsonParser(server: HttpServer): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      const isExpected = request.routeOptions.schema?.body !== undefined;
      // The URL names the target of a DELETE: a client that declares JSON on every call sends it no body.
      const hasNone = request.is404 || (request.method === 'DELETE' && body.length === 0);
      done(null, hasNone ? undefined : parseJsonBody(body, isExpected));
    } catch (error) {
      done(error instanceof Error ? error : new Error('not an error', { cause: error }));
    }
  });
}

function addFirstHook(server: HttpServer): void {
  let isClosing = false;
  server.addHook('preClose', (done) => {
    isClosing = true;
    // Node closes what is idle now; a connection that becomes idle later would hold the close for KEEP_ALIVE_TIMEOUT_MS.
    server.server.keepAliveTimeout = 1;
    done();
  });
  server.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    done(refuseEarly(request, isClosing));
  });
  // Once the caller is known: a stranger learns nothing of what a request must be like.
  server.addHook('preParsing', (request, _reply, _payload, done) => done(refuseEncoded(request) ?? null));
}

function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('request-id', request.id).headers(SECURITY_HEADERS);
}

function refuseEarly(request: FastifyRequest, isClosing: boolean): Error | undefined {
  if (isClosing && request.routeOptions.config.answersWhileClosing !== true) {
    return httpError('shutting_down');
  }
  // RFC 9112, 3.2.
  if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
    return httpError('bad_request', { what: 'request has no Host header' });
  }
  return undefined;
}

function refuseEncoded(request: FastifyRequest): Error | undefined {
  const { 'content-encoding': encoding = 'identity' } = request.headers;
  if (hasBody(request) && encoding.trim().toLowerCase() !== 'identity') {
    return httpError('unsupported_media_type', { what: 'must come without a Content-Encoding' });
  }
  return undefined;
}

/** RFC 9112, 6.3: only these headers announce a body. */
function hasBody({ headers }: FastifyRequest): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': transfer } = headers;
  return transfer !== undefined || Number(length) > 0;
}

/** RFC 9110 lets a server ignore an expectation it does not know; Node would answer 417 without a Request-Id. */
function ignoreExpectation(this: RawServerDefault, request: IncomingMessage, response: ServerResponse): void {
  this.emit('request', request, response);
}

/** Answers what never became a request: bytes that are not HTTP, headers too large or too late. */
function refuseClient(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const statuses: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };
  const status = statuses[error.code] ?? 400;
  const requestId = newRequestId();
  const body = problemBody(plainProblem(status), requestId);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${PROBLEM_MEDIA_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `request-id: ${requestId}`,
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
