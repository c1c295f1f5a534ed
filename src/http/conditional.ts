import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest, onSendHookHandler, RouteOptions } from 'fastify';
import { entityTags } from './etag.ts';
import { hooksOf } from './hooks-of.ts';
import type { HttpServer } from './http-server.ts';

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifyContextConfig {
    /** Nothing of the answer changes without the version of the resource. */
    isWholeInVersion?: boolean;
  }
}

/** 48 bits: two representations of one version of one resource do not share them by accident. */
const HASH_LENGTH = 8;

/**
 * From here on the ETag of a resource that is read names its version and what was answered: `"3-Zk3vQ9xA"`. Figures that
 * change without a version, such as the balance of an account, make another tag, so that 304 to If-None-Match (RFC
 * 9110, 13.1.2) is never an old answer. If-Match looks at the version alone.
 */
export function addConditionalReads(server: HttpServer): void {
  server.addHook('onRoute', (route) => {
    const hooks = hooksOf(route.onSend);
    // A HEAD has the hooks of its GET.
    if (isRead(route) && !hooks.includes(compare)) route.onSend = [compare, ...hooks];
  });
}

const compare: onSendHookHandler = (request, reply, payload, done) => {
  const etag = reply.statusCode === 200 ? reply.getHeader('etag') : undefined;
  if (typeof etag !== 'string' || typeof payload !== 'string') {
    done(null, payload);
    return;
  }
  const version = etag.slice(1, -1);
  const tag =
    request.routeOptions.config.isWholeInVersion === true ? version : `${version}-${hashOf(payload)}`;
  reply.header('etag', `"${tag}"`);
  done(null, isKnown(request, tag) ? notModified(reply) : payload);
};

function hashOf(payload: string): string {
  return hash('sha256', payload, 'base64url').slice(0, HASH_LENGTH);
}

function isRead({ method }: RouteOptions): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** The comparison is the weak one (RFC 9110, 8.8.3.2). */
function isKnown({ headers }: FastifyRequest, tag: string): boolean {
  const known = headers['if-none-match'];
  if (known === undefined) return false;
  return known.trim() === '*' || entityTags(known).some((one) => one.tag === tag);
}

function notModified(reply: FastifyReply): string {
  reply.code(304).removeHeader('content-type');
  return '';
}
