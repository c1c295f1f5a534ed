// Products: the terms on which accounts are opened.

export { type PostingLine, postingLineOf } from './accounting.ts';
export { productError } from './errors.ts';
export { interestOf } from './interest-terms.ts';
export type { ProductState } from './product.ts';
export {
  findProduct,
  insertProducts,
  listInterestProducts,
  listProducts,
  type ProductInterest,
} from './repository.ts';
export type { TermsVersion } from './terms.ts';
