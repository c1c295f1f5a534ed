import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDERS = ['src', 'examples', 'test', 'bench', 'crash-lab', 'fuzz', 'scripts', 'deploy'];

const ALIASES = Object.entries(
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { imports: Record<string, string> })
    .imports,
)
  .map(([name, path]) => [name.replace('*', ''), path.replace('*', '').replace('./', '')] as const)
  .toSorted(([one], [other]) => other.length - one.length);

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
    .map((name) => join(folder, name)),
);

/** Where a specifier leads, from the root; undefined for a package. */
function resolve(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return relative(ROOT, join(ROOT, dirname(file), specifier));
  const alias = ALIASES.find(([name]) => specifier.startsWith(name));
  return alias === undefined ? undefined : alias[1] + specifier.slice(alias[0].length);
}

const namesOf = (list: string): string[] =>
  list
    .split(',')
    .map((name) => name.trim().replace(/^type /, ''))
    .filter((name) => name !== '');

const FROM = /^(?:import|export) (?:type )?(?:\{([^}]*)\}|(\* as \w+)) from '([^']+)'/gm;
const WHOLE = /import\('([^']+)'\)|new URL\('([^']+\.ts)'/g;

/** What other files take from each file: names, or `*` for all of it. */
function findUses(): ReadonlyMap<string, ReadonlySet<string>> {
  const uses = new Map<string, Set<string>>();
  const note = (target: string | undefined, name: string): void => {
    if (target === undefined) return;
    uses.set(target, (uses.get(target) ?? new Set()).add(name));
  };
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const [, list, all, specifier = ''] of text.matchAll(FROM)) {
      const names =
        all === undefined ? namesOf(list ?? '').map((name) => name.split(' as ')[0] ?? '') : ['*'];
      for (const name of names) note(resolve(file, specifier), name);
    }
    for (const [, imported, located] of text.matchAll(WHOLE)) {
      const target = imported === undefined ? join(dirname(file), located ?? '') : resolve(file, imported);
      note(target, '*');
    }
  }
  return uses;
}

const VALUE = /^export (?:async )?(?:abstract )?(?:function\*?|const|let|class) (\w+)/gm;
const LIST = /^export (type )?\{([^}]*)\}/gm;

/** The values that a file exports; of a contract, the types too: it hands out nothing that nobody asks for. */
function exportsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const lists = [...text.matchAll(LIST)].filter(
    ([, isType]) => isType === undefined || file.endsWith('contract.ts'),
  );
  const listed = lists.flatMap(([, , list = '']) =>
    namesOf(list).map((name) => name.split(' as ').at(-1) ?? ''),
  );
  return [...[...text.matchAll(VALUE)].map(([, name = '']) => name), ...listed];
}

/** Helpers whose first users are being written. */
const SOON: readonly string[] = [
  'src/http/fields.ts whole',
  'src/http/fields.ts flag',
  'src/http/idempotency.ts markReplay',
  'src/lib/text.ts orNull',
];

test('nothing is exported that no other file imports', () => {
  const uses = findUses();
  assert.ok(uses.size > 300, `${uses.size} files are imported`);
  const dead = files
    .filter((file) => file.startsWith('src/') && uses.get(file)?.has('*') !== true)
    .flatMap((file) =>
      exportsOf(file).flatMap((name) => (uses.get(file)?.has(name) ? [] : [`${file} ${name}`])),
    );
  // bin/florin.mjs imports main.
  const excepted = ['src/main.ts main', ...SOON];
  assert.deepEqual(
    dead.filter((name) => !excepted.includes(name)),
    [],
  );
});
