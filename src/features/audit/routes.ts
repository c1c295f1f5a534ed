import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { isInstant, pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { addDays, parseIsoDate } from '#lib/dates.ts';
import { validationFailed } from '#lib/errors.ts';
import { AuditEntrySchema, ListAuditLogQuery } from './schemas.ts';
import type { AuditService } from './service.ts';
import { auditEntryView } from './view.ts';

/** Who did what. */
export function registerAuditRoutes(server: HttpServer, audit: AuditService): void {
  server.get(
    '/v1/audit-log',
    {
      schema: {
        operationId: 'listAuditLog',
        summary: 'List who did what, newest first',
        tags: ['Audit'],
        querystring: ListAuditLogQuery,
        response: { 200: pageSchema(AuditEntrySchema), ...problemResponses(400) },
      },
    },
    async ({ query }) => {
      const limit = pageLimit(query);
      const { actor, action: operation, resource, from, to, cursor } = query;
      const [at = '', id = ''] = cursor === undefined ? [] : decodeCursor(cursor, ['instant', 'uuid']);
      const rows = await audit.list({
        actor,
        operation,
        resource,
        from: from === undefined ? undefined : startOf(from, 'from'),
        to: to === undefined ? undefined : endOf(to),
        before: cursor === undefined ? undefined : { at, id },
        limit: limit + 1,
      });
      const page = toPage(rows, limit, (row) => [row.at.toISOString(), row.id]);
      return { ...page, data: page.data.map(auditEntryView) };
    },
  );
}

function startOf(text: string, path: string): string {
  const date = parseIsoDate(text);
  if (date !== undefined) return `${date}T00:00:00Z`;
  if (!isInstant(text)) throw validationFailed({ path, message: 'must be a date or an instant' });
  return text;
}

function endOf(text: string): string {
  const date = parseIsoDate(text);
  if (date === undefined) return startOf(text, 'to');
  // The last date there is has no next one.
  return date === LAST_DATE ? `${date}T23:59:59.999Z` : `${addDays(date, 1)}T00:00:00Z`;
}

const LAST_DATE = '9999-12-31';
