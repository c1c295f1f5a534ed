import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SOURCE = join(ROOT, 'src');

/** Names of package.json for folders of the project, the longest first: `#lib/` is `src/lib/`. */
const ALIASES = Object.entries(
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { imports: Record<string, string> })
    .imports,
)
  .map(([name, path]) => [name.replace('*', ''), path.replace('*', '')] as const)
  .toSorted(([one], [other]) => other.length - one.length);

/** Entities: classes that hold the rules of one thing and do no I/O. */
const ENTITIES: readonly string[] = [
  'features/accounts/account.ts',
  'features/authority/role-limits.ts',
  'features/beneficiaries/beneficiary.ts',
  'features/customers/customer.ts',
  'features/holds/hold.ts',
  'features/limits/limit.ts',
  'features/loans/loan.ts',
  'features/loans/products/loan-product.ts',
  'features/payments/incoming-payment.ts',
  'features/payments/outgoing-payment.ts',
  'features/products/product.ts',
  'features/standing-orders/execution.ts',
  'features/standing-orders/standing-order.ts',
  'features/transactions/transaction.ts',
  'identity/api-keys/api-key.ts',
  'identity/users/user.ts',
];

/** Whom a room of the house may import, beside itself: what stands below it in the tower. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  'version.ts': [],
  db: ['lib'],
  embedded: ['lib'],
  paper: ['lib'],
  ledger: ['lib', 'db'],
  http: ['lib', 'db'],
  features: ['lib', 'db', 'paper', 'ledger', 'http', 'features'],
  identity: ['lib', 'db', 'ledger', 'http', 'features', 'identity'],
  watch: ['lib', 'db', 'ledger'],
  config: ['lib', 'db', 'features', 'identity', 'watch'],
  bank: ['lib', 'db', 'embedded', 'paper', 'ledger', 'http', 'features', 'identity', 'config', 'version.ts'],
  backup: ['lib', 'db', 'ledger', 'features', 'config', 'bank', 'version.ts'],
  demo: ['lib', 'db', 'embedded', 'features', 'config', 'bank'],
  serve: ['lib', 'http', 'features', 'watch', 'config', 'bank', 'demo', 'version.ts'],
  cli: [
    'lib',
    'db',
    'embedded',
    'ledger',
    'features',
    'identity',
    'config',
    'bank',
    'backup',
    'demo',
    'serve',
    'version.ts',
  ],
  'main.ts': ['cli'],
};

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

/** Where a specifier leads: a path below src, `root:` and a path beside it, or `npm:` and the package's name. */
function resolveSpecifier(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return belowSource(join(dirname(file), specifier));
  const alias = ALIASES.find(([name]) => specifier.startsWith(name));
  if (alias === undefined) return `npm:${specifier}`;
  return belowSource(join(ROOT, alias[1], specifier.slice(alias[0].length)));
}

function belowSource(path: string): string {
  const fromSource = relative(SOURCE, path);
  return fromSource.startsWith('..') ? `root:${relative(ROOT, path)}` : fromSource;
}

/** The folder of a file below src, such as `lib`; or the file itself if it lies in src. */
function roomOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** A room whose folders are features: only the contract of one is open to others. */
const hasContracts = (room: string): boolean => room === 'features' || room === 'identity';

/** `features/loans` for a file of that feature, however deep; the room for any other file. */
function featureOf(path: string): string {
  const room = roomOf(path);
  return hasContracts(room) ? path.split('/').slice(0, 2).join('/') : room;
}

/** Whether a file rests on nothing but lib and such files of the ledger and its own feature: it does no I/O. */
function isPure(path: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (seen.has(path)) return true;
  return (importsByFile.get(path) ?? []).every(({ to }) => {
    if (roomOf(to) === 'lib') return true;
    const isNear = roomOf(to) === 'ledger' || featureOf(to) === featureOf(path);
    return isNear && isPure(to, new Set([...seen, path]));
  });
}

/** An entity does no I/O: it imports lib, and what is as pure in its feature and the ledger. */
function mayEntityImport({ from, to }: Import): boolean {
  if (roomOf(to) === 'lib') return true;
  return (roomOf(to) === 'ledger' || featureOf(to) === featureOf(from)) && isPure(to);
}

