import { collect } from './collect.ts';
import { type Face, Fonts } from './fonts.ts';
import { type VisualRun, visualRuns } from './visual-runs.ts';

/** Points of an A4 page. */
const A4 = [595.28, 841.89] as const;
export const MARGIN = 40;
/** What a line of an upright page may take. */
export const LINE_WIDTH = A4[0] - 2 * MARGIN;

export type Orientation = 'portrait' | 'landscape';

export type PaperOptions = {
  readonly title: string;
  /** Who made it: the bank. */
  readonly author?: string;
  /** The tag of its language (BCP 47). */
  readonly language: string;
  readonly orientation: Orientation;
  /** The same content and instant give the same bytes. */
  readonly createdAtMs: number;
  /** All that will be written on it, in any order: fonts are read ahead. */
  readonly texts: Iterable<string>;
  /** Whether `eachPage` will be called: all pages are in memory until then. */
  readonly hasPageNumbers?: boolean;
};

export type TextStyle = {
  readonly size: number;
  readonly isBold?: boolean;
  /** A colour as `#rrggbb`; black if not given. */
  readonly color?: string | undefined;
};

/** Where one line of text stands: its left edge, its base line and its width, in points. */
export type Place = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly align?: 'left' | 'right';
};

type Piece = {
  readonly face: Face;
  readonly text: string;
  readonly width: number;
  readonly features?: PDFKit.Mixins.OpenTypeFeatures[];
};

/**
 * OpenType features that place marks. The library that shapes text fails on fonts that leave a place open (Gurmukhi's): a
 * name is then drawn without them, rather than not at all.
 */
const MARKS_UNPLACED = {
  abvm: false,
  blwm: false,
  mark: false,
  mkmk: false,
} as unknown as PDFKit.Mixins.OpenTypeFeatures[];

/** What a reader takes for letters, so that none is cut in the middle. */
const LETTERS = new Intl.Segmenter();

/**
 * A tagged PDF in the making (PDF 1.7): text of any script, rules, and the structure that screen readers follow. Fonts are
 * embedded, with the letters that are used.
 */
export class Paper {
  readonly width: number;
  readonly height: number;
  readonly #document: PDFKit.PDFDocument;
  readonly #fonts: Fonts;
  readonly #root: PDFKit.PDFStructureElement;
  readonly #bytes: Promise<Buffer>;

