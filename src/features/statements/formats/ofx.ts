import { loadAscii, type ToText } from '#lib/basic-text.ts';
import { cut } from '#lib/text-pieces.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { StatementDocument } from '../document.ts';
import { entriesOf, type StatementEntry } from './entries.ts';
import { codesOf } from './line-codes.ts';
import { messageId, type StatedPeriod, statedPeriod } from './stated-period.ts';

const CRLF = '\r\n';
const VERSION_1_HEADER = [
  'OFXHEADER:100',
  'DATA:OFXSGML',
  'VERSION:103',
  'SECURITY:NONE',
  'ENCODING:USASCII',
  'CHARSET:1252',
  'COMPRESSION:NONE',
  'OLDFILEUID:NONE',
  'NEWFILEUID:NONE',
  '',
];
const VERSION_2_HEADER = [
  '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
  '<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>',
];
export type OfxFormat = 'ofx' | 'ofx1';

/** Whether an element with a value has an end, and in which characters texts are. */
type Writer = { readonly hasEnds: boolean; readonly toText: ToText };
const VERSION_2: Writer = { hasEnds: true, toText: (text) => text.replaceAll(/\s+/g, ' ') };

/** An element with a value, or one with elements in it; null is left out. */
type Element = readonly [name: string, content: string | null | readonly Element[]];

/**
 * A statement as OFX in pieces: 2.2, or 1.0.3, whose elements with a value have no end. FITID is the bank's reference:
 * the same for ever, by which a program knows a line again. Names are cut at 32 characters, memos at 255.
 */
export async function* statementOfx(
  document: StatementDocument,
  format: OfxFormat,
): AsyncGenerator<string, void> {
  const writer = format === 'ofx1' ? { hasEnds: false, toText: await loadAscii() } : VERSION_2;
  const write = (elements: readonly Element[]): string => written(elements, writer);
  const { head } = document;
  const period = await statedPeriod(document);
  const now = dateTime(head.madeAt);
  const header = format === 'ofx1' ? VERSION_1_HEADER : VERSION_2_HEADER;
  yield `${header.join(CRLF)}${CRLF}<OFX>${CRLF}`;
  yield write([
    [
      'SIGNONMSGSRSV1',
      [
        [
          'SONRS',
          [STATUS, ['DTSERVER', now], ['LANGUAGE', 'ENG'], ['FI', [['ORG', cut(head.bank.name, 32)]]]],
        ],
      ],
    ],
  ]);
  yield `<BANKMSGSRSV1>${CRLF}<STMTTRNRS>${CRLF}`;
  yield write([['TRNUID', messageId(document, format, period)], STATUS]);
  yield `<STMTRS>${CRLF}${write(accountOf(document))}<BANKTRANLIST>${CRLF}${write(datesOf(period))}`;
  for await (const entries of entriesOf(document)) yield write(entries.map(transactionOf));
  yield `</BANKTRANLIST>${CRLF}`;
  yield write([
    [
      'LEDGERBAL',
      [
        ['BALAMT', head.closingBalance],
        ['DTASOF', noon(period.to)],
      ],
    ],
  ]);
  yield ['</STMTRS>', '</STMTTRNRS>', '</BANKMSGSRSV1>', '</OFX>', ''].join(CRLF);
}

const STATUS: Element = [
  'STATUS',
  [
    ['CODE', '0'],
    ['SEVERITY', 'INFO'],
  ],
];

function accountOf({ head }: StatementDocument): Element[] {
  const account: Element[] = [
    ['BANKID', cut(head.bank.bic ?? 'NONE', 8)],
    ['ACCTID', cut(head.iban !== null && head.iban.length <= 22 ? head.iban : head.accountNumber, 22)],
    ['ACCTTYPE', 'CHECKING'],
  ];
  return [
    ['CURDEF', head.currency],
    ['BANKACCTFROM', account],
  ];
}

function datesOf({ from, to }: StatedPeriod): Element[] {
  return [
    ['DTSTART', noon(from)],
    ['DTEND', noon(to)],
  ];
}

function transactionOf(entry: StatementEntry): Element {
  const { isCredit, amount, bookedOn, valueOn, bankReference, other, type } = entry;
  const texts = [entry.description, entry.reference, entry.purpose].filter((text) => text !== null);
  return [
    'STMTTRN',
    [
      ['TRNTYPE', codesOf(entry).ofx],
      ['DTPOSTED', noon(bookedOn)],
      ['DTAVAIL', noon(valueOn)],
      ['TRNAMT', isCredit ? amount : `-${amount}`],
      ['FITID', bankReference],
      ['NAME', cut(other?.name ?? type.replaceAll('_', ' '), 32)],
      ['MEMO', texts.length === 0 ? null : cut(texts.join(' '), 255)],
    ],
  ];
}

/** OFX knows these three entities alone. */
function ofxText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Each element on its line. */
function written(elements: readonly Element[], { hasEnds, toText }: Writer): string {
  let text = '';
  for (const [name, content] of elements) {
    if (content === null || content === '') continue;
    if (typeof content === 'string') {
      text += `<${name}>${ofxText(toText(content))}${hasEnds ? `</${name}>` : ''}${CRLF}`;
    } else {
      text += `<${name}>${CRLF}${written(content, { hasEnds, toText })}</${name}>${CRLF}`;
    }
  }
  return text;
}

/** A business date: at noon in Greenwich it is that date nearly everywhere. */
function noon(date: IsoDate): string {
  return `${date.replaceAll('-', '')}120000[0:GMT]`;
}

/** An instant in UTC. */
function dateTime(instant: string): string {
  return `${instant.slice(0, 19).replaceAll(/[-:T]/g, '')}[0:GMT]`;
}
