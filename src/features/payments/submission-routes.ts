import type { Static } from 'typebox';
import { IdempotencyHeaders, markReplay, requireIdempotencyKey } from '#http/idempotency.ts';
import { InvalidItem, judgeItems } from '#http/judged-items.ts';
import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { fromTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import type { BulkPaymentService } from './bulk-service.ts';
import { returnOf } from './schemas.ts';
import {
  askedPayment,
  BulkResultsSchema,
  bulkResultsView,
  paymentIdsOf,
  ReturnPaymentsRequest,
  refusedItem,
  SettlePaymentsRequest,
  SubmissionParams,
  SubmissionSchema,
  SubmitPaymentsRequest,
  submissionView,
} from './submission-schemas.ts';
import type { SubmissionService } from './submission-service.ts';

const operation = operationsOf('Payments');

/** Payments to other banks by the file: claimed by the sender, and settled or returned together. */
export function registerSubmissionRoutes(
  server: HttpServer,
  submissions: SubmissionService,
  bulk: BulkPaymentService,
): void {
  registerSubmit(server, submissions);
  registerBulk(server, bulk);
}

function registerSubmit(server: HttpServer, submissions: SubmissionService): void {
  server.post(
    '/v1/outgoing-payments/submit',
    operation(
      'submitOutgoingPayments',
      'Claim payments to send them: those that wait, or those that are named',
      {
        headers: IdempotencyHeaders,
        body: SubmitPaymentsRequest,
        response: { 201: SubmissionSchema },
        problems: [
          'not_found',
          'customer_deceased',
          'payment_not_pending',
          'nothing_to_submit',
          'message_used',
        ],
      },
    ),
    async (request, reply) => {
      const { message, ids, currency, limit } = request.body;
      if (ids !== undefined) assertAlone({ currency, limit });
      const { submission, replayed } = await submissions.submit({
        caller: request.caller,
        idempotencyKey: requireIdempotencyKey(request),
        message,
        ids: ids?.map((id) => fromTypeId('transaction', id)),
        currency: optional(currency, requireCurrency),
        limit,
      });
      markReplay(reply, replayed);
      const view = submissionView(submission);
      reply.code(201).header('location', `/v1/submissions/${view.id}`);
      return view;
    },
  );

  server.get(
    '/v1/submissions/:id',
    operation('getSubmission', 'Get the payments that were claimed together', {
      params: SubmissionParams,
      response: { 200: SubmissionSchema },
    }),
    async ({ params }) => submissionView(await submissions.get(fromTypeId('submission', params.id))),
  );
}

function registerBulk(server: HttpServer, bulk: BulkPaymentService): void {
  const many = { headers: IdempotencyHeaders, response: { 200: BulkResultsSchema } };
  server.post(
    '/v1/outgoing-payments/settle',
    operation('settleOutgoingPayments', 'Say of many payments that the other bank has the money', {
      body: SettlePaymentsRequest,
      ...many,
      problems: ['not_found'],
    }),
    async (request) => {
      const idempotencyKey = requireIdempotencyKey(request);
      const { ids, submissionId } = request.body;
      if ((ids === undefined) === (submissionId === undefined)) {
        throw validationFailed({ path: 'ids', message: 'give one of ids and submissionId' });
      }
      const keyed = { caller: request.caller, idempotencyKey };
      if (submissionId !== undefined) {
        const submission = fromTypeId('submission', submissionId);
        return bulkResultsView(await bulk.settle({ ...keyed, submissionId: submission }));
      }
      const asked = (ids ?? []).map(askedPayment);
      return bulkResultsView(await bulk.settle({ ...keyed, ids: paymentIdsOf(asked) }), asked);
    },
  );

  server.post(
    '/v1/outgoing-payments/return',
    {
      validatorCompiler: judgeItems(server, () => true),
      ...operation('returnOutgoingPayments', 'Give the money of many payments back to their payers', {
        body: ReturnPaymentsRequest,
        ...many,
        problems: ['not_found'],
      }),
    },
    async (request) => {
      const idempotencyKey = requireIdempotencyKey(request);
      const asked = request.body.items.map(askedReturn);
      const items = asked.flatMap((one) => ('refused' in one ? [] : one));
      return bulkResultsView(await bulk.giveBack({ caller: request.caller, idempotencyKey, items }), asked);
    },
  );
}

/** An item of a request to return payments: the payment with its reason, or what is wrong with it. */
function askedReturn(item: Static<typeof ReturnPaymentsRequest>['items'][number]) {
  const given: unknown = item;
  if (given instanceof InvalidItem) return refusedItem(given);
  const asked = askedPayment(item.id);
  return 'refused' in asked ? asked : { ...asked, ...returnOf(item) };
}

/** Throws 400 `validation_failed` for what chooses among those that wait, beside payments that are named. */
function assertAlone(others: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(others).filter((path) => others[path] !== undefined);
  if (given.length > 0)
    throw validationFailed(...given.map((path) => ({ path, message: 'does not go with ids' })));
}
