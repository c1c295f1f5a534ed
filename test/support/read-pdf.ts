import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

/**
 * The text of a PDF as our printer writes it, a line for each piece of text that was placed: the content of the pages
 * through the tables that say which letters the glyphs of their fonts are.
 */
export function readPdf(bytes: Buffer): { readonly pages: number; readonly text: string } {
  const objects = new Map<string, string>();
  const source = bytes.toString('latin1');
  assert.match(source, /^%PDF-1\.\d\n[\s\S]*%%EOF\s*$/, 'it has a head and an end');
  for (const [, id = '', body = ''] of source.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g))
    objects.set(id, body);
  const fonts = new Map<string, ReadonlyMap<string, string>>();
  const pieces: string[] = [];
  let pages = 0;
  for (const body of objects.values()) {
    if (!body.includes('/Type /Page\n')) continue;
    pages += 1;
    const resources = referred(objects, body, 'Resources');
    for (const [, name = '', id = ''] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const letters = streamOf(referred(objects, objects.get(id) ?? '', 'ToUnicode'));
      fonts.set(name, lettersOf(letters));
    }
    pieces.push(...piecesOf(streamOf(referred(objects, body, 'Contents')), fonts));
  }
  assert.ok(pages > 0, 'it has pages');
  return { pages, text: pieces.join('\n') };
}

function referred(objects: ReadonlyMap<string, string>, body: string, key: string): string {
  const [, id = ''] = new RegExp(`/${key} (\\d+) 0 R`).exec(body) ?? [];
  const found = objects.get(id);
  assert.ok(found !== undefined, `there is ${key} in ${body.slice(0, 100)}`);
  return found;
}

function streamOf(body: string): string {
  const start = body.indexOf('stream\n') + 'stream\n'.length;
  const stream = Buffer.from(body.slice(start, body.lastIndexOf('\nendstream')), 'latin1');
  return (body.includes('/FlateDecode') ? inflateSync(stream) : stream).toString('latin1');
}

/** `<0001> <00b0> [<0041> <0042> …]`: glyphs from one on are these letters, in UTF-16. */
function lettersOf(table: string): ReadonlyMap<string, string> {
  const letters = new Map<string, string>();
  for (const [, first = '', list = ''] of table.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi)) {
    for (const [index, [, code = '']] of [...list.matchAll(/<([0-9a-f ]*)>/gi)].entries()) {
      const glyph = (Number.parseInt(first, 16) + index).toString(16).padStart(4, '0');
      letters.set(glyph, Buffer.from(code.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'));
    }
  }
  return letters;
}

function piecesOf(content: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>): string[] {
  let letters: ReadonlyMap<string, string> | undefined;
  const pieces: string[] = [];
  for (const [, font, glyphs] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (font !== undefined) letters = fonts.get(font);
    if (glyphs === undefined) continue;
    const hex = [...glyphs.matchAll(/<([0-9a-f]*)>/gi)].map(([, code = '']) => code).join('');
    pieces.push((hex.match(/.{4}/g) ?? []).map((glyph) => letters?.get(glyph.toLowerCase()) ?? '?').join(''));
  }
  return pieces;
}
