import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DRY_RUNS } from '#bank/dry-run/offered.ts';
import { STAKES } from '#bank/stakes.ts';
import { readApi } from '#cli/api/document.ts';

const DOCUMENT = readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8');

test('every operation that moves money offers a dry run, or says why it does not', () => {
  const moving = Object.keys(STAKES).filter((operation) => STAKES[operation] === 'moves');
  assert.ok(moving.length > 25, `${moving.length} were found`);
  const missing = moving.filter((operation) => DRY_RUNS[operation] === undefined);
  assert.deepEqual(missing, [], 'src/bank/dry-run/offered.ts');
  for (const offer of Object.values(DRY_RUNS)) assert.ok(offer === 'offered' || offer.not.length > 20);
});

test('the document offers what the table does, and nothing else', () => {
  const { operations } = readApi(JSON.parse(DOCUMENT));
  const documented = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'dryRun'));
  const offered = Object.keys(DRY_RUNS).filter((operation) => DRY_RUNS[operation] === 'offered');
  assert.deepEqual(documented.map(({ id }) => id).toSorted(), offered.toSorted());
  for (const { id, preview, answer } of documented) {
    assert.match(preview?.$ref ?? '', /DryRun$/, id);
    assert.notEqual(answer?.$ref, preview?.$ref, id);
  }
});
