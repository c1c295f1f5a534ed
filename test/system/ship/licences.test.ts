import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isAllowed, judgeLicences } from '../../../scripts/licence-rules.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

test('every package of the lockfile has a licence that asks for nothing', () => {
  const output = execFileSync(process.execPath, ['scripts/licences.ts'], { cwd: ROOT, encoding: 'utf8' });
  assert.match(output, /^\d{3} packages judged, 0 refused, \d+ of other platforms\.\n$/);
});

test('an expression is met by one side of an OR and by both of an AND, which binds tighter', () => {
  const rows: [string, boolean][] = [
    ['MIT', true],
    ['GPL-3.0-only', false],
    ['(MIT OR CC0-1.0)', true],
    ['MIT or MPL-2.0', true],
    ['GPL-2.0-only OR MIT', true],
    ['GPL-2.0-only OR LGPL-3.0-only', false],
    ['MIT AND Apache-2.0', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only AND MIT OR ISC', true],
    ['GPL-3.0-only AND (MIT OR ISC)', false],
    ['(MIT OR GPL-3.0-only) AND ISC', true],
    ['MIT WITH Classpath-exception-2.0', false],
    ['SEE LICENSE IN LICENSE.md', false],
    ['UNLICENSED', false],
    ['MIT OR', false],
    ['(MIT', false],
    ['MIT)', false],
    ['MIT ISC', false],
    ['', false],
  ];
  for (const [expression, isMet] of rows) assert.equal(isAllowed(expression), isMet, expression);
});

test('no licence is refused where a package is installed, and unknown where it is of another platform', () => {
  const here = { path: 'node_modules/here', version: '1.0.0', licence: undefined, isInstalled: true };
  const elsewhere = {
    path: 'node_modules/elsewhere',
    version: '1.0.0',
    licence: undefined,
    isInstalled: false,
  };
  const foreign = { path: 'node_modules/foreign', version: '1.0.0', licence: 'AGPL-3.0', isInstalled: false };
  const good = { path: 'node_modules/good', version: '1.0.0', licence: 'MIT', isInstalled: true };
  assert.deepEqual(judgeLicences([here, elsewhere, foreign, good]), {
    refused: [here, foreign],
    unknown: [elsewhere],
  });
});

test('a tool of the tests is taken under its own licence, and refused where it is shipped', () => {
  const axe = { path: 'node_modules/axe-core', version: '4.14.1', licence: 'MPL-2.0', isInstalled: true };
  const other = { ...axe, path: 'node_modules/other', isForDevelopment: true };
  const { refused } = judgeLicences([{ ...axe, isForDevelopment: true }, axe, other]);
  assert.deepEqual(refused, [axe, other]);
});