  private constructor(document: PDFKit.PDFDocument, fonts: Fonts, orientation: Orientation) {
    [this.width, this.height] = orientation === 'portrait' ? A4 : [A4[1], A4[0]];
    this.#document = document;
    this.#fonts = fonts;
    this.#bytes = collect(document);
    this.#root = document.struct('Document');
    document.addStructure(this.#root);
  }

  static async open({
    title,
    author,
    language,
    orientation,
    createdAtMs,
    texts,
    hasPageNumbers = true,
  }: PaperOptions): Promise<Paper> {
    // Loaded only here: a quarter of a second of CPU that no server or command should spend at start.
    const { default: PDFDocument } = await import('pdfkit');
    const fonts = new Fonts();
    await fonts.load([...texts].flatMap(visualRuns));
    const document = new PDFDocument({
      size: orientation === 'portrait' ? [A4[0], A4[1]] : [A4[1], A4[0]],
      margin: 0,
      bufferPages: hasPageNumbers,
      pdfVersion: '1.7',
      tagged: true,
      displayTitle: true,
      lang: language,
      // No font is looked up elsewhere.
      font: '',
      info: {
        Title: title,
        Creator: 'Florin',
        Producer: 'Florin',
        CreationDate: new Date(createdAtMs),
        ...(author === undefined ? {} : { Author: author }),
      },
    });
    for (const [name, bytes] of fonts.files()) document.registerFont(name, bytes);
    return new Paper(document, fonts, orientation);
  }

  /** An element of the document's structure, by the standard type: `H1`, `P`, `Table`. */
  element(type: string, parent: PDFKit.PDFStructureElement = this.#root): PDFKit.PDFStructureElement {
    const element = this.#document.struct(type);
    parent.add(element);
    return element;
  }

  /** Writes one line of text within an element. What is too long ends in an ellipsis. */
  text(parent: PDFKit.PDFStructureElement, type: string, text: string, style: TextStyle, place: Place): void {
    this.block(parent, type, () => this.#draw(text, style, place));
  }

  /** Writes several lines as one element, on one page. */
  block(parent: PDFKit.PDFStructureElement, type: string, draw: () => void): void {
    const content = this.#document.markStructureContent(type);
    draw();
    this.#document.endMarkedContent();
    parent.add(this.#document.struct(type, {}, content));
  }

  /** Writes what stands beside the content: page numbers, titles that are repeated. */
  artifact(draw: () => void): void {
    this.#document.markContent('Artifact', { type: 'Pagination' });
    draw();
    this.#document.endMarkedContent();
  }

  /** One line of text: within `block` or `artifact`. */
  plainText(text: string, style: TextStyle, place: Place): void {
    this.#draw(text, style, place);
  }

  /** A thin line from the left to the right: within `artifact`. */
  rule(x: number, y: number, width: number, color = '#999999'): void {
    this.#document
      .moveTo(x, y)
      .lineTo(x + width, y)
      .lineWidth(0.5)
      .strokeColor(color)
      .stroke();
  }

  addPage(): void {
    this.#document.addPage();
  }

  /** Goes to each page in turn, once all are written. */
  eachPage(draw: (number: number, count: number) => void): void {
    const { start, count } = this.#document.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.#document.switchToPage(start + page);
      draw(page + 1, count);
    }
  }

  finish(): Promise<Buffer> {
    this.#root.end();
    this.#document.end();
    return this.#bytes;
  }

  /** How wide a text is, in points. */
  widthOf(text: string, style: TextStyle): number {
    return widthOf(this.#pieces(text, style));
  }

  /** The lines that a text takes within a width: broken between words, and within one that is wider. */
  linesOf(text: string, style: TextStyle, width: number): string[] {
    if (this.widthOf(text, style) <= width) return [text];
    const lines: string[] = [];
    let [line, used] = ['', 0];
    const add = (piece: string, needed: number): void => {
      if (line !== '' && used + this.widthOf(piece.trimEnd(), style) > width) {
        lines.push(line.trimEnd());
        [line, used] = ['', 0];
      }
      line += piece;
      used += needed;
    };
    for (const word of text.split(/(?<=\s)/)) {
      const needed = this.widthOf(word, style);
      if (needed <= width) add(word, needed);
      else for (const { segment } of LETTERS.segment(word)) add(segment, this.widthOf(segment, style));
    }
    return [...lines, line.trimEnd()];
  }

  #draw(text: string, style: TextStyle, { x, y, width, align = 'left' }: Place): void {
    const pieces = this.#fitting(text, style, width);
    let at = align === 'left' ? x : x + width - widthOf(pieces);
    const color = style.color ?? '#000000';
    for (const piece of pieces) {
      const outline = piece.face.outline * style.size;
      this.#document.font(piece.face.name).fontSize(style.size).fillColor(color);
      if (outline > 0) this.#document.strokeColor(color).lineWidth(outline);
      this.#document.text(piece.text, at, y, {
        lineBreak: false,
        baseline: 'alphabetic',
        fill: true,
        stroke: outline > 0,
        ...(piece.features === undefined ? {} : { features: piece.features }),
      });
      at += piece.width;
    }
  }

  #fitting(text: string, style: TextStyle, width: number): Piece[] {
    const pieces = this.#pieces(text, style);
    if (widthOf(pieces) <= width) return pieces;
    const letters = Array.from(LETTERS.segment(text), ({ segment }) => segment);
    let [fits, tooLong] = [0, letters.length];
    while (tooLong - fits > 1) {
      const middle = (fits + tooLong) >> 1;
      if (widthOf(this.#pieces(`${letters.slice(0, middle).join('')}…`, style)) <= width) fits = middle;
      else tooLong = middle;
    }
    return this.#pieces(`${letters.slice(0, fits).join('')}…`, style);
  }

  #measured(piece: Omit<Piece, 'width'>, size: number): Piece {
    const document = this.#document.font(piece.face.name).fontSize(size);
    try {
      return { ...piece, width: document.widthOfString(piece.text) };
    } catch {
      const features = MARKS_UNPLACED;
      return { ...piece, features, width: document.widthOfString(piece.text, { features }) };
    }
  }

  #pieces(text: string, { size, isBold = false }: TextStyle): Piece[] {
    return visualRuns(text).flatMap((run) =>
      facesOf(this.#fonts, run, isBold).map((piece) => this.#measured(piece, size)),
    );
  }
}

/** A piece of one family may take several files. */
function facesOf(fonts: Fonts, { family, text }: VisualRun, isBold: boolean): { face: Face; text: string }[] {
  if (family === 'latin') return [{ face: fonts.faceOf(family, 'a', isBold), text }];
  const faces: { face: Face; text: string }[] = [];
  for (const letter of text) {
    const last = faces.at(-1);
    const face = fonts.faceOf(family, letter, isBold);
    if (last?.face.name === face.name) last.text += letter;
    else faces.push({ face, text: letter });
  }
  return faces;
}

function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { width }) => sum + width, 0);
}
