import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uetrOf } from '#lib/uetr.ts';

test('a reference is a UUID of version 4 that follows from the id', () => {
  const reference = uetrOf('01908f3e-9c00-7000-8a3b-0123456789ab');
  assert.match(reference, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(uetrOf('01908f3e-9c00-7000-8a3b-0123456789ab'), reference);
  assert.notEqual(uetrOf('01908f3e-9c00-7000-8a3b-0123456789ac'), reference);
});
