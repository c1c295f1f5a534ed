// Products: the terms on which accounts are opened.

export { type PostingLine, postingLineOf } from './accounting.ts';
export { productError } from './errors.ts';
export { depositInput, depositOf, interestOf } from './interest-terms.ts';
export type { Product, ProductState } from './product.ts';
export {
  findProduct,
  insertProducts,
  listInterestProducts,
  listProducts,
  listVersionedProducts,
  type ProductInterest,
  type VersionedProduct,
} from './repository.ts';
export { type TermsVersion, versionInForce } from './terms.ts';
export { listVersions } from './terms-repository.ts';
