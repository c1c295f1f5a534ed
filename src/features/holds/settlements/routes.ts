import { jsonOrFile, sendFile } from '#http/file-answers.ts';
import { IdempotencyHeaders, markReplay, requireIdempotencyKey } from '#http/idempotency.ts';
import { operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import {
  CaptureSettlementSchema,
  itemView,
  ListSettlementsQuery,
  SettleCapturesRequest,
  SettlementParams,
  SettlementQuery,
  SettlementWithItemsSchema,
  settlementView,
  sumView,
  UnsettledCapturesSchema,
  UnsettledQuery,
} from './schemas.ts';
import type { CaptureSettlementService } from './service.ts';
import type { CaptureItem, CaptureSettlement } from './settlement.ts';
import { settlementCsv } from './settlement-csv.ts';

const operation = operationsOf('Holds');

const settlementAnswer = jsonOrFile(SettlementWithItemsSchema, 'The settlement and what it settled.', {
  csv: 'UTF-8, one row for each that was settled.',
});

/** What was captured of holds, and is settled with the acquirer. */
export function registerSettlementRoutes(server: HttpServer, settlements: CaptureSettlementService): void {
  registerSettle(server, settlements);
  registerSettlements(server, settlements);
  registerUnsettled(server, settlements);
}

function registerSettle(server: HttpServer, settlements: CaptureSettlementService): void {
  server.post(
    '/v1/capture-settlements',
    operation('settleCaptures', 'Settle with the acquirer what was captured of holds, each capture once', {
      headers: IdempotencyHeaders,
      body: SettleCapturesRequest,
      response: { 201: CaptureSettlementSchema },
      problems: [
        'not_found',
        'currency_mismatch',
        'nothing_to_settle',
        'capture_not_unsettled',
        'external_id_exists',
      ],
    }),
    async (request, reply) => {
      const { currency, through, transactionIds, reference, externalId, metadata } = request.body;
      const { settlement, replayed } = await settlements.settle({
        caller: request.caller,
        idempotencyKey: requireIdempotencyKey(request),
        currency: requireCurrency(currency),
        through: optional(through, isoDate),
        ids: transactionIds?.map((id) => fromTypeId('transaction', id)),
        reference,
        externalId,
        metadata,
      });
      markReplay(reply, replayed);
      const view = settlementView(settlement);
      return reply.code(201).header('location', `/v1/capture-settlements/${view.id}`).send(view);
    },
  );
}

function registerSettlements(server: HttpServer, settlements: CaptureSettlementService): void {
  server.get(
    '/v1/capture-settlements',
    operation('listCaptureSettlements', 'List settlements of captures, newest first', {
      querystring: ListSettlementsQuery,
      response: { 200: pageSchema(CaptureSettlementSchema) },
    }),
    ({ caller, query }) =>
      readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: CaptureSettlement) => id,
        read: (limit, after) => {
          const currency = optional(query.currency, requireCurrency);
          const { externalId, metadata } = query;
          return settlements.page(caller, { currency, externalId, metadata, after, limit });
        },
        view: settlementView,
      }),
  );

  server.get(
    '/v1/capture-settlements/:id',
    operation('getCaptureSettlement', 'Get a settlement of captures as JSON, or as a CSV file', {
      params: SettlementParams,
      querystring: SettlementQuery,
      response: { 200: settlementAnswer },
    }),
    async ({ params, query }, reply) => {
      const settlement = await settlements.get(fromTypeId('captureSettlement', params.id));
      const items = await settlements.listItems(settlement);
      if (query.format !== 'csv') {
        return reply.send({ settlement: settlementView(settlement), items: items.map(itemView) });
      }
      return sendFile(reply, params.id, 'csv', settlementCsv(items));
    },
  );
}

function registerUnsettled(server: HttpServer, settlements: CaptureSettlementService): void {
  server.get(
    '/v1/unsettled-captures',
    operation(
      'listUnsettledCaptures',
      'List what was captured and is not settled, oldest first, with its sum',
      {
        querystring: UnsettledQuery,
        response: { 200: UnsettledCapturesSchema },
        problems: ['currency_mismatch'],
      },
    ),
    async ({ query }) => {
      const currency = requireCurrency(query.currency);
      const page = await readPage(query, {
        order: 'uuid',
        placeOf: ({ transactionId }: CaptureItem) => transactionId,
        read: (limit, after) => settlements.listUnsettled(currency, { limit, after }),
        view: itemView,
      });
      return { ...page, sum: sumView(await settlements.sumUnsettled(currency)) };
    },
  );
}
