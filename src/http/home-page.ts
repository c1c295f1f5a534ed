import { hash } from 'node:crypto';
import { handleNotFound } from './problem.ts';
import { policyOfStyledPage } from './security-headers.ts';
import type { HttpServer } from './server.ts';

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif; }
body { max-width: 38rem; margin: 4rem auto; padding: 0 1.5rem; }
code { font-size: 0.9em; }
li { margin-block: 0.5rem; }
`;

/**
 * `/`: what this is and where the documentation is, for a browser. Everybody else gets the same 404 as on any path that
 * is not there. It says nothing about the bank: anybody may read it.
 */
export function registerHomePage(server: HttpServer, version: string, hasConsole: boolean): void {
  const page = homePage(version);
  const policy = policyOfStyledPage([`sha256-${hash('sha256', STYLE, 'base64')}`]);
  const options = { config: { isPublic: true }, schema: { hide: true } };
  server.get('/', options, (request, reply) => {
    reply.header('vary', 'accept');
    // A browser that opens a page says so by name; programs ask for JSON or for anything.
    if (!/\btext\/html\b/i.test(request.headers.accept ?? '')) return handleNotFound(request, reply);
    if (hasConsole) return reply.redirect('/console/');
    return reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(page);
  });
}

function homePage(version: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Florin</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Florin</h1>
<p>This is the API of a bank, Florin ${version}. It has no pages for customers: programs and the command line talk to it.</p>
<ul>
<li><a href="/docs">Documentation</a> of every operation, to read and to try out</li>
<li><a href="/openapi.json">openapi.json</a>, for tools that make clients</li>
<li><a href="/health/ready">Whether the bank is ready</a></li>
</ul>
<p>Log in with <code>POST /v1/auth/login</code>, or in a terminal with <code>florin login</code>. The server prints at its start as whom.</p>
</main>
</body>
</html>
`;
}
