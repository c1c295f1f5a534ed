// Products: the terms on which accounts are opened.

export { productError } from './errors.ts';
export type { ProductState } from './product.ts';
export { findProduct, insertProducts, listProducts } from './repository.ts';
