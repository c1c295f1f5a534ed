import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { computeInterestQuote, type ProductTermsOf, ratesOfProduct, readInterestQuote } from './quote.ts';
import { InterestQuoteSchema, QuoteInterestRequest } from './schemas.ts';
import { interestQuoteView } from './view.ts';

const operation = operationsOf('Interest');

/** What balances would earn, by terms of their own or of a product. Stores nothing. */
export function registerInterestQuoteRoutes(server: HttpServer, termsOf: ProductTermsOf): void {
  server.post(
    '/v1/interest/quote',
    {
      config: { changesNothing: true },
      ...operation(
        'quoteInterest',
        'Quote interest on balances: its segments, postings, taxes and annual rates; nothing is stored',
        {
          body: QuoteInterestRequest,
          response: { 200: InterestQuoteSchema },
          problems: ['not_found', 'reference_rate_missing'],
        },
      ),
    },
    async ({ body }) => {
      const input = readInterestQuote(body, await ratesOfProduct(body, termsOf));
      return interestQuoteView(input, computeInterestQuote(input));
    },
  );
}
