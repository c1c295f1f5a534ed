import { hash } from 'node:crypto';
import swagger from '@fastify/swagger';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { SECURITY_SCHEME } from './authorisation.ts';
import { docsPage } from './docs-page.ts';
import { httpError } from './errors.ts';
import { type DocumentTables, finishDocument } from './openapi-document.ts';
import { pageDocument } from './page-document.ts';
import { pagePolicy } from './security-headers.ts';
import type { HttpServer } from './server.ts';

export type OpenApiOptions = DocumentTables & {
  readonly version: string;
  /** Every tag that a route may have, in the order of the page. */
  readonly tags: readonly { readonly name: string; readonly description: string }[];
};

const DESCRIPTION = `A bank's back end: customers, accounts and payments on a double-entry ledger.

Money is a decimal string in major units. Every POST takes an \`Idempotency-Key\` and may be repeated
with it; one that moves or promises money needs it. Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`. Lists are paged by
\`cursor\`. Every answer carries a \`Request-Id\`. Customers, accounts and the beneficiary in the examples are those of
the demo bank; all other ids are made up: take one from a list, or from an answer. What
needs a token answers 401 \`unauthenticated\` without a good one, and 403 \`forbidden\` where the caller may not.`;

const LICENSE = { name: 'Apache-2.0', identifier: 'Apache-2.0' };

const BEARER = {
  type: 'http',
  scheme: 'bearer',
  description: 'An access token, as `POST /v1/auth/login` answers it, or the token of an API key.',
} as const;

/**
 * The OpenAPI document at `/openapi.json` and its page at `/docs`. Call before the routes: from then on a route
 * under /v1 without operationId, summary, known tag and success response does not register.
 */
export async function registerOpenApi(server: HttpServer, options: OpenApiOptions): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Florin', version: options.version, description: DESCRIPTION, license: LICENSE },
      // Whichever server the document came from.
      servers: [{ url: '/' }],
      tags: options.tags.map((tag) => ({ ...tag })),
      components: { securitySchemes: { [SECURITY_SCHEME]: BEARER } },
      security: [{ [SECURITY_SCHEME]: [] }],
    },
    convertConstToEnum: false,
    transformObject: (documented) =>
      'openapiObject' in documented
        ? finishDocument(documented.openapiObject, routes, options)
        : documented.swaggerObject,
  });
  const routes = new Map<string, RouteOptions>();
  const tags = new Set(options.tags.map(({ name }) => name));
  server.addHook('onRoute', (route) => keepDocumented(route, { tags, routes, examples: options.examples }));
  server.addHook('onRoute', (route) => {
    if (!/^[/]docs([/]|$)/.test(route.url)) return;
    route.config = { ...route.config, isPublic: true };
    route.onSend = allowOwnScripts;
  });
  let document: string | undefined;
  server.get('/openapi.json', { config: { isPublic: true }, schema: { hide: true } }, (_request, reply) => {
    document ??= JSON.stringify(server.swagger());
    return reply.type('application/json; charset=utf-8').send(document);
  });
  let shown: string | undefined;
  server.get('/docs/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    shown ??= JSON.stringify(pageDocument({ ...server.swagger() }));
    return reply.type('application/json; charset=utf-8').send(shown);
  });
  const hidden = { schema: { hide: true }, onRequest: requireHost } as const;
  server.get('/docs/', hidden, async (request, reply) => {
    if (!request.url.split('?', 1)[0]?.endsWith('/')) return reply.redirect('/docs/', 301);
    return reply.type('text/html; charset=utf-8').send((await docsPage()).html);
  });
  server.get('/docs/js/scalar.js', hidden, async (_request, reply) => {
    return reply.type('application/javascript; charset=utf-8').send((await docsPage()).script);
  });
}

type Documented = Pick<DocumentTables, 'examples'> & {
  readonly tags: ReadonlySet<string>;
  readonly routes: Map<string, RouteOptions>;
};

/** Keeps a route by its operationId. Throws for one under /v1 without the parts that the document needs. */
function keepDocumented(route: RouteOptions, { tags, routes, examples }: Documented): void {
  const { operationId, summary, tags: routeTags = [], response, body } = route.schema ?? {};
  if (route.method === 'HEAD') return;
  const responses = Object.keys(response ?? {});
  const missing = [
    operationId === undefined && 'an operationId',
    summary === undefined && 'a summary',
    (routeTags.length === 0 || !routeTags.every((tag) => tags.has(tag))) && 'a known tag',
    !responses.some((status) => status.startsWith('2')) && 'a success response schema',
    body !== undefined && examples[operationId ?? ''] === undefined && 'an example of its body',
    operationId !== undefined && routes.has(operationId) && `an operationId other than ${operationId}`,
  ].filter((lack) => lack !== false);
  if (route.url.startsWith('/v1/') && missing.length > 0)
    throw new TypeError(`${String(route.method)} ${route.url} lacks ${missing.join(', ')}.`);
  if (operationId !== undefined) routes.set(operationId, route);
}

function requireHost(request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void {
  const isHostValid = URL.canParse(`${request.protocol}://${request.hostname}`);
  done(isHostValid ? undefined : httpError('bad_request', { what: 'Host header is not valid' }));
}

/**
 * The page keeps what it is given, the token among it, for as long as its tab is open: what its script takes for the
 * browser's permanent storage is that of the tab. Before the script, which looks for it as it is loaded.
 */
const KEEP_FOR_TAB = "Object.defineProperty(window, 'localStorage', { get: () => window.sessionStorage });\n";

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gs;

/** Lets a page run only the scripts that were written into it here, by their hashes. */
function allowOwnScripts(
  _request: FastifyRequest,
  reply: FastifyReply,
  page: unknown,
  done: (error: null, page: unknown) => void,
): void {
  const type = String(reply.getHeader('content-type'));
  if (typeof page === 'string' && type.includes('javascript')) {
    reply.removeHeader('content-length');
    done(null, `${KEEP_FOR_TAB}${page}`);
    return;
  }
  if (typeof page === 'string' && type.startsWith('text/html')) {
    const scripts = [...page.matchAll(INLINE_SCRIPT)].map(([, script = '']) => script);
    const hashes = scripts.map((script) => `sha256-${hash('sha256', script, 'base64')}`);
    reply.header('content-security-policy', pagePolicy(hashes));
  }
  done(null, page);
}
