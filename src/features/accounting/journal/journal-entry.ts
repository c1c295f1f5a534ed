import type { EntryKind } from '#ledger/entry.ts';
import { checkAll, checkEach } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import type { TransactionId } from '#lib/ids.ts';
import { cleanLabels, type Labels, labelValues } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { cleanText, optional } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { accountingError } from '../errors.ts';

export const ENTRY_SIDES = ['debit', 'credit'] as const;

/** A line of an entry: an amount in minor units on one side of a line of the chart. */
export type EntryLine = {
  readonly glCode: string;
  readonly side: (typeof ENTRY_SIDES)[number];
  readonly amountMinor: bigint;
  readonly currency: Currency;
};

/** A document that an entry rests on, kept elsewhere: where it is, or its id there, and what it was. */
export type EntryAttachment = {
  readonly name: string;
  readonly url?: string | undefined;
  readonly id?: string | undefined;
  /** SHA-256 of the document, in hexadecimal. */
  readonly sha256?: string | undefined;
};

/** Why an entry was made, and what it rests on. */
export type EntryDetails = Labels & {
  readonly reason: string;
  readonly reference?: string | undefined;
  readonly attachments: readonly EntryAttachment[];
};

export type NewJournalEntry = EntryDetails & {
  readonly lines: readonly EntryLine[];
  /** On which it counts; the business date if not given. */
  readonly valueDate?: IsoDate | undefined;
};

/** An entry of the journal, as accountants see it. Those that nobody made by hand have no details. */
export type JournalEntry = {
  readonly id: TransactionId;
  readonly kind: EntryKind;
  readonly lines: readonly EntryLine[];
  readonly details: EntryDetails | undefined;
  /** On which it counts in the books. */
  readonly accountingDate: IsoDate;
  readonly businessDate: IsoDate;
  readonly actor: string;
  readonly createdAtMs: number;
  readonly reverses: TransactionId | undefined;
  readonly reversedBy: TransactionId | undefined;
};

/** A pair of lines of the chart, of which one is debited and the other credited by an amount in minor units. */
export type LinePair = {
  readonly debit: string;
  readonly credit: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
};

/** The entry with its texts cleaned. Throws 400 `validation_failed`. */
export function cleanEntry(entry: NewJournalEntry): NewJournalEntry {
  const { labels, ...texts } = checkAll({
    reason: () => cleanText(entry.reason, 'reason', 500),
    reference: () => optional(entry.reference, (text) => cleanText(text, 'reference', 140)),
    attachments: () => checkEach(entry.attachments, cleanAttachment),
    labels: () => cleanLabels(entry),
  });
  return { ...entry, ...labels, ...texts };
}

function cleanAttachment({ name, url, id, sha256 }: EntryAttachment, index: number): EntryAttachment {
  const path = `attachments[${index}]`;
  return checkAll({
    name: () => cleanText(name, `${path}.name`, 200),
    url: () => optional(url, (text) => cleanText(text, `${path}.url`, 500)),
    id: () => optional(id, (text) => cleanText(text, `${path}.id`, 200)),
    sha256: () => sha256?.toLowerCase(),
    place: () => {
      if ((url === undefined) !== (id === undefined)) return undefined;
      throw validationFailed({ path, message: 'must have one of url and id' });
    },
  });
}

/** The hash under which an entry is recognised when it is asked for again. */
export function hashEntry(entry: NewJournalEntry): Buffer {
  const { lines, valueDate, reason, reference, attachments } = entry;
  return hashRequest('createJournalEntry', [
    valueDate,
    reason,
    reference,
    ...lines.flatMap(({ glCode, side, amountMinor, currency }) => [glCode, side, amountMinor, currency]),
    JSON.stringify(attachments.map(({ name, url, id, sha256 }) => [name, url, id, sha256])),
    ...labelValues(entry),
  ]);
}

/** How an entry is reversed, for the hash of the request. */
export function hashReversal(
  id: TransactionId,
  { reason, reference, valueDate }: Pick<NewJournalEntry, 'reason' | 'reference' | 'valueDate'>,
  labels: Labels,
): Buffer {
  return hashRequest('reverseJournalEntry', [id, valueDate, reason, reference, ...labelValues(labels)]);
}

/**
 * The pairs that the ledger posts for the lines of an entry, exactly. In each currency the debits and the credits stand
 * in the order in which they were given. The first debit is paired with the first credit by the smaller of the two
 * amounts. What is left of the other goes on to the next, until both are used up. So n lines make at most n - 1 pairs,
 * and each line of the chart moves by what its lines say.
 *
 * Throws 400 `validation_failed` for a line of the chart on both
 * sides of a currency, 422 `entry_not_balanced`.
 */
export function pairLines(lines: readonly EntryLine[]): LinePair[] {
  assertOneSide(lines);
  const currencies = [...new Set(lines.map(({ currency }) => currency))];
  return currencies.flatMap((currency) => pairsIn(currency, lines));
}

function pairsIn(currency: Currency, lines: readonly EntryLine[]): LinePair[] {
  const [debits, credits] = ENTRY_SIDES.map((side) =>
    lines
      .filter((line) => line.currency === currency && line.side === side)
      .map(({ glCode, amountMinor }) => ({ glCode, leftMinor: amountMinor })),
  );
  assertBalanced(currency, lines);
  const pairs: LinePair[] = [];
  let at = 0;
  for (const debit of debits ?? []) {
    while (debit.leftMinor > 0n) {
      const credit = credits?.[at];
      if (credit === undefined) throw new TypeError('a balanced entry has a credit for each debit');
      const amountMinor = lesserOf(debit.leftMinor, credit.leftMinor);
      pairs.push({ debit: debit.glCode, credit: credit.glCode, amountMinor, currency });
      debit.leftMinor -= amountMinor;
      credit.leftMinor -= amountMinor;
      if (credit.leftMinor === 0n) at += 1;
    }
  }
  return pairs;
}

function lesserOf(one: bigint, other: bigint): bigint {
  if (one < other) return one;
  return other;
}

/** How much an entry moves in each currency: its debits. */
export function movedBy(lines: readonly EntryLine[]): { currency: Currency; amountMinor: bigint }[] {
  const currencies = [...new Set(lines.map(({ currency }) => currency))];
  return currencies.map((currency) => ({ currency, amountMinor: sumOf(currency, 'debit', lines) }));
}

function sumOf(currency: Currency, side: EntryLine['side'], lines: readonly EntryLine[]): bigint {
  return lines
    .filter((line) => line.currency === currency && line.side === side)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

function assertBalanced(currency: Currency, lines: readonly EntryLine[]): void {
  const [debitMinor, creditMinor] = [sumOf(currency, 'debit', lines), sumOf(currency, 'credit', lines)];
  if (debitMinor === creditMinor) return;
  throw accountingError('entry_not_balanced', {
    currency,
    debit: formatAmount(debitMinor, currency),
    credit: formatAmount(creditMinor, currency),
    fields: [{ path: 'lines', message: `must balance in ${currency}` }],
  });
}

function assertOneSide(lines: readonly EntryLine[]): void {
  const sides = new Map<string, EntryLine['side']>();
  for (const [index, { glCode, currency, side }] of lines.entries()) {
    const key = glCode + currency;
    if ((sides.get(key) ?? side) !== side) {
      const message = `must not debit and credit ${glCode} in one currency`;
      throw validationFailed({ path: `lines[${index}].side`, message });
    }
    sides.set(key, side);
  }
}
