import { type Static, Type } from 'typebox';
import { choice, currency, flag, list, text, whole } from '#http/fields.ts';
import { closedObject, requestObject, resource } from '#http/schemas.ts';
import { PRODUCT_DETAILS, type ProductState } from './product.ts';

const Detail = choice('ProductDetail', 'A detail of a customer.', PRODUCT_DETAILS);

export const ProductSchema = resource('Product', 'The terms on which accounts of a currency are opened.', {
  code: text('The code, the same for each of its currencies.', 'current'),
  currency: currency('The currency of its accounts.'),
  kind: choice('ProductKind', 'What its accounts are for.', ['current', 'savings']),
  name: text('The name.', 'Current account'),
  overdraftAllowed: flag('Whether its accounts may have an overdraft limit.'),
  captureTolerancePercent: whole('By how many per cent of a hold a capture may exceed it.', 20),
  requiredDetails: list('What customers must have told the bank to open one.', Detail),
  status: choice('ProductStatus', 'No account of a retired product is opened.', ['active', 'retired']),
});
export type ProductView = Static<typeof ProductSchema>;

export function productView(product: ProductState): ProductView {
  const { glCode: _, requiredDetails = [], ...shown } = product;
  return { ...shown, requiredDetails: [...requiredDetails] };
}

export const ChangeProductRequest = requestObject(
  'ChangeProductRequest',
  'New terms of a product. What is not given stays.',
  {
    currency: Type.Optional(currency('Of this currency alone; in all if not given.')),
    captureTolerancePercent: Type.Optional(
      whole('By how many per cent of a hold a capture may exceed it: tips, fuel.', 20, {
        minimum: 0,
        maximum: 100,
      }),
    ),
    requiredDetails: Type.Optional(
      list('All that it asks for; empty for nothing.', Detail, { maxItems: PRODUCT_DETAILS.length }),
    ),
  },
);

export const ProductParams = closedObject({ code: text('The code of the product.', 'current') });
