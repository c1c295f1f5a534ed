import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/**
 * The headers of every answer: helmet's, with a policy for answers that are data, never to be run, framed or stored.
 * They are the same for all requests, so helmet is asked once. Its plugin asks again for each: that takes 3 µs and two
 * hooks, and refusals written ahead of the framework would go without them.
 *
 * Strict-Transport-Security counts only where it arrives over TLS (RFC 6797, 8.1), from the proxy in front: browsers
 * ignore it over plain HTTP.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  ...headersOf({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    xFrameOptions: { action: 'deny' },
  }),
  'cache-control': 'no-store',
});

/** The policy of a page that runs scripts of ours alone, and inline only those with these hashes; it talks to us alone. */
export function pagePolicy(scriptHashes: readonly string[]): string {
  const directives = {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'", ...scriptHashes.map((hash) => `'${hash}'`)],
    // Its components bring their styles along.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  };
  const policy = headersOf({ contentSecurityPolicy: { useDefaults: false, directives } });
  return policy['content-security-policy'] ?? '';
}

/** The policy of a page without scripts, with styles of these hashes alone. */
export function policyOfStyledPage(styleHashes: readonly string[]): string {
  const directives = {
    defaultSrc: ["'none'"],
    styleSrc: styleHashes.map((hash) => `'${hash}'`),
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  };
  const policy = headersOf({ contentSecurityPolicy: { useDefaults: false, directives } });
  return policy['content-security-policy'] ?? '';
}

/** The policy of the console: scripts, styles, pictures and requests of our own alone, nothing inline, trusted types. */
export function consolePolicy(): string {
  const directives = {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
  };
  const policy = headersOf({ contentSecurityPolicy: { useDefaults: false, directives } });
  return policy['content-security-policy'] ?? '';
}

function headersOf(options: Parameters<typeof helmet>[0]): Record<string, string> {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(options)(response.req, response, () => undefined);
  return Object.fromEntries(
    Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
}
