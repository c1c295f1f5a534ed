import type { Static } from 'typebox';
import { admit } from '#http/admit.ts';
import { IdempotencyHeaders, markReplay, requireIdempotencyKey } from '#http/idempotency.ts';
import { operationsOf } from '#http/operations.ts';
import { type HttpServer, MAX_BATCH_BODY_BYTES } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { toTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { ItemResult } from './batch.ts';
import type { BatchService } from './batch-service.ts';
import type { Movement } from './movement.ts';
import { accountIdOf, payeeOf } from './request-values.ts';
import { BatchSchema, PostBatchRequest } from './schemas.ts';

const operation = operationsOf('Transactions');

/** Many movements in one request. */
export function registerBatchRoutes(server: HttpServer, batches: BatchService): void {
  server.post(
    '/v1/transactions/batch',
    {
      bodyLimit: MAX_BATCH_BODY_BYTES,
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
      const { mode, items } = request.body;
      const movements = items.map(movementOf);
      const answer = await batches.post({ caller: request.caller, idempotencyKey, mode, items: movements });
      markReplay(reply, answer.replayed);
      return { id: toTypeId('batch', answer.id), results: answer.results.map(resultView) };
    },
  );
}

type BatchItem = Static<typeof PostBatchRequest>['items'][number];

const CASH_FIELDS = ['accountId', 'mode'] as const;
const TRANSFER_FIELDS = ['fromAccountId'] as const;
const FOREIGN_TO_CASH = ['fromAccountId', 'toAccountId', 'toIban', 'toName', 'beneficiaryId'] as const;
const FOREIGN_TO_TRANSFER = ['accountId', 'mode', 'valueDate'] as const;

function movementOf(item: BatchItem, index: number): Movement {
  const path = `items[${index}].`;
  requireFields(item, path);
  const currency = requireCurrency(item.currency, `${path}currency`);
  const { description, reference } = item;
  const amountMinor = parseAmount(item.amount, currency, `${path}amount`);
  const money = { amountMinor, currency, description, reference };
  if (item.type === 'transfer') {
    const to = payeeOf(item, path);
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
  for (const name of due) {
    if (item[name] === undefined) throw validationFailed({ path: `${path}${name}`, message: 'is required' });
  }
  for (const name of foreign) {
    if (item[name] === undefined) continue;
    throw validationFailed({ path: `${path}${name}`, message: `does not belong to a ${item.type}` });
  }
}

function resultView(result: ItemResult): Static<typeof BatchSchema>['results'][number] {
  if (result.status === 'refused') return result;
  return { status: 'posted', transactionId: toTypeId('transaction', result.transactionId) };
}
