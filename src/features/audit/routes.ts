import { operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import { optional } from '#lib/text.ts';
import { parseIsoDate } from '#lib/time/dates.ts';
import { isInstant } from '#lib/time/instants.ts';
import { AuditProofQuery, AuditProofSchema, auditProofView } from './proof-schemas.ts';
import { AuditParams, AuditRowSchema, auditEntryView, ListAuditLogQuery } from './schemas.ts';
import type { AuditEntry, AuditService } from './service.ts';

/** As PostgreSQL writes it. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const operation = operationsOf('Audit');

/** Who did what. */
export function registerAuditRoutes(server: HttpServer, audit: AuditService): void {
  server.get(
    '/v1/audit-log',
    operation('listAuditLog', 'List who did what, newest first', {
      querystring: ListAuditLogQuery,
      response: { 200: pageSchema(AuditRowSchema) },
    }),
    ({ query }) => {
      const { actor, action: operation, resource } = query;
      return readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: AuditEntry) => id,
        read: (limit, before) => {
          const fromMs = optional(query.from, (text) => startOf(text, 'from'));
          const toMs = optional(query.to, endOf);
          return audit.list({ actor, operation, resource, fromMs, toMs, before, limit });
        },
        view: auditEntryView,
      });
    },
  );

  server.get(
    '/v1/audit-log/:id/proof',
    operation('getAuditProof', 'Get the proof that a row is as it was sealed', {
      params: AuditParams,
      querystring: AuditProofQuery,
      response: { 200: AuditProofSchema },
      problems: ['audit_row_in_no_block', 'audit_row_not_sealed'],
    }),
    async ({ params, query }) => {
      if (!UUID.test(params.id)) throw notFound();
      const { proof, checkpoint } = await audit.prove(params.id, optional(query.toBlock, BigInt));
      return auditProofView(proof, checkpoint);
    },
  );
}

/** In whole milliseconds, as rows have them: within one, the next. */
function startOf(text: string, path: string): number {
  const date = parseIsoDate(text);
  if (date === undefined && !isInstant(text)) {
    throw validationFailed({ path, message: 'must be a date or an instant' });
  }
  const instant = Temporal.Instant.from(date === undefined ? text : `${date}T00:00:00Z`);
  return instant.round({ smallestUnit: 'millisecond', roundingMode: 'ceil' }).epochMilliseconds;
}

function endOf(text: string): number {
  return startOf(text, 'to') + (parseIsoDate(text) === undefined ? 0 : DAY_MS);
}

const DAY_MS = 86_400_000;
