import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { trimmedLockfile } from '../../../scripts/engines.ts';

test('npm ci on the oldest Node that README allows warns of no package', async () => {
  const text = await readFile(new URL('../../../package-lock.json', import.meta.url), 'utf8');
  assert.equal(trimmedLockfile(text), text, 'it would: run node scripts/trim-engines.ts');
});

test('a demand that Node 20 does not meet is taken out, and one that it meets stays', () => {
  const packages = {
    '': { engines: { node: '>=20' } },
    one: { engines: { node: '>=22.12.0' } },
    two: { engines: { node: '18 || 20 || >=22' } },
    three: { engines: { node: '^22 || >=24' } },
    four: { engines: { node: '>= 14' } },
  };
  const trimmed = JSON.parse(trimmedLockfile(JSON.stringify({ packages }))) as { packages: object };
  assert.deepEqual(trimmed.packages, { ...packages, one: {}, three: {} });
});
