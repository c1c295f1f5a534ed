import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const page = readFileSync(`${ROOT}SECURITY.md`, 'utf8');

/** The rows of the table under a heading, without its head: their cells. */
function rowsUnder(heading: string): string[][] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const lines = section.split('\n## ')[0]!.split('\n');
  const rows = lines.filter((line) => line.startsWith('| ')).slice(2);
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('every promise of SECURITY.md names a test that is there', () => {
  const promises = rowsUnder('What is promised').filter(([promise = '']) => !/^\*\*[^*]+\*\*$/.test(promise));
  assert.ok(promises.length >= 30, `${promises.length} promises`);
  for (const [promise = '', shownBy = ''] of promises) {
    const files = [...shownBy.matchAll(/`(test\/[\w/-]+\.test\.ts)`/g)].map(([, file = '']) => file);
    assert.ok(files.length > 0, `no test: ${promise}`);
    for (const file of files) assert.ok(existsSync(ROOT + file), `${file} is gone: ${promise}`);
  }
});

test('what else SECURITY.md points to is there', () => {
  for (const [, target = ''] of page.matchAll(/\]\(([^)#]+)\)/g)) {
    assert.ok(existsSync(ROOT + target), target);
  }
  for (const [, target = ''] of page.matchAll(/`(test\/[^`]+)`/g))
    assert.ok(existsSync(ROOT + target), target);
});

test('nothing in the bank makes a password cheaper than OWASP asks for', () => {
  const files = globSync('{src,bin,examples}/**/*.{ts,mjs}', { cwd: ROOT });
  assert.ok(files.length > 400, `${files.length} files`);
  const setters = files.filter((file) => /\bpasswordCost\s*:/.test(readFileSync(ROOT + file, 'utf8')));
  assert.deepEqual(setters, []);
});

test('each of the seventeen chapters of ASVS 5 is considered', () => {
  const chapters = rowsUnder('OWASP ASVS 5.0: what was considered').map(
    ([chapter = '']) => chapter.split(' ')[0],
  );
  assert.deepEqual(
    chapters,
    Array.from({ length: 17 }, (_, index) => `V${index + 1}`),
  );
});
