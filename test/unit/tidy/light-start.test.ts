import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const { imports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  imports: Record<string, string>;
};

/** Half a second of loading, which a command needs only once it works with the bank. */
const HEAVY = ['pg', 'kysely', 'fastify', 'typebox', 'ajv', 'jose', 'pdfkit', 'libphonenumber-js'];

/** Imports that are made before a line of the program runs: neither of types alone nor by `import()`. */
const STATIC = /^(?:import|export) (?!type )[^;]*?from '([^']+)'/gms;

function resolve(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier);
  const alias = Object.entries(imports).find(([name]) => specifier.startsWith(name.replace('*', '')));
  return alias && join(ROOT, alias[1].replace('*', ''), specifier.slice(alias[0].length - 1));
}

/** What is loaded before a line of a program runs: packages by their first names, and the number of files. */
function loadedBy(program: string): { readonly packages: Map<string, string>; readonly files: number } {
  const packages = new Map<string, string>();
  const seen = new Set<string>();
  const open = [join(ROOT, program)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(STATIC)) {
      packages.set(specifier.split('/')[0] ?? '', `${relative(ROOT, file)} loads ${specifier}`);
      const next = resolve(file, specifier);
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return { packages, files: seen.size };
}

test('the command line loads the bank only when it works with it', () => {
  const { packages, files } = loadedBy('src/main.ts');
  for (const name of HEAVY) assert.equal(packages.get(name), undefined);
  assert.ok(files > 40, 'the files were found');
});

test('a server loads the page of the document only when somebody asks for it', () => {
  const { packages, files } = loadedBy('src/serve/server.ts');
  assert.notEqual(packages.get('fastify'), undefined);
  assert.equal(packages.get('@scalar'), undefined);
  assert.ok(files > 400, 'the files were found');
});
