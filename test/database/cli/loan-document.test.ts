import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runFlorin } from './florin.ts';

const document = readFileSync(new URL('../../../docs/loans.md', import.meta.url), 'utf8');

test('the example of the page about loans is what the command prints', async () => {
  const [, args = '', printed] = /```\n\$ florin (.*)\n([^`]*)```/.exec(document) ?? [];
  const { stdout } = await runFlorin(args.split(' '), { DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  assert.equal(stdout, printed);
});
