import { setImmediate as nextTurn } from 'node:timers/promises';
import { MARGIN, type Orientation, Paper, type Place, type TextStyle } from './paper.ts';

export type SheetColumn = {
  readonly title: string;
  /** In points; one column has none and takes the rest. */
  readonly width?: number;
  readonly align: 'left' | 'right';
};

export type SheetRow = {
  readonly cells: readonly string[];
  /** A balance or a sum: in bold. */
  readonly isTotal?: boolean;
  /** What is carried to the next page if this row is the last of one: cells of a row of their own. */
  readonly carried?: readonly string[];
};

/** What a bank sends on paper: its name, whom it is for, some facts, and a table of any length. */
export type Sheet = {
  /** The bank's name and what stands below it; its colour as `#rrggbb`. */
  readonly letterhead: { readonly lines: readonly string[]; readonly color?: string | undefined };
  /** Name and address, a line each. */
  readonly recipient?: readonly string[];
  readonly title: string;
  readonly subtitle: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly SheetRow[];
  /** Sentences below the table. */
  readonly notes?: readonly string[];
  readonly orientation: Orientation;
  readonly language?: string;
};

const FONT_SIZE = 8;
const ROW_HEIGHT = 14;
/** From a line of a text to its next one. */
const LINE_HEIGHT = 10;
/** Longer texts than anybody may give: a row is never higher than a page. */
const MAX_LINES = 24;
const LABEL_WIDTH = 110;
/** In a longer table a row is one cell for screen readers: the elements of the cells would take half a gigabyte. */
const MAX_ROWS_OF_CELLS = 1_000;

/** Prints a sheet on A4. The same sheet and instant give the same bytes. */
export async function printSheet(sheet: Sheet, createdAtMs: number): Promise<Buffer> {
  const paper = await Paper.open({
    title: sheet.title,
    language: sheet.language ?? 'en',
    orientation: sheet.orientation,
    createdAtMs,
    texts: textsOf(sheet),
    ...(sheet.letterhead.lines[0] === undefined ? {} : { author: sheet.letterhead.lines[0] }),
  });
  await new SheetPrinter(paper, sheet).print();
  return paper.finish();
}

function* textsOf({
  letterhead,
  recipient,
  title,
  subtitle,
  facts,
  columns,
  rows,
  notes,
}: Sheet): Generator<string> {
  yield* letterhead.lines;
  yield* recipient ?? [];
  yield title;
  yield subtitle;
  yield* facts.flat();
  yield* columns.map((column) => column.title);
  for (const { cells, carried } of rows) yield* [...cells, ...(carried ?? [])];
  yield* notes ?? [];
}

type Cell = { readonly x: number; readonly width: number; readonly align: 'left' | 'right' };
type Element = ReturnType<Paper['element']>;

/** Lays out a sheet from the top of the first page. */
class SheetPrinter {
  readonly #paper: Paper;
  readonly #sheet: Sheet;
  readonly #cells: readonly Cell[];
  /** Rows end here, above what is carried and the page number. */
  readonly #lastY: number;
  /** The base line of what comes next. */
  #y = MARGIN + ROW_HEIGHT;

  constructor(paper: Paper, sheet: Sheet) {
    this.#paper = paper;
    this.#sheet = sheet;
    this.#cells = layOut(sheet.columns, paper.width - 2 * MARGIN);
    this.#lastY = paper.height - MARGIN - 3 * ROW_HEIGHT;
  }

