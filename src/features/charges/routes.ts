import { idParams, operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import {
  DecideFeeRequest,
  FeeParams,
  FeePreviewQuery,
  FeePreviewSchema,
  FeeSchema,
  feeView,
  ListFeesQuery,
  previewView,
} from './schemas.ts';
import type { ChargeService } from './service.ts';
import type { StoredFee } from './stored-fee.ts';

const operation = operationsOf('Fees');

/** What accounts were charged, owe, and did not have to pay. */
export function registerChargeRoutes(server: HttpServer, charges: ChargeService): void {
  server.get(
    '/v1/accounts/:id/fees',
    operation('listAccountFees', 'List the fees of an account, newest first: charged, due, waived and free', {
      params: idParams('account'),
      querystring: ListFeesQuery,
      response: { 200: pageSchema(FeeSchema) },
    }),
    ({ caller, params, query }) => {
      const { status, from, to } = query;
      return readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: StoredFee) => id,
        read: (limit, before) =>
          charges.list(caller, fromTypeId('account', params.id), {
            status,
            from: optional(from, isoDate),
            to: optional(to, isoDate),
            before,
            limit,
          }),
        view: (fee) => feeView(caller, fee),
      });
    },
  );

  server.get(
    '/v1/accounts/:id/fees/:feeId',
    operation('getAccountFee', 'Get a fee of an account, with the facts that it follows from', {
      params: FeeParams,
      response: { 200: FeeSchema },
    }),
    async ({ caller, params }) =>
      feeView(
        caller,
        await charges.get(caller, fromTypeId('account', params.id), fromTypeId('fee', params.feeId)),
      ),
  );

  server.get(
    '/v1/accounts/:id/fee-preview',
    operation('previewAccountFees', 'Ask what something would cost an account now', {
      params: idParams('account'),
      querystring: FeePreviewQuery,
      response: { 200: pageSchema(FeePreviewSchema) },
    }),
    async ({ caller, params, query }) => {
      const previews = await charges.preview(caller, fromTypeId('account', params.id), query);
      return { data: previews.map(previewView), nextCursor: null };
    },
  );

  registerDecisions(server, charges);
}

/** What a manager decides about a fee. */
function registerDecisions(server: HttpServer, charges: ChargeService): void {
  server.post(
    '/v1/accounts/:id/fees/:feeId/waive',
    operation('waiveAccountFee', 'Ask no more for a fee that is due', {
      params: FeeParams,
      body: DecideFeeRequest,
      response: { 200: FeeSchema },
      problems: ['fee_not_due'],
    }),
    async ({ caller, params, body }) => {
      const [accountId, id] = [fromTypeId('account', params.id), fromTypeId('fee', params.feeId)];
      return feeView(caller, await charges.waive(caller, accountId, id, body));
    },
  );

  server.post(
    '/v1/accounts/:id/fees/:feeId/refund',
    operation('refundAccountFee', 'Give back a fee that was charged, with its tax', {
      params: FeeParams,
      body: DecideFeeRequest,
      response: { 200: FeeSchema },
      problems: ['fee_not_charged', 'account_closed', 'account_frozen'],
    }),
    async ({ caller, params, body }) => {
      const [accountId, id] = [fromTypeId('account', params.id), fromTypeId('fee', params.feeId)];
      return feeView(caller, await charges.refund(caller, accountId, id, body));
    },
  );
}
