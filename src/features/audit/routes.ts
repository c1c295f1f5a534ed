import { operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { optional } from '#lib/text.ts';
import { parseIsoDate } from '#lib/time/dates.ts';
import { isInstant } from '#lib/time/instants.ts';
import { AuditRowSchema, auditEntryView, ListAuditLogQuery } from './schemas.ts';
import type { AuditEntry, AuditService } from './service.ts';

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
