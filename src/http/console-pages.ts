import { handleNotFound } from './problem.ts';
import { consolePolicy } from './security-headers.ts';
import type { HttpServer } from './server.ts';

/** The files of the console by their path below `/console/`; `index.html` is the page. */
export type ConsoleFiles = ReadonlyMap<string, Uint8Array>;

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};
/** Their names hold a hash of their content: another content has another name. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * `/console/`: one page for every address below it, which its script reads, and what the page loads. Nobody needs to
 * be logged in for it: it holds nothing of the bank. Its policy lets it run our scripts alone and talk to us alone.
 */
export function registerConsole(server: HttpServer, files: ConsoleFiles): void {
  const page = Buffer.from(files.get('index.html') ?? []);
  const assets = new Map([...files].map(([path, bytes]) => [path, Buffer.from(bytes)]));
  const options = { config: { isPublic: true }, schema: { hide: true } };
  // The router takes the slash at an end away, and what it is left with is another path.
  for (const path of ['/console', '/console/*']) {
    server.get(path, options, (_request, reply) =>
      reply
        .header('content-security-policy', consolePolicy())
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(page),
    );
  }
  server.get<{ Params: { name: string } }>('/console/assets/:name', options, (request, reply) => {
    const { name } = request.params;
    const bytes = assets.get(`assets/${name}`);
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
    if (bytes === undefined || type === undefined) return handleNotFound(request, reply);
    return reply.header('cache-control', FOR_EVER).type(type).send(bytes);
  });
}
