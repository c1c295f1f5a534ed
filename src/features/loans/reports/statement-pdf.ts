import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SHEET_TITLES, type SheetLine, type StatementSheet } from './statement-sheet.ts';

/** Points of an A4 page in landscape. */
const PAGE = { margin: 40, width: 841.89, height: 595.28 };
const TEXT_WIDTH = PAGE.width - 2 * PAGE.margin;
const LABEL_WIDTH = 110;
const ROW_HEIGHT = 14;
const FONT_SIZE = 8;
/** Rows end here, above the page number. */
const LAST_ROW_Y = PAGE.height - PAGE.margin - 2 * ROW_HEIGHT;

type Column = { readonly name: keyof SheetLine; readonly width: number; readonly align: 'left' | 'right' };

/** Together as wide as the text area. */
const COLUMNS: readonly Column[] = [
  { name: 'date', width: 70, align: 'left' },
  { name: 'text', width: TEXT_WIDTH - 70 - 6 * 88, align: 'left' },
  { name: 'amount', width: 88, align: 'right' },
  { name: 'principal', width: 88, align: 'right' },
  { name: 'interest', width: 88, align: 'right' },
  { name: 'fees', width: 88, align: 'right' },
  { name: 'penalties', width: 88, align: 'right' },
  { name: 'owed', width: 88, align: 'right' },
];

/**
 * Prints a sheet on A4. The same sheet and instant give the same bytes. The font is DejaVu Sans, which ships with the
 * program and is embedded: Latin with all its accents, Greek, Cyrillic and more.
 */
export async function printStatement(sheet: StatementSheet, createdAtMs: number): Promise<Buffer> {
  // Loaded only here: a quarter of a second of CPU that no server or command should spend at start.
  const { default: PDFDocument } = await import('pdfkit');
  const [regular, bold] = await Promise.all([readFont('DejaVuSans'), readFont('DejaVuSans-Bold')]);
  const document = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: PAGE.margin,
    bufferPages: true,
    // An exact path: no font is looked up elsewhere.
    font: '',
    info: { Title: sheet.title, Creator: 'Florin', Producer: 'Florin', CreationDate: new Date(createdAtMs) },
  });
  document.registerFont('regular', regular);
  document.registerFont('bold', bold);
  const bytes = collect(document);
  await new Printer(document).print(sheet);
  document.end();
  return bytes;
}

function readFont(name: string): Promise<Buffer> {
  return readFile(new URL(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)));
}

function collect(document: PDFKit.PDFDocument): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Uint8Array[] = [];
  document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  document.once('end', () => resolve(Buffer.concat(chunks)));
  document.once('error', reject);
  return promise;
}

/** Lays out a sheet from the top of the first page. */
class Printer {
  readonly #document: PDFKit.PDFDocument;
  #y = PAGE.margin;

  constructor(document: PDFKit.PDFDocument) {
    this.#document = document;
  }

  /** Yields to other work after each page: a long statement takes a second or two. */
  async print({ title, period, facts, lines }: StatementSheet): Promise<void> {
    this.#document.font('bold').fontSize(14).text(title, PAGE.margin, this.#y);
    this.#y += 22;
    this.#document.fontSize(FONT_SIZE);
    this.#text('regular', period, PAGE.margin, TEXT_WIDTH);
    this.#y += 2 * ROW_HEIGHT;
    for (const [label, value] of Object.entries(facts)) {
      this.#text('bold', label, PAGE.margin, LABEL_WIDTH);
      this.#text('regular', value, PAGE.margin + LABEL_WIDTH, TEXT_WIDTH - LABEL_WIDTH);
      this.#y += ROW_HEIGHT;
    }
    this.#y += ROW_HEIGHT;
    this.#row('bold', SHEET_TITLES);
    for (const line of lines) {
      if (this.#y > LAST_ROW_Y) {
        await nextTurn();
        this.#turnPage();
      }
      this.#row(line.date === '' ? 'bold' : 'regular', line);
    }
    this.#numberPages();
  }

  #row(font: 'regular' | 'bold', line: Readonly<Record<keyof SheetLine, string>>): void {
    let x = PAGE.margin;
    for (const { name, width, align } of COLUMNS) {
      this.#text(font, line[name], x, width, align);
      x += width;
    }
    this.#y += ROW_HEIGHT;
  }

  /** One line of text; longer text ends in an ellipsis. */
  #text(
    font: 'regular' | 'bold',
    text: string,
    x: number,
    width: number,
    align: 'left' | 'right' = 'left',
  ): void {
    const options = { width, height: ROW_HEIGHT, align, lineBreak: true, ellipsis: true };
    this.#document.font(font).text(text, x, this.#y, options);
  }

  #turnPage(): void {
    this.#document.addPage();
    this.#y = PAGE.margin;
    this.#row('bold', SHEET_TITLES);
  }

  #numberPages(): void {
    const { start, count } = this.#document.bufferedPageRange();
    this.#y = PAGE.height - PAGE.margin - ROW_HEIGHT;
    for (let page = 0; page < count; page += 1) {
      this.#document.switchToPage(start + page);
      this.#text('regular', `Page ${page + 1} of ${count}`, PAGE.margin, TEXT_WIDTH, 'right');
    }
  }
}
