import { readFile } from 'node:fs/promises';
import { LruMap } from '#lib/concurrency/lru-map.ts';
import type { Family } from './scripts.ts';

/** A file of a font, and how its letters are drawn. */
export type Face = {
  /** Unique among the fonts of a document. */
  readonly name: string;
  /** How thick the outline is drawn as well, as a share of the size: a thin or a regular font becomes regular or bold. */
  readonly outline: number;
};

/** Chinese, Japanese and Korean fonts come in slices, and in their thinnest weight. */
const SLICED: readonly Family[] = ['sc', 'jp', 'kr'];
const THIN_OUTLINE = 0.02;
const BOLD_OUTLINE = 0.03;

/** Files in memory at once, decompressed: each has some 100 kB. */
const fileCache = new LruMap<Promise<Buffer>>(40);

/** The fonts of one document: which file shows a letter, and what is in it. */
export class Fonts {
  readonly #files = new Map<string, Buffer>();
  readonly #slices = new Map<Family, readonly Slice[]>();

  /** Reads all that is needed to draw these texts, whose families are given. */
  async load(runs: Iterable<{ readonly family: Family; readonly text: string }>): Promise<void> {
    for (const name of ['DejaVuSans', 'DejaVuSans-Bold']) {
      this.#files.set(name, await cached(name, () => readFile(pathOf(`dejavu-fonts-ttf/ttf/${name}.ttf`))));
    }
    for (const { family, text } of runs) {
      if (family === 'latin') continue;
      if (!this.#slices.has(family)) this.#slices.set(family, await readSlices(family));
      for (const letter of text) {
        const file = this.#sliceOf(family, letter);
        if (file !== undefined && !this.#files.has(file))
          this.#files.set(file, await cached(file, () => expand(file)));
      }
    }
  }

  /** The names of all files that were read, and their bytes. */
  files(): Iterable<[string, Buffer]> {
    return this.#files;
  }

  /** What draws a letter. One that no font has is drawn as an empty box. */
  faceOf(family: Family, letter: string, isBold: boolean): Face {
    const file = family === 'latin' ? undefined : this.#sliceOf(family, letter);
    if (file === undefined) return { name: isBold ? 'DejaVuSans-Bold' : 'DejaVuSans', outline: 0 };
    const outline = (SLICED.includes(family) ? THIN_OUTLINE : 0) + (isBold ? BOLD_OUTLINE : 0);
    return { name: file, outline };
  }

  #sliceOf(family: Family, letter: string): string | undefined {
    const code = letter.codePointAt(0) ?? 0;
    const has = ({ ranges }: Slice) => ranges.some(([from, to]) => code >= from && code <= to);
    return this.#slices.get(family)?.find(has)?.file;
  }
}

/** A file of a family, and the letters that it has: code points, both included. */
type Slice = { readonly file: string; readonly ranges: readonly (readonly [number, number])[] };

async function readSlices(family: Family): Promise<Slice[]> {
  const folder = `@fontsource-variable/noto-sans-${family}`;
  const ranges = JSON.parse(await readFile(pathOf(`${folder}/unicode.json`), 'utf8')) as Record<
    string,
    string
  >;
  return Object.entries(ranges)
    .filter(([name]) => SLICED.includes(family) || name === family)
    .map(([name, text]) => ({
      file: `${folder}/files/noto-sans-${family}-${name.replace(/[[\]]/g, '')}-wght-normal.woff2`,
      ranges: text.split(',').map(rangeOf),
    }));
}

/** Of `U+4E00-4E9F` or `U+4E00`. */
function rangeOf(text: string): readonly [number, number] {
  const [from = '', to = from] = text.replace('U+', '').split('-');
  return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
}

/** PDF takes no compressed font. */
async function expand(file: string): Promise<Buffer> {
  const { default: decompress } = await import('wawoff2/decompress.js');
  return Buffer.from(await decompress(await readFile(pathOf(file))));
}

function pathOf(file: string): URL {
  return new URL(import.meta.resolve(file));
}

async function cached(name: string, read: () => Promise<Buffer>): Promise<Buffer> {
  const known = fileCache.get(name);
  if (known !== undefined) return known;
  const reading = read();
  fileCache.set(name, reading);
  reading.catch(() => fileCache.delete(name));
  return reading;
}
