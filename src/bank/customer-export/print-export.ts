import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { collect } from '#paper/collect.ts';
import type { CustomerExport } from './schemas.ts';

const MARGIN = 45;
const FONT_SIZE = 8.5;
/** Names of fields stand in a column of this width, in points. */
const NAME_WIDTH = 150;
/** Between two records. */
const GAP = 8;
/** Records between two turns of other work: a long history takes seconds. */
const RECORDS_A_TURN = 50;

const TITLES: readonly [part: keyof CustomerExport, title: string][] = [
  ['customer', 'The customer'],
  ['accounts', 'Accounts'],
  ['transactions', 'Transactions'],
  ['beneficiaries', 'Beneficiaries'],
  ['standingOrders', 'Standing orders'],
  ['holds', 'Holds'],
  ['loans', 'Loans'],
  ['users', 'Users'],
  ['auditLog', 'What was done, by whom'],
];

/** Prints an export on A4: a part after the other, a line for each field that has a value. */
export async function printExport(found: CustomerExport): Promise<Buffer> {
  // Loaded only here: a quarter of a second of CPU that no server or command should spend at start.
  const { default: PDFDocument } = await import('pdfkit');
  const [regular, bold] = await Promise.all([readFont('DejaVuSans'), readFont('DejaVuSans-Bold')]);
  const title = `Everything about ${found.customer.id}`;
  const created = new Date(found.generatedAt);
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    // An exact path: no font is looked up elsewhere.
    font: '',
    info: { Title: title, Creator: 'Florin', Producer: 'Florin', CreationDate: created },
  });
  document.registerFont('regular', regular);
  document.registerFont('bold', bold);
  const bytes = collect(document);
  document.font('bold').fontSize(14).text(title);
  document.font('regular').fontSize(FONT_SIZE).text(`Read at ${found.generatedAt}.`);
  for (const [part, heading] of TITLES) {
    const value = found[part];
    const records: readonly unknown[] = Array.isArray(value) ? value : [value];
    const cut = found.cutOff.includes(part) ? ', the newest' : '';
    document
      .moveDown(1.5)
      .font('bold')
      .fontSize(11)
      .text(`${heading} (${records.length}${cut})`)
      .fontSize(FONT_SIZE);
    for (const [index, record] of records.entries()) {
      if (index % RECORDS_A_TURN === 0) await nextTurn();
      printRecord(document, record);
    }
  }
  document.end();
  return bytes;
}

function printRecord(document: PDFKit.PDFDocument, record: unknown): void {
  document.y += GAP;
  for (const [name, value] of fieldsOf(record, '')) {
    const { y } = document;
    // A name and its value begin on one page.
    if (y > document.page.height - MARGIN - 2 * FONT_SIZE) document.addPage();
    const top = document.y;
    document.font('regular').text(name, MARGIN, top, { width: NAME_WIDTH, lineBreak: true });
    const width = document.page.width - 2 * MARGIN - NAME_WIDTH;
    document.text(value, MARGIN + NAME_WIDTH, top, { width });
  }
  document.x = MARGIN;
}

/** The fields that have a value, those of objects in it under a path. */
function fieldsOf(value: unknown, path: string): [name: string, value: string][] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object') return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, member]) => {
    const label = Array.isArray(value)
      ? `${path} ${Number(name) + 1}`
      : path === ''
        ? name
        : `${path}.${name}`;
    return fieldsOf(member, label);
  });
}

function readFont(name: string): Promise<Buffer> {
  return readFile(new URL(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)));
}
