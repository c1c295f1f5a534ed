import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Results } from './results.ts';

export const LATEST = join(import.meta.dirname, '../results/latest.json');
const README = join(import.meta.dirname, '../README.md');
const BEGIN = '<!-- results: written by npm run bench -- --publish -->';
const END = '<!-- end of results -->';

export function writeResults(file: string, results: Results): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** Puts rendered results between the marks of bench/README.md. Throws when these are gone. */
export function publish(rendered: string): void {
  const text = readFileSync(README, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${README} has lost its marks`);
  const head = text.slice(0, begin + BEGIN.length);
  writeFileSync(README, `${head}\n\n${rendered}\n\n${text.slice(end)}`);
}
