import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthenticate } from '#identity/tokens/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { newId, randomIds } from '#lib/ids.ts';

test('a customer’s key is asked for once a token, and never for anybody else', async () => {
  const customerId = newId(randomIds, 'customer');
  const callers: Record<string, Caller> = {
    customer: { actor: 'usr', role: 'customer', customerId },
    teller: { actor: 'usr', role: 'teller' },
    florin_key: { actor: 'key', role: 'service' },
  };
  const verify = async (token: string) => callers[token]!;
  let asked = 0;
  const authenticate = createAuthenticate({ verify }, { verify }, async (id) => {
    assert.equal(id, customerId);
    asked += 1;
    return (address) => `sealed ${address}`;
  });
  const first = await authenticate('customer');
  assert.equal(first.sealAddress?.('192.0.2.7'), 'sealed 192.0.2.7');
  assert.equal(await authenticate('customer'), first);
  assert.equal(asked, 1);
  assert.equal((await authenticate('teller')).sealAddress, undefined);
  assert.equal((await authenticate('florin_key')).sealAddress, undefined);
  callers.customer = { ...callers.customer! };
  await authenticate('customer');
  assert.equal(asked, 2, 'the token was verified again');
});
