import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../../src/', import.meta.url));

const EXPORTED_FUNCTION = /^export (?:async )?function\*? (\w+)(?:<[^(]*>)?\(/gm;
const DATABASE = /: (?:Db|Tx|AnyTx|SqlSession|Db \| SqlSession)$/;
const BOOK = /^bookId: number$|: (?:\w*Context|Pick<Context, .*>)$/;

/** The parameters of a function whose list opens at `start`, with their types on one line. */
function parametersAt(text: string, start: number): string[] {
  const parameters: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if ('([{<'.includes(char)) depth += 1;
    // The head of an arrow closes nothing.
    if (')]}'.includes(char) || (char === '>' && text.charAt(at - 1) !== '=')) depth -= 1;
    if (depth > 1 || (depth === 1 && char !== ',')) continue;
    parameters.push(text.slice(from, at).replaceAll(/\s+/g, ' ').trim());
    from = at + 1;
    if (depth === 0) break;
  }
  return parameters.filter((parameter) => parameter !== '');
}

/** Whether a database comes first, and the book (by its id, or the context that has it) right behind it. */
function isInOrder(parameters: readonly string[]): boolean {
  const database = parameters.findIndex((parameter) => DATABASE.test(parameter));
  const book = parameters.findIndex((parameter) => BOOK.test(parameter));
  return database <= 0 && book <= database + 1;
}

const signatures = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((file) => {
    const text = readFileSync(join(SOURCE, file), 'utf8');
    return Array.from(text.matchAll(EXPORTED_FUNCTION), (match) => ({
      name: `${file}: ${match[1]}`,
      parameters: parametersAt(text, match.index + match[0].length - 1),
    }));
  });

test('functions take the database first, then the book, then the rest', () => {
  assert.ok(signatures.length > 500, `${signatures.length} functions were found`);
  assert.ok(isInOrder(['tx: Tx', 'bookId: number', 'id: HoldId']));
  assert.ok(!isInOrder(['bookId: number', 'tx: Tx']));
  assert.ok(!isInOrder(['{ ids }: Context', 'tx: Tx']));
  const others = signatures.filter(({ parameters }) => !isInOrder(parameters));
  assert.deepEqual(
    others.map(({ name }) => name),
    [],
  );
});
