import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCE = join(ROOT, 'src');

type Import = { readonly from: string; readonly to: string };

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(SOURCE, name));

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    return { from: relative(SOURCE, file), to: resolveSpecifier(file, specifier) };
  });
}

/** A path below src, or the package's name. */
function resolveSpecifier(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return relative(SOURCE, join(dirname(file), specifier));
  if (specifier.startsWith('#src/')) return specifier.slice('#src/'.length);
  if (specifier.startsWith('#')) return specifier.slice(1);
  return `npm:${specifier}`;
}

/** Folder of a file below src: `lib`, `features/loans`, or `root` for what stands in src itself. */
function layerOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  if (!path.includes('/')) return 'root';
  return first === 'features' ? `features/${second}` : first;
}

const isEntity = (from: string): boolean => {
  const [, feature = '', file = ''] = from.split('/');
  return (
    from.startsWith('features/') &&
    [feature.replace(/ies$/, 'y').replace(/s$/, '')].some((name) => file === `${name}.ts`)
  );
};

/** Whether a file of a feature rests on nothing but lib and such files of its own folder: it does no I/O. */
function isPure(path: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (seen.has(path)) return true;
  return (importsByFile.get(path) ?? []).every(({ to }) => {
    if (layerOf(to) === 'lib') return true;
    return layerOf(to) === layerOf(path) && isPure(to, new Set([...seen, path]));
  });
}

/** An entity does no I/O: it imports lib, and what is as pure in its folder. */
function mayEntityImport({ from, to }: Import): boolean {
  return layerOf(to) === 'lib' || (layerOf(to) === layerOf(from) && isPure(to));
}

function mayImport({ from, to }: Import): boolean {
  if (to.startsWith('npm:')) return mayImportPackage(from, to.slice('npm:'.length));
  const layer = layerOf(from);
  const target = layerOf(to);
  if (isEntity(from)) return mayEntityImport({ from, to });
  if (target === layer) return true;
  switch (layer) {
    case 'root':
      return true;
    case 'lib':
      return false;
    case 'db':
      return target === 'lib';
    case 'ledger':
    case 'http':
      return ['lib', 'db'].includes(target);
    case 'jobs':
      return ['lib', 'db', 'ledger'].includes(target) || isContract(to);
    case 'cli':
      return ['lib', 'db', 'ledger', 'jobs', 'root'].includes(target) || isContract(to);
    default:
      if (target === 'http') return isHttpSide(from);
      return ['lib', 'db', 'ledger'].includes(target) || isContract(to);
  }
}

function mayImportPackage(from: string, name: string): boolean {
  if (name === 'pg' || name === 'pg-copy-streams') return layerOf(from) === 'db';
  if (name === 'fastify' || name.startsWith('@fastify/') || name === 'typebox') {
    return layerOf(from) === 'http' || layerOf(from) === 'root' || isHttpSide(from);
  }
  if (name === 'prom-client' || name.startsWith('@opentelemetry/')) return layerOf(from) === 'watch';
  if (name === 'commander' || name === 'cli-table3') return layerOf(from) === 'cli';
  return true;
}

const isHttpSide = (from: string): boolean => /[/-](routes|schemas)\.ts$/.test(from);

const isContract = (path: string): boolean => /^features\/[^/]+\/contract\.ts$/.test(path);

const importsByFile = new Map(files.map((file) => [relative(SOURCE, file), importsOf(file)] as const));

test('every import follows the rules of the house', () => {
  assert.ok(files.length > 40, 'the source was found');
  const broken = files.flatMap(importsOf).filter((one) => !mayImport(one));
  assert.deepEqual(
    broken.map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
});

test('the rules refuse what they are there to refuse', () => {
  const refused: Import[] = [
    { from: 'lib/money.ts', to: 'db/database.ts' },
    { from: 'ledger/post.ts', to: 'features/accounts/contract.ts' },
    { from: 'features/accounts/service.ts', to: 'features/customers/service.ts' },
    { from: 'features/accounts/service.ts', to: 'http/server.ts' },
    { from: 'features/accounts/account.ts', to: 'db/database.ts' },
    { from: 'features/accounts/account.ts', to: 'features/customers/contract.ts' },
    { from: 'features/loans/loan.ts', to: 'features/loans/loan-repository.ts' },
    { from: 'features/accounts/repository.ts', to: 'npm:pg' },
    { from: 'features/accounts/service.ts', to: 'npm:fastify' },
    { from: 'ledger/posting-queue.ts', to: 'npm:prom-client' },
    { from: 'cli/main.ts', to: 'features/accounts/service.ts' },
  ];
  for (const one of refused) assert.equal(mayImport(one), false, `${one.from} -> ${one.to}`);
});

test('no file imports itself by way of others', () => {
  const graph = new Map(files.map((file) => [relative(SOURCE, file), importsOf(file).map(({ to }) => to)]));
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (done.has(file)) return;
    assert.ok(!path.includes(file), `a cycle: ${[...path, file].join(' -> ')}`);
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
});

test('time and the console stay in their places', () => {
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const name = relative(SOURCE, file);
    if (name !== 'lib/clock.ts') assert.doesNotMatch(text, /Date\.now\(\)|new Date\(\)/, name);
  }
});

test('no source or test file is over 400 lines', () => {
  const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(ROOT, 'test', name));
  for (const file of [...files, ...tests]) {
    if (file.endsWith('db/tables.ts')) continue;
    const lines = readFileSync(file, 'utf8').split('\n').length;
    assert.ok(lines <= 400, `${relative(ROOT, file)} has ${lines} lines`);
  }
});
