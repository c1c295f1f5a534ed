import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const TESTS = join(import.meta.dirname, '../..');

/** At the beginning of a line: set as the module is loaded. */
const HOOK = /^(after|afterEach|before|beforeEach)\(/m;

test('no module that test files share sets a hook as it is loaded', () => {
  // Files of these suites share a process: the hook would be that of the first file that loads the module.
  const modules = globSync('{unit,database,support,runner}/**/*.ts', { cwd: TESTS }).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  assert.ok(modules.length > 50, 'they were found');
  assert.match('\nafter(() => close());\n', HOOK);
  assert.deepEqual(
    modules.filter((file) => HOOK.test(readFileSync(join(TESTS, file), 'utf8'))),
    [],
  );
});
