import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { isInstant, pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { parseIsoDate } from '#lib/time/dates.ts';
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
      const [before] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid']);
      const rows = await audit.list({
        actor,
        operation,
        resource,
        fromMs: from === undefined ? undefined : startOf(from, 'from'),
        toMs: to === undefined ? undefined : endOf(to),
        before,
        limit: limit + 1,
      });
      const page = toPage(rows, limit, ({ id }) => [id]);
      return { ...page, data: page.data.map(auditEntryView) };
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
