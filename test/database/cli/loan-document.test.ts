import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openFlorin } from './florin.ts';

const document = readFileSync(new URL('../../../docs/loans.md', import.meta.url), 'utf8');

test('the example of the page about loans is what the command prints', async () => {
  const [, args = '', printed] = /```\n\$ florin (.*)\n([^`]*)```/.exec(document) ?? [];
  const { stdout } = await (await openFlorin()).run(...args.split(' '));
  assert.equal(stdout, printed);
});
