import { hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type OutputFile, stop } from 'esbuild';
import { descriptions } from './describe/plugin.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** The folder that the paths of the pages are below; nothing is written there unless asked. */
const OUT = join(HERE, 'dist');
/** Where the server has the pages. */
const BASE = '/console/';

/** Each file of the console by its path below `/console/`: the page itself is `index.html`. */
export type BuiltConsole = ReadonlyMap<string, Uint8Array>;

/** Builds the console in memory, in under a second. Names of scripts and styles hold a hash of their content. */
export async function buildConsole(): Promise<BuiltConsole> {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, 'src/main.tsx'), join(HERE, 'src/style.css')],
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    legalComments: 'none',
    plugins: [descriptions()],
    define: { 'process.env.NODE_ENV': '"production"' },
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    outdir: OUT,
    absWorkingDir: HERE,
    logLevel: 'silent',
    write: false,
  });
  // Its process would stay for the next build, with 48 MiB, for as long as the server lives.
  await stop();
  const files = new Map(outputFiles.map((file) => [pathOf(file), file.contents]));
  const paths = [...files.keys()];
  const script = paths.find((path) => /^assets\/main-\w+\.js$/.test(path));
  const style = paths.find((path) => path.endsWith('.css'));
  if (script === undefined || style === undefined) throw new Error('the console has no script or no style');
  files.set(ICON_PATH, encode(ICON));
  files.set('index.html', encode(page(script, style)));
  return files;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function pathOf({ path }: OutputFile): string {
  return relative(OUT, path).replaceAll('\\', '/');
}

/** The icon: a coin with the letter of the old florin. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#0b6b50"/><path d="M12 25V7h10M12 15h8" fill="none" stroke="#fff" stroke-width="3"/></svg>`;

const ICON_PATH = `assets/icon-${hash('sha256', ICON).slice(0, 8)}.svg`;

function page(script: string, style: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Florin</title>
<link rel="icon" href="${BASE}${ICON_PATH}">
<link rel="stylesheet" href="${BASE}${style}">
<script type="module" src="${BASE}${script}"></script>
</head>
<body>
<div id="root"></div>
<noscript>The console needs JavaScript.</noscript>
</body>
</html>
`;
}

/** `node console/build.ts`: writes the console to `console/dist`, for an image that has no bundler. */
async function main(): Promise<void> {
  for (const [path, content] of await buildConsole()) {
    const file = join(OUT, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    console.log(`${path} ${content.length} bytes`);
  }
}

if (import.meta.main) await main();
