import { createRequire } from 'node:module';
import type { Bidi } from 'bidi-js';
import { type Family, scriptRuns } from './scripts.ts';

/** Required, since its types are those of an ES module and its code is CommonJS. */
const bidi = (createRequire(import.meta.url)('bidi-js') as () => Bidi)();

/** A piece of text in the order in which it is drawn, from left to right; its own letters are in the order of speech. */
export type VisualRun = { readonly family: Family; readonly text: string };

/** Letters that are written from right to left, or signs that change the direction. */
const HAS_RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/u;

/**
 * The pieces of a line from left to right, by the Unicode Bidirectional Algorithm (UAX 9). Words that are written from
 * right to left are pieces of their own, since the font turns the letters of a piece, and not its words.
 */
export function visualRuns(text: string): VisualRun[] {
  const runs = scriptRuns(text);
  return HAS_RIGHT_TO_LEFT.test(text) ? reordered(text, runs) : runs;
}

type Levelled = VisualRun & { readonly level: number };

function reordered(text: string, runs: readonly VisualRun[]): VisualRun[] {
  const { levels } = bidi.getEmbeddingLevels(text);
  const mirrored = bidi.getMirroredCharactersMap(text, levels);
  const pieces: Levelled[] = [];
  let index = 0;
  for (const { family, text: letters } of runs) {
    let start = index;
    const end = index + letters.length;
    for (index += 1; index <= end; index += 1) {
      const level = levels[start] ?? 0;
      if (index < end && levels[index] === level && !isWordEdge(text, index, level)) continue;
      pieces.push({ family, text: shown(text, start, index, mirrored), level });
      start = index;
    }
    index = end;
  }
  return inOrder(pieces);
}

/** Brackets from right to left open to the other side. */
function shown(text: string, start: number, end: number, mirrored: ReadonlyMap<number, string>): string {
  let piece = '';
  for (let index = start; index < end; index += 1) piece += mirrored.get(index) ?? text.charAt(index);
  return piece;
}

function isWordEdge(text: string, index: number, level: number): boolean {
  return level % 2 === 1 && (text[index] === ' ' || text[index - 1] === ' ');
}

/** Rule L2: from the highest level down to the lowest odd one, whatever is at that level or above it is turned round. */
function inOrder(pieces: readonly Levelled[]): VisualRun[] {
  const ordered = [...pieces];
  const highest = Math.max(0, ...ordered.map(({ level }) => level));
  for (let level = highest; level >= 1; level -= 1) {
    for (let start = 0; start < ordered.length; start += 1) {
      let end = start;
      while ((ordered[end]?.level ?? -1) >= level) end += 1;
      if (end > start) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = end;
    }
  }
  return ordered;
}
