import type { Static } from 'typebox';
import { choice, currency, flag, text } from '#http/fields.ts';
import { resource } from '#http/schemas.ts';
import type { ProductState } from './product.ts';

export const ProductSchema = resource('Product', 'The terms on which accounts of a currency are opened.', {
  code: text('The code, the same for each of its currencies.', 'current'),
  currency: currency('The currency of its accounts.'),
  kind: choice('ProductKind', 'What its accounts are for.', ['current', 'savings']),
  name: text('The name.', 'Current account'),
  overdraftAllowed: flag('Whether its accounts may have an overdraft limit.'),
  status: choice('ProductStatus', 'No account of a retired product is opened.', ['active', 'retired']),
});
export type ProductView = Static<typeof ProductSchema>;

export function productView(product: ProductState): ProductView {
  const { code, currency, kind, name, overdraftAllowed, status } = product;
  return { code, currency, kind, name, overdraftAllowed, status };
}