  /** Yields to other work after each page: a long one takes a second or two. */
  async print(): Promise<void> {
    this.#head();
    await this.#table();
    const { notes = [] } = this.#sheet;
    if (notes.length > 0) this.#y += ROW_HEIGHT;
    for (const note of notes) this.#line('P', note, { size: FONT_SIZE });
    this.#paper.eachPage((number, count) =>
      this.#paper.artifact(() => {
        const place = { ...this.#whole(), y: this.#paper.height - MARGIN, align: 'right' } as const;
        this.#paper.plainText(`Page ${number} of ${count}`, { size: FONT_SIZE }, place);
      }),
    );
  }

  #head(): void {
    const { letterhead, recipient = [], title, subtitle, facts } = this.#sheet;
    const { color } = letterhead;
    letterhead.lines.forEach((line, index) => {
      this.#line('P', line, { size: index === 0 ? 11 : FONT_SIZE, isBold: index === 0, color });
    });
    if (letterhead.lines.length > 0) {
      this.#paper.artifact(() => this.#paper.rule(MARGIN, this.#y - 8, this.#whole().width, color));
      this.#y += ROW_HEIGHT;
    }
    for (const line of recipient) this.#line('P', line, { size: 10 });
    if (recipient.length > 0) this.#y += ROW_HEIGHT;
    this.#line('H1', title, { size: 14, isBold: true });
    this.#line('P', subtitle, { size: FONT_SIZE });
    this.#y += ROW_HEIGHT / 2;
    for (const [label, value] of facts) this.#fact(label, value);
    this.#y += ROW_HEIGHT;
  }

  #line(type: string, text: string, style: TextStyle): void {
    const { x, width } = this.#whole();
    const lines = this.#linesOf(text, style, width);
    this.#makeRoom(lines.length);
    const parent = this.#paper.element(type === 'H1' ? 'Sect' : 'Div');
    this.#lines(parent, type, lines, style, { x, y: this.#y, width });
    this.#y += Math.max(ROW_HEIGHT, style.size * 1.4) + LINE_HEIGHT * (lines.length - 1);
  }

  /** A text from its base line down, as one element. */
  #lines(parent: Element, type: string, lines: readonly string[], style: TextStyle, place: Place): void {
    this.#paper.block(parent, type, () => this.#draw(lines, style, place));
  }

  #draw(lines: readonly string[], style: TextStyle, place: Place): void {
    for (const [index, line] of lines.entries()) {
      this.#paper.plainText(line, style, { ...place, y: place.y + LINE_HEIGHT * index });
    }
  }

  /** The lines of a text: what is beyond the last one ends in an ellipsis there. */
  #linesOf(text: string, style: TextStyle, width: number): string[] {
    const lines = this.#paper.linesOf(text, style, width);
    return lines.length <= MAX_LINES
      ? lines
      : [...lines.slice(0, MAX_LINES - 1), lines.slice(MAX_LINES - 1).join(' ')];
  }

  /** Turns the page where as many lines do not fit on this one. */
  #makeRoom(lines: number): void {
    if (this.#y + LINE_HEIGHT * (lines - 1) > this.#lastY) this.#turnPage();
  }

  #fact(label: string, value: string): void {
    const { x, width, y } = this.#whole();
    const line = this.#paper.element('Div');
    this.#paper.text(line, 'Span', label, { size: FONT_SIZE, isBold: true }, { x, y, width: LABEL_WIDTH });
    const place = { x: x + LABEL_WIDTH, y, width: width - LABEL_WIDTH };
    const lines = this.#linesOf(value, { size: FONT_SIZE }, place.width);
    this.#lines(line, 'Span', lines, { size: FONT_SIZE }, place);
    this.#y += ROW_HEIGHT + LINE_HEIGHT * (lines.length - 1);
  }

  async #table(): Promise<void> {
    const { columns, rows } = this.#sheet;
    const titles = columns.map(({ title }) => title);
    const table = this.#paper.element('Table');
    this.#row(
      table,
      'TH',
      titles.map((title) => [title]),
      true,
    );
    let carried: readonly string[] | undefined;
    for (const row of rows) {
      const cells = this.#cellsOf(row);
      if (this.#y + LINE_HEIGHT * (heightOf(cells) - 1) > this.#lastY) {
        await nextTurn();
        this.#repeated(carried);
        this.#turnPage();
        this.#repeated(titles);
        this.#repeated(carried);
      }
      this.#row(table, 'TD', cells, row.isTotal === true);
      carried = row.carried;
    }
  }

  /** The lines of each cell. An amount has one: it is never broken. */
  #cellsOf({ cells, isTotal = false }: SheetRow): string[][] {
    const style = { size: FONT_SIZE, isBold: isTotal };
    return this.#cells.map(({ align, width }, index) => {
      const text = cells[index] ?? '';
      return align === 'right' ? [text] : this.#linesOf(text, style, width);
    });
  }

  #row(table: Element, type: 'TH' | 'TD', cells: readonly (readonly string[])[], isBold: boolean): void {
    const row = this.#paper.element('TR', table);
    const style = { size: FONT_SIZE, isBold };
    const each = (draw: (lines: readonly string[], place: Place) => void): void => {
      for (const [index, cell] of this.#cells.entries()) draw(cells[index] ?? [], { ...cell, y: this.#y });
    };
    if (this.#sheet.rows.length > MAX_ROWS_OF_CELLS) {
      this.#paper.block(row, type, () => each((lines, place) => this.#draw(lines, style, place)));
    } else {
      each((lines, place) => this.#lines(row, type, lines, style, place));
    }
    this.#y += ROW_HEIGHT + LINE_HEIGHT * (heightOf(cells) - 1);
  }

  /** A row that is there for the eye alone: screen readers have read it, or will. */
  #repeated(cells: readonly string[] | undefined): void {
    if (cells === undefined) return;
    this.#paper.artifact(() => {
      this.#cells.forEach((cell, index) => {
        const style = { size: FONT_SIZE, isBold: true };
        this.#paper.plainText(cells[index] ?? '', style, { ...cell, y: this.#y });
      });
    });
    this.#y += ROW_HEIGHT;
  }

  #turnPage(): void {
    this.#paper.addPage();
    this.#y = MARGIN + ROW_HEIGHT;
  }

  #whole(): { x: number; y: number; width: number } {
    return { x: MARGIN, y: this.#y, width: this.#paper.width - 2 * MARGIN };
  }
}

/** Of a row, in lines. */
function heightOf(cells: readonly (readonly string[])[]): number {
  return Math.max(1, ...cells.map((lines) => lines.length));
}

const GAP = 8;

function layOut(columns: readonly SheetColumn[], width: number): Cell[] {
  const given = columns.reduce((sum, column) => sum + (column.width ?? 0), 0);
  let x = MARGIN;
  return columns.map((column) => {
    const { width: own = width - given, align } = column;
    const isLast = column === columns.at(-1);
    const cell = { x, width: isLast ? own : own - GAP, align };
    x += own;
    return cell;
  });
}
