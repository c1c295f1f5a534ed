import { IdempotencyHeaders, markReplay, requireIdempotencyKey } from '#http/idempotency.ts';
import { operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromJournalEntryId, fromTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { JournalEntry } from './journal-entry.ts';
import {
  CreateJournalEntryRequest,
  JournalEntryParams,
  JournalEntrySchema,
  journalEntryView,
  ListJournalEntriesQuery,
  linesOf,
  ReverseJournalEntryRequest,
} from './schemas.ts';
import type { JournalService } from './service.ts';

const operation = operationsOf('Accounting');

const LIST = '/v1/accounting/journal-entries';
const BOOKING_PROBLEMS = ['external_id_exists', 'limit_requires_manager', 'period_closed'] as const;

const entryIdOf = (text: string) => fromJournalEntryId(fromTypeId('journalEntry', text));

/** Journal entries by hand. */
export function registerJournalRoutes(server: HttpServer, journal: JournalService): void {
  registerBooking(server, journal);

  server.get(
    LIST,
    operation('listJournalEntries', 'List journal entries that were booked by hand, newest first', {
      querystring: ListJournalEntriesQuery,
      response: { 200: pageSchema(JournalEntrySchema) },
    }),
    ({ caller, query }) => {
      const { kind, reference, externalId, metadata } = query;
      const period = { from: optional(query.from, isoDate), to: optional(query.to, isoDate) };
      return readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: JournalEntry) => id,
        read: (limit, after) =>
          journal.page(caller, { kind, reference, externalId, metadata, ...period, after, limit }),
        view: journalEntryView,
      });
    },
  );

  server.get(
    `${LIST}/:id`,
    operation('getJournalEntry', 'Get an entry of the journal, whatever it is of', {
      params: JournalEntryParams,
      response: { 200: JournalEntrySchema },
    }),
    async ({ params }) => journalEntryView(await journal.get(entryIdOf(params.id))),
  );
}

function registerBooking(server: HttpServer, journal: JournalService): void {
  server.post(
    LIST,
    operation('createJournalEntry', 'Book a journal entry by hand', {
      headers: IdempotencyHeaders,
      body: CreateJournalEntryRequest,
      response: { 201: JournalEntrySchema },
      problems: [
        ...BOOKING_PROBLEMS,
        'entry_not_balanced',
        'unknown_gl_account',
        'gl_control_line',
        'gl_account_not_manual',
        'currency_mismatch',
      ],
    }),
    async (request, reply) => {
      const { lines, valueDate, attachments = [], ...details } = request.body;
      const { entry, replayed } = await journal.create({
        caller: request.caller,
        idempotencyKey: requireIdempotencyKey(request),
        entry: { ...details, attachments, lines: linesOf(lines), valueDate: optional(valueDate, isoDate) },
      });
      markReplay(reply, replayed);
      const view = journalEntryView(entry);
      return reply.code(201).header('location', `${LIST}/${view.id}`).send(view);
    },
  );

  server.post(
    `${LIST}/:id/reverse`,
    operation('reverseJournalEntry', 'Take a journal entry by hand back, once', {
      params: JournalEntryParams,
      headers: IdempotencyHeaders,
      body: ReverseJournalEntryRequest,
      response: { 201: JournalEntrySchema },
      problems: [...BOOKING_PROBLEMS, 'already_reversed', 'journal_entry_not_reversible'],
    }),
    async (request, reply) => {
      const { valueDate, ...details } = request.body;
      const { entry, replayed } = await journal.reverse({
        ...details,
        caller: request.caller,
        idempotencyKey: requireIdempotencyKey(request),
        id: entryIdOf(request.params.id),
        valueDate: optional(valueDate, isoDate),
      });
      markReplay(reply, replayed);
      const view = journalEntryView(entry);
      return reply.code(201).header('location', `${LIST}/${view.id}`).send(view);
    },
  );
}
