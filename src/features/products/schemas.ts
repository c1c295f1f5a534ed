import { type Static, Type } from 'typebox';
import { choice, currency, flag, text, whole } from '#http/fields.ts';
import { requestObject, resource } from '#http/schemas.ts';
import type { ProductState } from './product.ts';

export const ProductSchema = resource('Product', 'The terms on which accounts of a currency are opened.', {
  code: text('The code, the same for each of its currencies.', 'current'),
  currency: currency('The currency of its accounts.'),
  kind: choice('ProductKind', 'What its accounts are for.', ['current', 'savings']),
  name: text('The name.', 'Current account'),
  overdraftAllowed: flag('Whether its accounts may have an overdraft limit.'),
  captureTolerancePercent: whole('By how many per cent of a hold a capture may exceed it.', 20),
  status: choice('ProductStatus', 'No account of a retired product is opened.', ['active', 'retired']),
});
export type ProductView = Static<typeof ProductSchema>;

export function productView(product: ProductState): ProductView {
  const { glCode: _, ...shown } = product;
  return shown;
}

export const ChangeProductRequest = requestObject('ChangeProductRequest', 'New terms of a product.', {
  captureTolerancePercent: whole('By how many per cent of a hold a capture may exceed it: tips, fuel.', 20, {
    minimum: 0,
    maximum: 100,
  }),
});

export const ProductParams = Type.Object({ code: text('The code of the product.', 'current') });
