import { isIPv6 } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LruMap } from '#lib/concurrency/lru-map.ts';
import { commonError, type FlorinError } from '#lib/errors.ts';
import { systemClock } from '#lib/time/clock.ts';
import type { HttpServer } from './server.ts';

/** The number of requests a caller may make: at once, and a second in the long run. */
export type RateLimit = { readonly perSecond: number; readonly burst: number };

/** The remaining allowance of a caller after a request. */
export type Allowance = {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until the next request is allowed; 0 if it is now. */
  readonly retryAfterSeconds: number;
  /** Until the full burst is allowed again. */
  readonly resetSeconds: number;
};

/** A megabyte of memory. Beyond this, the least recent caller is forgotten and starts with a full allowance. */
const MAX_CALLERS = 10_000;

type Bucket = { tokens: number; atMs: number };

/**
 * A token bucket for each caller, in this process's memory: several processes together allow several times as much. It
 * protects the server from overload; logins have limits of their own, kept in the database.
 */
export class RateLimiter {
  readonly limit: RateLimit;
  readonly #nowMs: () => number;
  readonly #buckets = new LruMap<Bucket>(MAX_CALLERS);

  constructor(limit: RateLimit, nowMs: () => number = () => systemClock.monotonicMs()) {
    this.limit = limit;
    this.#nowMs = nowMs;
  }

  /** Counts one request of a caller, unless it is one too many: refused ones cost nothing. */
  take(caller: string): Allowance {
    const bucket = this.#refill(caller);
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    this.#buckets.set(caller, bucket);
    return this.#allowance(bucket, allowed);
  }

  /** What `take` would say, without counting. */
  look(caller: string): Allowance {
    const bucket = this.#refill(caller);
    return this.#allowance(bucket, bucket.tokens >= 1);
  }

  #refill(caller: string): Bucket {
    const { perSecond, burst } = this.limit;
    const nowMs = this.#nowMs();
    const { tokens, atMs } = this.#buckets.peek(caller) ?? { tokens: burst, atMs: nowMs };
    return { tokens: Math.min(burst, tokens + ((nowMs - atMs) / 1000) * perSecond), atMs: nowMs };
  }

  #allowance({ tokens }: Bucket, allowed: boolean): Allowance {
    const { perSecond, burst } = this.limit;
    return {
      allowed,
      remaining: Math.floor(tokens),
      retryAfterSeconds: tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perSecond),
      resetSeconds: Math.ceil((burst - tokens) / perSecond),
    };
  }
}

/**
 * Limits requests by caller, and those without one by address. The operator, who has the database itself, and probes
 * are not limited. An address whose tokens were refused too often is refused before they are looked at. 429
 * `too_many_requests` with Retry-After. Every limited answer carries RateLimit and RateLimit-Policy
 * (draft-ietf-httpapi-ratelimit-headers-10).
 */
export function addRateLimit(server: HttpServer, limiter: RateLimiter): void {
  const { perSecond, burst } = limiter.limit;
  const policy = `"caller";q=${burst};w=${Math.ceil(burst / perSecond)}`;
  const judge = (reply: FastifyReply, allowance: Allowance): FlorinError | undefined => {
    const { allowed, remaining, resetSeconds, retryAfterSeconds } = allowance;
    reply.header('ratelimit-policy', policy);
    reply.header('ratelimit', `"caller";r=${remaining};t=${resetSeconds}`);
    if (allowed) return undefined;
    return commonError('too_many_requests', { what: 'requests in too short a time', retryAfterSeconds });
  };
  server.addHook('onRequest', (request, reply, done) => {
    const allowance = isProbe(request) ? undefined : limiter.look(addressOf(request));
    done(allowance?.allowed === false ? judge(reply, allowance) : undefined);
  });
  const counted = new WeakSet<FastifyRequest>();
  // After all hooks of onRequest: by now the caller is known. Nothing of the body was read yet.
  server.addHook('preParsing', (request, reply, _payload, done) => {
    counted.add(request);
    const caller = callerOf(request);
    const isLimited = !isProbe(request) && caller?.role !== 'operator';
    done(isLimited ? judge(reply, limiter.take(caller?.actor ?? addressOf(request))) : undefined);
  });
  // Refused by the authentication, or a browser's preflight: the hook above was not reached. A key that came from a
  // wrong address costs that address, and not its owner.
  server.addHook('onResponse', (request, { statusCode }, done) => {
    const isUncounted =
      statusCode === 401 || statusCode === 403 || (statusCode === 204 && request.method === 'OPTIONS');
    if (isUncounted && !counted.has(request)) limiter.take(addressOf(request));
    done();
  });
}

function isProbe(request: FastifyRequest): boolean {
  return request.routeOptions.config.answersWhileClosing === true;
}

function callerOf(request: FastifyRequest): FastifyRequest['caller'] | undefined {
  return request.caller;
}

function addressOf(request: FastifyRequest): string {
  return `address ${networkOf(request.ip)}`;
}

/** An IPv6 address without its last 64 bits: whoever has one of a network has all of them. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
