import { type Static, Type } from 'typebox';
import {
  amount,
  choice,
  currency,
  date,
  externalIdFilter,
  givenLabels,
  givenText,
  id,
  instant,
  labelsView,
  list,
  metadataFilter,
  shownLabels,
  text,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { nullable, requestObject, resource } from '#http/schemas.ts';
import { checkEach } from '#lib/check-all.ts';
import { type TransactionId, toJournalEntryId, toTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { formatAmount, parseAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { ENTRY_SIDES, type EntryLine, type JournalEntry } from './journal-entry.ts';

const EXTERNAL_ID = 'RENT-2026-01';
const REFERENCE = 'Invoice 4711';
/** A payroll of a department; a longer one is several entries. */
const MAX_LINES = 200;
const MAX_ATTACHMENTS = 20;

const Side = choice('EntrySide', 'The side of the line.', ENTRY_SIDES);
const MANUAL_KINDS = ['journal', 'reversal', 'year_end'] as const;

const Attachment = requestObject(
  'EntryAttachment',
  'A document that the entry rests on, kept elsewhere: one of url and id.',
  {
    name: givenText('What it is called.', 'Rent invoice January.pdf', 200),
    url: Type.Optional(givenText('Where it is.', 'https://documents.example.com/4711', 500)),
    id: Type.Optional(givenText('Its id where it is kept.', 'DOC-4711', 200)),
    sha256: Type.Optional(
      Type.String({
        description: 'SHA-256 of its bytes, in hexadecimal.',
        examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
        pattern: '^[0-9a-fA-F]{64}$',
      }),
    ),
  },
);

const valueDate = Type.Optional(
  date(
    'The date on which it counts in the books: today, or an earlier one that is open. Today if not given.',
  ),
);

const GivenLine = requestObject('EntryLineRequest', 'An amount on one side of a line of the chart.', {
  glAccount: givenText('The code of the line.', '6100', 10),
  side: Side,
  amount: amount('The amount.'),
  currency: currency('The currency of the amount.'),
});

export const CreateJournalEntryRequest = requestObject(
  'CreateJournalEntryRequest',
  'An entry by hand. In each currency its debits are as much as its credits.',
  {
    lines: Type.Array(GivenLine, {
      description: 'The lines, in any order.',
      minItems: 2,
      maxItems: MAX_LINES,
      examples: [
        [
          { glAccount: '6100', side: 'debit', amount: '1250.00', currency: 'EUR' },
          { glAccount: '1000', side: 'credit', amount: '1250.00', currency: 'EUR' },
        ],
      ],
    }),
    reason: givenText('Why it is made.', 'Rent of the branch, January'),
    reference: Type.Optional(givenText('The document that it is made for.', REFERENCE, 140)),
    valueDate,
    attachments: Type.Optional(
      list('Documents that it rests on.', Attachment, { maxItems: MAX_ATTACHMENTS }),
    ),
    ...givenLabels(EXTERNAL_ID),
  },
);

export const ReverseJournalEntryRequest = requestObject(
  'ReverseJournalEntryRequest',
  'Why it is taken back.',
  {
    reason: givenText('Why it is taken back.', 'Booked twice'),
    reference: Type.Optional(givenText('The document that it is made for.', REFERENCE, 140)),
    valueDate,
    ...givenLabels(EXTERNAL_ID),
  },
);

export const JournalEntrySchema = resource('JournalEntry', 'An entry of the journal.', {
  id: id('journalEntry', 'The id.'),
  kind: text('`journal` if it was booked by hand, else what it is of.', 'journal'),
  lines: list(
    'The lines by currency, debits first. What stands on one side of a line of the chart is added up.',
    resource('EntryLine', 'An amount on one side of a line of the chart.', {
      glAccount: text('The code of the line.', '6100'),
      side: Side,
      amount: amount('The amount.'),
      currency: currency('The currency of the amount.'),
    }),
  ),
  reason: nullable(text('Why it was made; null if nobody made it by hand.', 'Rent of the branch, January')),
  reference: nullable(text('The document that it was made for.', REFERENCE)),
  attachments: list(
    'Documents that it rests on.',
    resource('EntryDocument', 'A document that is kept elsewhere.', {
      name: text('What it is called.', 'Rent invoice January.pdf'),
      url: nullable(text('Where it is.', 'https://documents.example.com/4711')),
      id: nullable(text('Its id where it is kept.', 'DOC-4711')),
      sha256: nullable(
        text('SHA-256 of its bytes.', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
      ),
    }),
  ),
  valueDate: date('The date on which it counts in the books.'),
  businessDate: date('The business date on which it was booked.'),
  createdBy: text('Who booked it.', 'usr_01h455vb4pex5vsknk084sn02q'),
  createdAt: instant('When it was booked.'),
  reverses: nullable(id('journalEntry', 'The entry that it takes back.')),
  reversedBy: nullable(id('journalEntry', 'The entry that took it back.')),
  ...shownLabels(EXTERNAL_ID),
});
export type JournalEntryView = Static<typeof JournalEntrySchema>;

export const ListJournalEntriesQuery = pageQuery({
  kind: Type.Optional(choice('ManualEntryKind', 'Of this kind.', MANUAL_KINDS)),
  from: Type.Optional(date('That count on this date or later.')),
  to: Type.Optional(date('That count on this date or earlier.')),
  reference: Type.Optional(text('With this reference.', REFERENCE, { maxLength: 140 })),
  externalId: externalIdFilter(EXTERNAL_ID),
  metadata: metadataFilter,
});

export const JournalEntryParams = idParams('journalEntry');

type GivenLines = Static<typeof CreateJournalEntryRequest>['lines'];

/** The lines of a request. Throws 400 `invalid_amount` and `validation_failed` for all that are wrong. */
export function linesOf(lines: GivenLines): EntryLine[] {
  return checkEach(lines, (line, index) => {
    const code = requireCurrency(line.currency, `lines[${index}].currency`);
    return {
      glCode: line.glAccount,
      side: line.side,
      amountMinor: parseAmount(line.amount, code, `lines[${index}].amount`),
      currency: code,
    };
  });
}

export function journalEntryView(entry: JournalEntry): JournalEntryView {
  const { details, lines } = entry;
  return {
    id: idOf(entry.id),
    kind: entry.kind,
    lines: lines.map(({ glCode, side, amountMinor, currency: code }) => ({
      glAccount: glCode,
      side,
      amount: formatAmount(amountMinor, code),
      currency: code,
    })),
    reason: details?.reason ?? null,
    reference: details?.reference ?? null,
    attachments: (details?.attachments ?? []).map(({ name, url, id: documentId, sha256 }) => ({
      name,
      url: url ?? null,
      id: documentId ?? null,
      sha256: sha256 ?? null,
    })),
    valueDate: entry.accountingDate,
    businessDate: entry.businessDate,
    createdBy: entry.actor,
    createdAt: toIsoInstant(entry.createdAtMs),
    reverses: orNull(entry.reverses, idOf),
    reversedBy: orNull(entry.reversedBy, idOf),
    ...labelsView({ externalId: details?.externalId ?? null, metadata: details?.metadata ?? null }),
  };
}

const idOf = (id: TransactionId): string => toTypeId('journalEntry', toJournalEntryId(id));
