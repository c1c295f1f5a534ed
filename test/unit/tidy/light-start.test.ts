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

test('the command line loads the bank only when it works with it', () => {
  const seen = new Map<string, string>();
  const open = [join(ROOT, 'src/main.ts')];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(STATIC)) {
      const name = specifier.split('/')[0] ?? '';
      assert.ok(!HEAVY.includes(name), `${relative(ROOT, file)} loads ${specifier}`);
      const next = resolve(file, specifier);
      if (next === undefined || seen.has(next)) continue;
      seen.set(next, file);
      open.push(next);
    }
  }
  assert.ok(seen.size > 40, 'the files were found');
});