function mayImport({ from, to }: Import): boolean {
  if (to.startsWith('npm:')) return mayImportPackage(from, to.slice('npm:'.length));
  if (to.startsWith('root:')) return false;
  if (ENTITIES.includes(from)) return mayEntityImport({ from, to });
  if (featureOf(to) === featureOf(from)) return true;
  const room = roomOf(from);
  const target = roomOf(to);
  if (!(MAY_IMPORT[room] ?? []).includes(target)) return false;
  if (target === 'http' && hasContracts(room)) return isHttpSide(from);
  if (!hasContracts(target) || room === 'bank') return true;
  return isContract(to);
}

function mayImportPackage(from: string, name: string): boolean {
  const room = roomOf(from);
  if (name === 'pg' || name === 'pg-copy-streams') return ['db', 'embedded', 'backup'].includes(room);
  if (name === 'typebox' && room === 'backup') return true;
  if (name === 'fastify' || name.startsWith('@fastify/') || name === 'typebox') {
    return ['http', 'bank'].includes(room) || isHttpSide(from);
  }
  if (name === 'prom-client' || name.startsWith('@opentelemetry/')) return room === 'watch';
  if (name === 'commander' || name === 'cli-table3') return room === 'cli';
  return true;
}

const isHttpSide = (from: string): boolean => /[/-](routes|schemas)\.ts$/.test(from);

const isContract = (path: string): boolean => /^(features|identity)\/[^/]+\/contract\.ts$/.test(path);

const importsByFile = new Map(files.map((file) => [relative(SOURCE, file), importsOf(file)] as const));

test('every import follows the rules of the house', () => {
  assert.ok(files.length > 40, 'the source was found');
  const broken = files.flatMap(importsOf).filter((one) => !mayImport(one));
  assert.deepEqual(
    broken.map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
});

test('every entity is there', () => {
  for (const entity of ENTITIES) assert.ok(importsByFile.has(entity), entity);
});

test('the rules refuse what they are there to refuse', () => {
  const refused: Import[] = [
    { from: 'lib/money.ts', to: 'db/database.ts' },
    { from: 'ledger/post.ts', to: 'features/accounts/contract.ts' },
    { from: 'features/accounts/service.ts', to: 'features/customers/service.ts' },
    { from: 'features/accounts/service.ts', to: 'http/server.ts' },
    { from: 'features/accounts/account.ts', to: 'db/database.ts' },
    { from: 'features/accounts/account.ts', to: 'ledger/post.ts' },
    { from: 'features/accounts/account.ts', to: 'features/customers/contract.ts' },
    { from: 'features/loans/loan.ts', to: 'features/loans/repository.ts' },
    { from: 'features/loans/reports/service.ts', to: 'features/accounts/repository.ts' },
    { from: 'features/accounts/service.ts', to: 'identity/users/contract.ts' },
    { from: 'bank/open-bank.ts', to: 'serve/server.ts' },
    { from: 'embedded/cluster.ts', to: 'db/database.ts' },
    { from: 'cli/main.ts', to: 'root:examples/berka/summary.ts' },
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

test('a module is imported on one line, and not at run time for its types alone', () => {
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const lines = [...text.matchAll(/^import (type )?\{([^}]*)\} from '([^']+)'/gm)];
    const modules = lines.map((line) => line[3]);
    assert.deepEqual(modules, [...new Set(modules)], relative(SOURCE, file));
    for (const [line, typeOnly, names = ''] of lines) {
      const isOfTypes = names.split(',').every((name) => /^\s*(type |$)/.test(name));
      assert.ok(typeOnly !== undefined || !isOfTypes, `${relative(SOURCE, file)}: ${line}`);
    }
  }
});

test('time and the console stay in their places', () => {
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const name = relative(SOURCE, file);
    if (name !== 'lib/time/clock.ts')
      assert.doesNotMatch(text, /Date\.now\(\)|new Date\(\)|performance\.now|hrtime|Temporal\.Now/, name);
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
