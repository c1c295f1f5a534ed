import type { Static } from 'typebox';
import { admit } from '#http/admit.ts';
import { canonicalJson } from '#http/canonical-json.ts';
import { IdempotencyHeaders, markReplay, requireIdempotencyKey } from '#http/idempotency.ts';
import { judgeItems, InvalidItem as Refused } from '#http/judged-items.ts';
import { idParams, operationsOf } from '#http/operations.ts';
import { type HttpServer, MAX_BATCH_BODY_BYTES } from '#http/server.ts';
import { shownFields } from '#http/shown-fields.ts';
import { assert } from '#lib/assert.ts';
import { checkAll, checkEach } from '#lib/check-all.ts';
import { isInvalidInput, validationFailed } from '#lib/errors.ts';
import { fromTypeId, toTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { InvalidItem, ItemResult } from './batch.ts';
import type { BatchAnswer, BatchService } from './batch-service.ts';
import type { Movement } from './movement.ts';
import { accountIdOf, payeeOf } from './payee-schemas.ts';
import { BatchSchema, PostBatchRequest } from './schemas.ts';

const operation = operationsOf('Transactions');

/** Many movements in one request. */
export function registerBatchRoutes(server: HttpServer, batches: BatchService): void {
  server.post(
    '/v1/transactions/batch',
    {
      bodyLimit: MAX_BATCH_BODY_BYTES,
      validatorCompiler: judgeItems(server, ({ mode }) => mode === 'independent'),
      onRequest: admit(batches),
      ...operation(
        'postBatch',
        'Post up to 10,000 deposits, withdrawals and transfers, all or none or each for itself',
        {
          headers: IdempotencyHeaders,
          body: PostBatchRequest,
          response: { 200: BatchSchema },
          problems: ['batch_refused'],
        },
      ),
    },
    async (request, reply) => {
      const idempotencyKey = requireIdempotencyKey(request);
      const { mode, items: given } = request.body;
      const items = mode === 'atomic' ? checkEach(given, movementOf) : given.map(orInvalid);
      const answer = await batches.post({ caller: request.caller, idempotencyKey, mode, items });
      markReplay(reply, answer.replayed);
      return batchView(answer);
    },
  );

  server.get(
    '/v1/transactions/batches/:id',
    operation('getBatch', 'Get the outcome of a batch again', {
      params: idParams('batch'),
      response: { 200: BatchSchema },
    }),
    async ({ params }) => batchView(await batches.get(fromTypeId('batch', params.id))),
  );
}

function batchView({ id, mode, results }: Pick<BatchAnswer, 'id' | 'mode' | 'results'>): BatchView {
  return { id: toTypeId('batch', id), mode, results: results.map(resultView) };
}

/** An item of an independent batch: what is wrong with it is its own refusal. */
function orInvalid(item: BatchItem): Movement | InvalidItem {
  const given: unknown = item;
  if (given instanceof Refused) {
    return { kind: 'invalid', refusal: given.refusal, given: canonicalJson(given.given) };
  }
  try {
    return movementOf(item);
  } catch (error) {
    if (!isInvalidInput(error)) throw error;
    return { kind: 'invalid', refusal: error, given: canonicalJson(given) };
  }
}

type BatchView = Static<typeof BatchSchema>;
type BatchItem = Static<typeof PostBatchRequest>['items'][number];

const CASH_FIELDS = ['accountId', 'mode'] as const;
const TRANSFER_FIELDS = ['fromAccountId'] as const;
const FOREIGN_TO_CASH = [
  'fromAccountId',
  'toAccountId',
  'toIban',
  'toAccount',
  'toName',
  'beneficiaryId',
] as const;
const FOREIGN_TO_TRANSFER = ['accountId', 'mode', 'valueDate'] as const;

/** The movement of an item; with the place of the item in its batch, paths begin there. */
function movementOf(item: BatchItem, index?: number): Movement {
  const path = index === undefined ? '' : `items[${index}].`;
  const { currency, amountMinor, to } = checkAll({
    fields: () => requireFields(item, path),
    currency: () => requireCurrency(item.currency, `${path}currency`),
    amountMinor: () =>
      parseAmount(item.amount, requireCurrency(item.currency, `${path}currency`), `${path}amount`),
    to: () => (item.type === 'transfer' ? payeeOf(item, path) : undefined),
  });
  const { description, reference, externalId, metadata } = item;
  const money = { amountMinor, currency, description, reference, externalId, metadata };
  if (item.type === 'transfer') {
    assert(to !== undefined, 'a transfer has a payee');
    return { kind: 'transfer', fromAccountId: accountIdOf(item.fromAccountId ?? ''), to, ...money };
  }
  const valueDate = optional(item.valueDate, isoDate);
  const mode = item.mode ?? 'online';
  return { kind: item.type, accountId: accountIdOf(item.accountId ?? ''), mode, valueDate, ...money };
}

/** Throws 400 `validation_failed` for fields that an item of this type lacks or must not have. */
function requireFields(item: BatchItem, path: string): void {
  const isTransfer = item.type === 'transfer';
  const due = isTransfer ? TRANSFER_FIELDS : CASH_FIELDS;
  const foreign = isTransfer ? FOREIGN_TO_TRANSFER : FOREIGN_TO_CASH;
  const errors = [
    ...due
      .filter((name) => item[name] === undefined)
      .map((name) => ({ path: `${path}${name}`, code: 'required' as const, message: 'is required' })),
    ...foreign
      .filter((name) => item[name] !== undefined)
      .map((name) => ({ path: `${path}${name}`, message: `does not belong to a ${item.type}` })),
  ];
  if (errors.length > 0) throw validationFailed(...errors);
}

function resultView(result: ItemResult): Static<typeof BatchSchema>['results'][number] {
  if (result.status === 'refused') {
    const { status, code, errors } = result;
    return { status, code, ...(errors === undefined ? {} : { errors: shownFields(errors, undefined) }) };
  }
  return { status: 'posted', transactionId: toTypeId('transaction', result.transactionId) };
}
