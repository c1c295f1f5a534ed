import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProductView } from '#features/products/schemas.ts';
import { created, openApi, type Page, refused } from '#test/support/api.ts';

const api = await openApi();

test('a product is shown in each of its currencies', async () => {
  const { data } = created(await api.get<Page<ProductView>>('/v1/products/current'));
  assert.ok(data.length > 1 && data.every(({ code }) => code === 'current'));
  refused(await api.get('/v1/products/nothing'), 404, 'not_found');
});
