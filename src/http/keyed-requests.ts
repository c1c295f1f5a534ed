import type { FastifyReply, FastifyRequest, preHandlerHookHandler, RouteOptions } from 'fastify';
import type { Caller } from '#lib/caller.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { canonicalJson } from './canonical-json.ts';
import { isDryRun } from './dry-runs.ts';
import { hooksOf } from './hooks-of.ts';
import {
  IdempotencyHeaders,
  markReplay,
  OptionalIdempotencyHeaders,
  optionalIdempotencyKey,
  requireIdempotencyKey,
} from './idempotency.ts';
import type { HttpServer } from './server.ts';

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyRequest {
    /** The work under the request's key, until it is answered. */
    keyedWork: KeyedWork | null;
  }
}

/** A request under a key, as the store of keys knows it. */
export type KeyedRequest = {
  readonly caller: Caller;
  readonly key: string;
  readonly operation: string;
  readonly requestHash: Buffer;
};

/** An answer as it is kept: what the client sees of it. */
export type KeptAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Work that was begun under a key: it ends with its answer, or without one, and its key is free again. */
export type KeyedWork = {
  readonly within: (work: () => void) => void;
  readonly complete: (answer: KeptAnswer) => Promise<void>;
  readonly giveUp: (isFailure: boolean) => Promise<void>;
};

/** Where keys are kept. Throws 422 `idempotency_key_reused`, 409 `idempotency_in_progress`. */
export type KeyStore = {
  readonly begin: (request: KeyedRequest) => Promise<KeyedWork | KeptAnswer>;
  /** Notes a key whose repetition does no harm, or finds it noted. */
  readonly note: (request: KeyedRequest) => Promise<void>;
};

/**
 * What a POST does with its key: `required` where it moves or promises money, `long` for work that is more than one
 * transaction and may be repeated by itself. A key is optional for the others.
 */
export type KeyNeeds = Readonly<Record<string, 'required' | 'long'>>;

/** Headers that say something about the resource; all others are about the one answer. */
const KEPT_HEADERS = ['content-type', 'etag', 'location'] as const;

/**
 * From here on every POST takes an Idempotency-Key: the first answer is stored with the work, in one transaction, and
 * answered again to a repetition; another request under the key is refused with 422 `idempotency_key_reused`. Refusals
 * are not kept: the key stays free. Left out are routes that document the header, and so see to it themselves, those
 * that are public, because keys belong to a caller, and those that change nothing. Call after
 * addAuthorisation.
 */
export function addKeyedRequests(server: HttpServer, keys: KeyStore, needs: KeyNeeds): void {
  server.decorateRequest('keyedWork', null);
  server.addHook('onRoute', (route) => {
    if (!isKeyedHere(route)) return;
    const need = needs[route.schema?.operationId ?? ''];
    const problems = [...(route.schema?.problems ?? []), 'not_found', 'answer_erased'];
    route.schema = {
      ...route.schema,
      problems,
      headers: need === 'required' ? IdempotencyHeaders : OptionalIdempotencyHeaders,
    };
    const claim = need === 'long' ? noteKey(keys) : beginWork(keys, need === 'required');
    route.preHandler = [...hooksOf(route.preHandler), claim];
    route.onSend = [...hooksOf(route.onSend), endWork];
  });
}

function isKeyedHere({ method, schema, config, url }: RouteOptions): boolean {
  const isOurs = method === 'POST' && url.startsWith('/v1/');
  const hasOwn = schema?.headers !== undefined && 'properties' in Object(schema.headers);
  const takesKey =
    hasOwn && 'Idempotency-Key' in Object((schema.headers as { properties: unknown }).properties);
  return isOurs && !takesKey && config?.isPublic !== true && config?.changesNothing !== true;
}

function beginWork(keys: KeyStore, isRequired: boolean): preHandlerHookHandler {
  return (request, reply, done) => {
    const isKept = !isDryRun(request);
    const key = isKept && (isRequired ? requireIdempotencyKey(request) : optionalIdempotencyKey(request));
    if (key === undefined || key === false) {
      done();
      return;
    }
    keys.begin(keyedRequest(request, key)).then((begun) => {
      if ('status' in begun) {
        sendAgain(reply, begun);
        return;
      }
      request.keyedWork = begun;
      begun.within(done);
    }, done);
  };
}

function noteKey(keys: KeyStore): preHandlerHookHandler {
  return (request, _reply, done) => {
    const key = optionalIdempotencyKey(request);
    if (key === undefined) done();
    else keys.note(keyedRequest(request, key)).then(() => done(), done);
  };
}

function keyedRequest(request: FastifyRequest, key: string): KeyedRequest {
  const { caller, params, query, body, routeOptions } = request;
  const operation = routeOptions.schema?.operationId ?? '';
  const ifMatch = request.headers['if-match'];
  const meaning = [canonicalJson(params), canonicalJson(query), canonicalJson(body), ifMatch];
  return { caller, key, operation, requestHash: hashRequest(operation, meaning) };
}

function sendAgain(reply: FastifyReply, { status, headers, body }: KeptAnswer): void {
  markReplay(reply, true);
  reply.code(status).headers(headers);
  // Bytes, which are sent as they are.
  reply.send(body === '' ? undefined : Buffer.from(body));
}

/** Commits the work with its answer before that is sent. */
async function endWork(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const { keyedWork: work } = request;
  if (work === null) return payload;
  request.keyedWork = null;
  if (reply.statusCode >= 300) {
    await work.giveUp(reply.statusCode >= 500);
    return payload;
  }
  const headers = KEPT_HEADERS.flatMap((name): [string, string][] => {
    const value = reply.getHeader(name);
    return value === undefined ? [] : [[name, String(value)]];
  });
  const body = typeof payload === 'string' ? payload : '';
  try {
    await work.complete({ status: reply.statusCode, headers: Object.fromEntries(headers), body });
  } catch (error) {
    for (const [name] of headers) reply.removeHeader(name);
    throw error;
  }
  return payload;
}
