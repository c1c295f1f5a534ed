import type { Static } from 'typebox';
import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { fromTypeId } from '#lib/ids.ts';
import { computeQuote } from '../schedule/quote.ts';
import { readTerms } from '../schedule/read-terms.ts';
import type { LoanTerms } from '../schedule/terms.ts';
import { PRODUCT_TERMS_PROBLEMS } from './problems.ts';
import { QuoteLoanRequest, QuoteSchema, quoteView } from './quote-schemas.ts';
import type { LoanProductService } from './service.ts';

const operation = operationsOf('Loans');

/** What a loan would be. Stores nothing. */
export function registerLoanRoutes(server: HttpServer, products: LoanProductService): void {
  server.post(
    '/v1/loans/quote',
    {
      config: { changesNothing: true },
      ...operation(
        'quoteLoan',
        'Quote a loan: its whole schedule, totals and annual rate; nothing is stored',
        {
          body: QuoteLoanRequest,
          response: { 200: QuoteSchema },
          problems: ['not_found', ...PRODUCT_TERMS_PROBLEMS],
        },
      ),
    },
    async ({ body: { productId, apr, ...request } }) =>
      quoteView(computeQuote(await termsOf(products, productId, request), apr)),
  );
}

/** What the product says of every loan, and a request may say only without one. */
const SAID_BY_PRODUCT = [
  'every',
  'method',
  'dayCount',
  'interestPer',
  'yearSplit',
  'monthEnd',
  'rounding',
  'instalmentMultiple',
  'downPaymentPercent',
  'oneCentNudge',
  'fees',
] as const;

/** Throws 400 `validation_failed`, 404 `not_found` for the product, and what the terms are refused for. */
async function termsOf(
  products: LoanProductService,
  productId: string | undefined,
  request: Omit<Static<typeof QuoteLoanRequest>, 'productId' | 'apr'>,
): Promise<LoanTerms> {
  if (productId === undefined) {
    const { annualRatePercent, ...terms } = request;
    if (annualRatePercent !== undefined) return readTerms({ ...terms, annualRatePercent });
    throw validationFailed({ path: 'annualRatePercent', message: 'is required without productId' });
  }
  const said = SAID_BY_PRODUCT.filter((path) => request[path] !== undefined);
  if (said.length > 0)
    throw validationFailed(...said.map((path) => ({ path, message: 'is set by the product' })));
  const product = await products.get(fromTypeId('loanProduct', productId));
  return products.onBusinessDays(product, product.termsOf(request));
}
