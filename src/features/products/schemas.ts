import { type Static, Type } from 'typebox';
import { choice, currency, date, flag, givenText, instant, list, text, whole } from '#http/fields.ts';
import { closedObject, nullable, requestObject, resource } from '#http/schemas.ts';
import { POSTING_LINE_NAMES, type PostingLine, postingLineOf } from './accounting.ts';
import { PRODUCT_DETAILS, PRODUCT_KINDS, PRODUCT_STATUSES } from './product.ts';
import type { PricedProduct } from './service.ts';
import type { StoredVersion } from './terms-repository.ts';
import { AccountingFields, AppliesToSchema, TermsFields } from './terms-schemas.ts';

const MAX_CAPTURE_TOLERANCE = 100;

const Detail = choice('ProductDetail', 'A detail of a customer.', PRODUCT_DETAILS);
const Kind = choice('ProductKind', 'What its accounts are for.', PRODUCT_KINDS);
const Status = choice('ProductStatus', 'No account of a retired product is opened.', PRODUCT_STATUSES);

const Accounting = resource('ProductAccounting', 'The lines of the chart that it posts to.', {
  customerAccounts: text('The line that its customers’ accounts belong to.', '2000'),
  interestExpense: text('Interest that the bank pays.', '5000'),
  interestPayable: text('Interest that accounts have earned and not got yet.', '2600'),
  overdraftInterestReceivable: text('Interest that overdrafts owe.', '1300'),
  overdraftInterestIncome: text('Interest that overdrafts cost.', '4020'),
  withholdingTaxPayable: text('Tax that was withheld from interest.', '2610'),
});

const percent = (description: string) =>
  nullable(Type.String({ description, pattern: '^-?[0-9]+[.][0-9]{2}$', examples: ['2.53'] }));

export const ProductSchema = resource('Product', 'The terms on which accounts of a currency are opened.', {
  code: text('The code, the same for each of its currencies.', 'current'),
  currency: currency('The currency of its accounts.'),
  kind: Kind,
  name: text('The name.', 'Current account'),
  overdraftAllowed: flag('Whether its accounts may have an overdraft limit.'),
  captureTolerancePercent: whole('By how many per cent of a hold a capture may exceed it.', 20),
  requiredDetails: list('What customers must have told the bank to open one.', Detail),
  status: Status,
  accounting: Accounting,
  version: nullable(whole('The number of the version of its terms that is in force; null for none.', 1)),
  effectiveFrom: nullable(date('Since when that version is in force.')),
  ...TermsFields,
  aerPercent: percent(
    'The annual equivalent rate of a balance of 1,000.00, or of the least that earns, as if it stayed a year; null if it earns nothing.',
  ),
  apyPercent: percent('The annual percentage yield of the same, by Regulation DD; null if it earns nothing.'),
});
export type ProductView = Static<typeof ProductSchema>;

export function productView({ product, annual }: PricedProduct): ProductView {
  const { state, version, allowsOverdraft } = product;
  const { glCode, accounting = {}, requiredDetails = [], offeredFrom: _, ...shown } = state;
  const lines = POSTING_LINE_NAMES.map((line) => [line, postingLineOf(accounting, line)] as const);
  return {
    ...shown,
    overdraftAllowed: allowsOverdraft,
    requiredDetails: [...requiredDetails],
    accounting: {
      customerAccounts: glCode,
      ...(Object.fromEntries(lines) as Record<PostingLine, string>),
    },
    version: version?.version ?? null,
    effectiveFrom: version?.effectiveFrom ?? null,
    ...termsView(version),
    ...annual,
  };
}

/** Terms are shown as they were given. */
function termsView(version: Pick<StoredVersion, 'terms'> | undefined) {
  return (version?.terms ?? {}) as Pick<ProductView, keyof typeof TermsFields>;
}

export const ProductVersionSchema = resource('ProductVersion', 'Terms of a product from a date on.', {
  code: text('The code of the product.', 'current'),
  currency: currency('The currency of its accounts.'),
  version: whole('1, 2, 3 … in this currency.', 1),
  effectiveFrom: date('From this date on.'),
  appliesTo: AppliesToSchema,
  ...TermsFields,
  createdBy: text('Who added it.', 'usr_01h455vb4pex5vsknk084sn02q'),
  createdAt: instant('When it was added.'),
});

export type ProductVersionView = Static<typeof ProductVersionSchema>;

export function versionView({ terms, createdAt, ...version }: StoredVersion): ProductVersionView {
  return { ...version, ...termsView({ terms }), createdAt: createdAt.toISOString() };
}

const captureTolerance = Type.Optional(
  whole('By how many per cent of a hold a capture may exceed it: tips, fuel.', 20, {
    minimum: 0,
    maximum: MAX_CAPTURE_TOLERANCE,
  }),
);
const requiredDetails = Type.Optional(
  list('All that it asks for; empty for nothing.', Detail, { maxItems: PRODUCT_DETAILS.length }),
);
const name = (description: string) => givenText(description, 'Instant access savings', 100);

export const CreateProductRequest = requestObject('CreateProductRequest', 'A product in a currency.', {
  code: Type.String({
    description: 'A code of lower-case letters, digits and `_`; the same for each of its currencies.',
    examples: ['instant_savings'],
    pattern: '^[a-z][a-z0-9_]{0,49}$',
  }),
  currency: currency('The currency of its accounts.'),
  kind: Kind,
  name: name('The name.'),
  effectiveFrom: Type.Optional(date('The first day on which accounts are opened; today if not given.')),
  captureTolerancePercent: captureTolerance,
  requiredDetails,
  ...TermsFields,
  accounting: Type.Optional(
    requestObject(
      'ProductAccountingRequest',
      'Lines of the chart in place of the usual ones. They are named once, when the product is made.',
      AccountingFields,
    ),
  ),
});

export const AddProductVersionRequest = requestObject(
  'AddProductVersionRequest',
  'New terms of a product, whole: what is left out is not agreed any more.',
  {
    currency: currency('Of this currency.'),
    effectiveFrom: date('From this date on: today or later, and after the version before.'),
    appliesTo: Type.Optional(AppliesToSchema),
    ...TermsFields,
  },
);

export const ChangeProductRequest = requestObject(
  'ChangeProductRequest',
  'What a product is called, and what holds without a version. What is not given stays.',
  {
    currency: Type.Optional(currency('Of this currency alone; in all if not given.')),
    name: Type.Optional(name('Its name from now on.')),
    status: Type.Optional(Status),
    captureTolerancePercent: captureTolerance,
    requiredDetails,
  },
);

export const ProductParams = closedObject({ code: text('The code of the product.', 'current') });
export const VersionsQuery = closedObject({
  currency: Type.Optional(currency('Those in this currency; in all if not given.')),
});
