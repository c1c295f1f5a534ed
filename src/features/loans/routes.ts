import { problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { computeQuote } from './quote.ts';
import { readTerms } from './read-terms.ts';
import { QuoteRequest, QuoteSchema } from './schemas.ts';
import { quoteView } from './view.ts';

/** What a loan would be. Needs no database, and stores nothing. */
export function registerLoanRoutes(server: HttpServer): void {
  server.post(
    '/v1/loans/quote',
    {
      schema: {
        operationId: 'quoteLoan',
        summary: 'Quote a loan: its whole schedule, totals and annual rate; nothing is stored',
        tags: ['Loans'],
        body: QuoteRequest,
        response: { 200: QuoteSchema, ...problemResponses(400, 413, 415, 422) },
      },
    },
    async ({ body: { apr, ...terms } }) => quoteView(computeQuote(readTerms(terms), apr)),
  );
}
