import { idFilter, operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount, parseAmountOrZero } from '#lib/money/money.ts';
import type { Attachment } from './attachment.ts';
import {
  AttachmentParams,
  AttachmentSchema,
  attachmentView,
  ListAttachmentsQuery,
  PlaceAttachmentRequest,
  ReleaseAttachmentRequest,
} from './schemas.ts';
import type { AttachmentService } from './service.ts';

const operation = operationsOf('Holds');

/** Money that a court or an authority has kept. */
export function registerAttachmentRoutes(server: HttpServer, attachments: AttachmentService): void {
  server.post(
    '/v1/attachments',
    operation('placeAttachment', 'Keep money of an account by the order of a court or an authority', {
      body: PlaceAttachmentRequest,
      response: { 201: AttachmentSchema },
      problems: ['not_found', 'account_closed', 'currency_mismatch', 'external_id_exists'],
    }),
    async ({ caller, body }, reply) => {
      const currency = requireCurrency(body.currency);
      const attachment = await attachments.place({
        caller,
        accountId: fromTypeId('account', body.accountId),
        amountMinor: parseAmount(body.amount, currency),
        currency,
        protectedMinor: parseAmountOrZero(body.protectedAmount ?? '0', currency, 'protectedAmount'),
        reasonCode: body.reasonCode,
        legalReference: body.legalReference,
        externalId: body.externalId,
        metadata: body.metadata,
      });
      const view = attachmentView(attachment);
      return reply.code(201).header('location', `/v1/attachments/${view.id}`).send(view);
    },
  );

  server.post(
    '/v1/attachments/:id/release',
    operation('releaseAttachment', 'Let go of what an attachment keeps', {
      params: AttachmentParams,
      body: ReleaseAttachmentRequest,
      response: { 200: AttachmentSchema },
      problems: ['attachment_not_active'],
    }),
    async ({ caller, params, body }) =>
      attachmentView(await attachments.release(caller, fromTypeId('attachment', params.id), body.reason)),
  );

  registerReads(server, attachments);
}

function registerReads(server: HttpServer, attachments: AttachmentService): void {
  server.get(
    '/v1/attachments',
    operation('listAttachments', 'List attachments, newest first', {
      querystring: ListAttachmentsQuery,
      response: { 200: pageSchema(AttachmentSchema) },
    }),
    ({ caller, query }) =>
      readPage(query, {
        order: 'uuid',
        placeOf: ({ state }: Attachment) => state.id,
        read: (limit, after) => {
          const accountId = idFilter('account', query.accountId);
          const { status, externalId, metadata } = query;
          return attachments.page(caller, { accountId, status, externalId, metadata, after, limit });
        },
        view: attachmentView,
      }),
  );

  server.get(
    '/v1/attachments/:id',
    operation('getAttachment', 'Get an attachment', {
      params: AttachmentParams,
      response: { 200: AttachmentSchema },
    }),
    async ({ params }) => attachmentView(await attachments.get(fromTypeId('attachment', params.id))),
  );
}
