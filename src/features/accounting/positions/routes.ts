import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { PositionReportSchema, PositionsQuery, positionReportView } from './schemas.ts';
import type { PositionService } from './service.ts';

const operation = operationsOf('Accounting');

/** The bank's positions in foreign currencies. */
export function registerPositionRoutes(server: HttpServer, positions: PositionService): void {
  server.get(
    '/v1/accounting/positions',
    operation('getPositions', 'Get the positions in foreign currencies, and what they are worth', {
      querystring: PositionsQuery,
      response: { 200: PositionReportSchema },
    }),
    async ({ query }) => positionReportView(await positions.report(optional(query.asOf, isoDate))),
  );
}
