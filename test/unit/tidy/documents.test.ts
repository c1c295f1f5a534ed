import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { describeFeatures, withGenerated } from '#test/support/describe-features.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** A page: who reads it wants to know what was chosen and why, not how it was measured (that is in bench/notes). */
const MAX_DECISION_WORDS = 600;
/** A table that grows with every dependency. */
const DEPENDENCIES = '0006-dependencies.md';

test('ARCHITECTURE.md lists every feature', () => {
  const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  assert.equal(withGenerated(page, describeFeatures()), page, 'it does not: run npm run generate');
});

test('a decision is a page', () => {
  const folder = join(ROOT, 'docs/decisions');
  const files = readdirSync(folder).filter((name) => name !== DEPENDENCIES);
  assert.ok(files.length > 10, 'they were found');
  for (const name of files) {
    const words = readFileSync(join(folder, name), 'utf8').split(/\s+/).length;
    assert.ok(words <= MAX_DECISION_WORDS, `${name} has ${words} words; bench/notes takes measurements`);
  }
});

test('each decision has a number of its own, in its name and its title', () => {
  const folder = join(ROOT, 'docs/decisions');
  const files = readdirSync(folder).filter((name) => /^\d{4}-/.test(name));
  const numbers = files.map((name) => Number(name.slice(0, 4)));
  assert.deepEqual([...new Set(numbers)], numbers);
  for (const [index, name] of files.entries()) {
    const title = readFileSync(join(folder, name), 'utf8').split('\n')[0] ?? '';
    assert.ok(title.startsWith(`# ${numbers[index]}. `), `${name}: ${title}`);
  }
});

test('what the pages say to paste means the same in bash and in zsh', () => {
  const files = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  const blocks = [...files, 'README.md', 'CONTRIBUTING.md'].flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => ({
      file,
      block: block ?? '',
    })),
  );
  assert.ok(blocks.length > 20, 'they were found');
  // zsh takes "$of:read" for the modifier r of $of.
  const modified = blocks.flatMap(({ file, block }) =>
    (block.match(/\$\w+:[a-zA-Z]\w*/g) ?? []).map((text) => `${file}: ${text}`),
  );
  assert.deepEqual(modified, []);
});
