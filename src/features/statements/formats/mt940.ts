import { loadBasicText, type ToText } from '#lib/basic-text.ts';
import { isBic } from '#lib/bic.ts';
import { formatAmount, minorOf } from '#lib/money/money.ts';
import { pieces } from '#lib/text-pieces.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { StatementDocument } from '../document.ts';
import { entriesOf, type StatementEntry } from './entries.ts';
import { codesOf } from './line-codes.ts';
import { messageId, statedPeriod } from './stated-period.ts';

/** Characters of a message between its first and last line. */
const MAX_MESSAGE = 2_000;
/** For what stands before and behind the lines of a page. */
const FRAME = 200;
const MAX_LINE = 65;
const MAX_INFORMATION_LINES = 6;
const MAX_REFERENCE = 16;
/** Of a field of the purpose or of a name. */
const SUBFIELD = 27;
const PURPOSE_FIELDS = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 60, 61, 62, 63];
const CRLF = '\r\n';

/**
 * A statement as MT940 (SWIFT's customer statement message), in pieces. A message has at most 2,000 characters, so that a long
 * statement has pages: the next one begins with the interim balance of the one before. Everything is in SWIFT's X set.
 */
export async function* statementMt940(document: StatementDocument): AsyncGenerator<string, void> {
  const basic = await loadBasicText();
  const { from, to } = await statedPeriod(document);
  const pages = new Pages(document, messageId(document, 'mt940', { from, to }));
  const { head } = document;
  let text = pages.begin('F', addDays(from, -1), minorOf(head.openingBalance));
  for await (const entries of entriesOf(document)) {
    for (const entry of entries) {
      const lines = entryLines(entry, basic);
      if (pages.isFull(lines)) text += pages.turn(entry.bookedOn);
      text += pages.add(lines, entry);
    }
    yield text;
    text = '';
  }
  yield text + pages.end('F', to);
}

/** Writes pages that lead from one balance to the next. */
class Pages {
  readonly #document: StatementDocument;
  readonly #id: string;
  #number = 0;
  #characters = 0;
  #balanceMinor = 0n;

  constructor(document: StatementDocument, id: string) {
    this.#document = document;
    this.#id = id;
  }

  begin(kind: 'F' | 'M', on: IsoDate, balanceMinor: bigint): string {
    const { head } = this.#document;
    this.#number += 1;
    this.#characters = FRAME;
    this.#balanceMinor = balanceMinor;
    const number = `${padded(head.number ?? 0)}/${padded(this.#number)}`;
    return linesOf([
      `:20:${this.#id.slice(-MAX_REFERENCE)}`,
      `:25:${head.iban ?? head.accountNumber}`,
      `:28C:${number}`,
      `:60${kind}:${this.#balance(on)}`,
    ]);
  }

  end(kind: 'F' | 'M', on: IsoDate): string {
    return linesOf([`:62${kind}:${this.#balance(on)}`, '-']);
  }

  turn(on: IsoDate): string {
    return this.end('M', on) + this.begin('M', on, this.#balanceMinor);
  }

  isFull(lines: string): boolean {
    return this.#characters > FRAME && this.#characters + lines.length > MAX_MESSAGE;
  }

  add(lines: string, { amount, isCredit }: StatementEntry): string {
    this.#characters += lines.length;
    const amountMinor = minorOf(amount);
    this.#balanceMinor += isCredit ? amountMinor : -amountMinor;
    return lines;
  }

  #balance(on: IsoDate): string {
    const { currency } = this.#document.head;
    const amount = formatAmount(this.#balanceMinor, currency);
    return `${amount.startsWith('-') ? 'D' : 'C'}${shortDate(on)}${currency}${withComma(amount)}`;
  }
}

/** Fields 61 and 86 of an entry. */
function entryLines(entry: StatementEntry, basic: ToText): string {
  const { valueOn, bookedOn, isCredit, isReversal, amount, bankReference } = entry;
  const mark = isReversal ? (isCredit ? 'RD' : 'RC') : isCredit ? 'C' : 'D';
  const { swift } = codesOf(entry);
  const line = `:61:${shortDate(valueOn)}${shortDate(bookedOn).slice(2)}${mark}${withComma(amount)}`;
  return linesOf([
    `${line}N${swift}${payerReference(entry, basic)}//${bankReference}`,
    ...informationLines(entry, basic),
  ]);
}

/** The payer's reference where it fits, else NONREF: some readers refuse a line that has neither. */
function payerReference({ reference }: StatementEntry, basic: ToText): string {
  if (reference === null || reference.length > MAX_REFERENCE || basic(reference) !== reference)
    return 'NONREF';
  return /^\/|\/$|\/\//.test(reference) ? 'NONREF' : reference;
}

/**
 * Field 86 as German banks structure it: the code of the transaction, then fields that begin with `?` and two digits.
 * It has six lines of 65, none of which begins with a colon or a hyphen.
 */
function informationLines(entry: StatementEntry, basic: ToText): string[] {
  const clean = (text: string): string => basic(text).replaceAll('?', '.').trim();
  const { other, type } = entry;
  const name = pieces(clean(other?.name ?? ''), SUBFIELD).slice(0, 2);
  const account = other?.iban ?? clean(other?.account ?? '');
  const bank = other?.bank !== null && other?.bank !== undefined && isBic(other.bank) ? other.bank : '';
  const tail = [field(30, bank), field(31, account), ...name.map((part, at) => field(32 + at, part))].join(
    '',
  );
  const start = `${codesOf(entry).german}${field(0, clean(type.replaceAll('_', ' ')))}`;
  const texts = [entry.description, entry.reference, entry.purpose].filter((text) => text !== null);
  const purpose = texts.length === 0 ? [] : pieces(`SVWZ+${clean(texts.join(' '))}`, SUBFIELD);
  const fields = purpose.slice(0, PURPOSE_FIELDS.length).map((part, at) => field(PURPOSE_FIELDS[at], part));
  for (;;) {
    const lines = folded(`:86:${start}${fields.join('')}${tail}`);
    // What does not fit is left out from the end of the purpose.
    if (lines.length <= MAX_INFORMATION_LINES || fields.pop() === undefined) return lines;
  }
}

function field(number: number | undefined, text: string): string {
  return number === undefined || text === '' ? '' : `?${String(number).padStart(2, '0')}${text}`;
}

/** A text in lines of 65, none of which begins with a character that begins a field or ends the message. */
function folded(text: string): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > MAX_LINE) {
    let end = MAX_LINE;
    while (/[:-]/.test(rest.charAt(end))) end -= 1;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...lines, rest];
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => line + CRLF).join('');
}

/** `261128` of 2026-11-28. */
function shortDate(date: IsoDate): string {
  return date.slice(2).replaceAll('-', '');
}

/** An amount without its sign, with the comma that SWIFT asks for always. */
function withComma(amount: string): string {
  const plain = amount.replace('-', '').replace('.', ',');
  return plain.includes(',') ? plain : `${plain},`;
}

/** Five digits, as field 28C takes. */
function padded(number: number): string {
  return String(number % 100_000).padStart(5, '0');
}
