import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { headOf } from '#scripts/generate-sdk-types.ts';
import { describeOperations } from '#test/support/sdk-operations.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const SOURCES = readdirSync(join(ROOT, 'sdk/src')).filter((name) => name.endsWith('.ts'));

test('the SDK is generated from the document that is served', () => {
  const document = read('openapi.json');
  const hint = 'it is not: run npm run generate';
  assert.equal(read('sdk/src/generated/operations.ts'), describeOperations(JSON.parse(document)), hint);
  assert.ok(read('sdk/src/generated/types.ts').startsWith(headOf(document)), hint);
});

test('the SDK is small, and needs nothing else', () => {
  const lines = SOURCES.flatMap((name) => read(`sdk/src/${name}`).trimEnd().split('\n'));
  assert.ok(lines.length <= 500, `${lines.length} lines`);
  const imported = lines.flatMap((line) => /from '([^']+)'/.exec(line)?.[1] ?? []);
  assert.deepEqual(
    imported.filter((path) => !path.startsWith('./')),
    [],
  );
  const manifest: Record<string, unknown> = JSON.parse(read('sdk/package.json'));
  assert.deepEqual([manifest.dependencies, manifest.peerDependencies], [undefined, undefined]);
});

test('the SDK has the version of the bank', () => {
  const versionOf = (path: string): unknown => JSON.parse(read(path)).version;
  assert.equal(versionOf('sdk/package.json'), versionOf('package.json'));
});
