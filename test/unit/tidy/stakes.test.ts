import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ACCESS } from '#bank/access.ts';
import { STAKES } from '#bank/stakes.ts';

type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
};

test('every operation that changes something says what it commits of money', () => {
  const text = readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8');
  const { paths } = JSON.parse(text) as Document;
  const changing = Object.values(paths).flatMap((methods) =>
    Object.entries(methods).flatMap(([method, { operationId }]) =>
      method === 'get' || !Array.isArray(ACCESS[operationId]) ? [] : [operationId],
    ),
  );
  const missing = changing.filter((operation) => STAKES[operation] === undefined);
  assert.deepEqual(missing, [], 'src/bank/stakes.ts');
});
