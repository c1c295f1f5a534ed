import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CursorValue,
  decodeCursor,
  encodeCursor,
  pageLimit,
  readCreatedPage,
  readPage,
  toPage,
} from '#http/pagination.ts';
import { FlorinError } from '#lib/errors.ts';

const UUID = '01a20564-3626-7f0c-8b0a-a4c906cda747';
const INSTANT = '2026-01-31T23:59:59.123456Z';

function assertRefused(text: string, shape: readonly CursorValue[]): void {
  assert.throws(
    () => decodeCursor(text, shape),
    (error) => error instanceof FlorinError && error.status === 400 && error.fields[0]?.path === 'cursor',
    text,
  );
}

test('a cursor gives back the values it was made of, and is safe in a URL', () => {
  const cursor = encodeCursor([INSTANT, UUID, '-42', '2026-01-31', 'Zoë?&/+ ÿ']);
  assert.match(cursor, /^[A-Za-z0-9_-]+$/);
  assert.deepEqual(decodeCursor(cursor, ['instant', 'uuid', 'integer', 'date', 'text']), [
    INSTANT,
    UUID,
    '-42',
    '2026-01-31',
    'Zoë?&/+ ÿ',
  ]);
});

test('a forged value is refused before SQL could stumble over it', () => {
  const forged: [CursorValue, string][] = [
    ['uuid', 'x'],
    ['uuid', UUID.toUpperCase()],
    ['integer', '1.5'],
    ['integer', '9223372036854775808'],
    ['integer', ''],
    ['date', '2026-02-30'],
    ['date', '0000-01-01'],
    ['instant', '2026-01-31'],
    ['instant', '2026-01-31T25:00:00Z'],
    ['instant', '2026-02-30T00:00:00Z'],
    ['instant', '0000-01-01T00:00:00Z'],
    ['text', 'a\0b'],
    ['text', '\ud800'],
  ];
  for (const [kind, value] of forged) assertRefused(encodeCursor([value]), [kind]);
});

test('what is no cursor is refused', () => {
  const texts = ['', '%', 'x', '{}', 'null', '[]', '[1]', '[["x"]]', '{"0":"x","length":1}', '[null]'];
  for (const text of texts) {
    assertRefused(text, ['text']);
    assertRefused(Buffer.from(text).toString('base64url'), ['text']);
  }
  assertRefused(encodeCursor(['a', 'b']), ['text']);
  assertRefused(encodeCursor(['a']), ['text', 'text']);
  assertRefused(encodeCursor(['x'.repeat(600)]), ['text']);
});

test('a page shows the rows up to the limit, and a cursor only if there are more', () => {
  const cursorOf = (row: number) => [String(row)];
  assert.deepEqual(toPage([1, 2, 3], 2, cursorOf), { data: [1, 2], nextCursor: encodeCursor(['2']) });
  assert.deepEqual(toPage([1, 2], 2, cursorOf), { data: [1, 2], nextCursor: null });
  assert.deepEqual(toPage([], 2, cursorOf), { data: [], nextCursor: null });
});

test('a page has 25 rows unless the caller says how many', () => {
  assert.equal(pageLimit({}), 25);
  assert.equal(pageLimit({ limit: 100 }), 100);
});

test('a page that was looked through to a place goes on behind it, though it is short or empty', async () => {
  const places = ['9', '8', '7', '6', '5', '4', '3', '2', '1'];
  const kept = new Set(['6', '5', '1']);
  /** Two rows at most are looked at for each page. */
  const read = async (limit: number, after: string | undefined) => {
    const left = places.filter((place) => after === undefined || place < after);
    const soughtThrough = left.length > 2 ? left[1] : undefined;
    const seen = soughtThrough === undefined ? left : left.slice(0, 2);
    return { rows: seen.filter((place) => kept.has(place)).slice(0, limit), soughtThrough };
  };
  const pages: string[][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = cursor === '' ? { limit: 1 } : { limit: 1, cursor };
    const source = {
      order: 'integer',
      placeOf: (row: string) => row,
      read,
      view: (row: string) => row,
    } as const;
    const page: { data: string[]; nextCursor: string | null } = await readPage(query, source);
    pages.push(page.data);
    cursor = page.nextCursor;
  }
  assert.deepEqual(pages, [[], ['6'], ['5'], [], ['1']]);
});

test('a page by creation that found less than it may have goes on behind what it looked at', async () => {
  for (const soughtThrough of [{ id: UUID }, { id: UUID, createdPlace: INSTANT }]) {
    const isByCreation = 'createdPlace' in soughtThrough;
    const source = { isByCreation, placeOf: () => soughtThrough, view: (row: string) => row };
    const page = await readCreatedPage({}, { ...source, read: async () => ({ rows: [], soughtThrough }) });
    assert.deepEqual(page.data, []);
    const asked: unknown[] = [];
    const next = await readCreatedPage(
      { cursor: String(page.nextCursor) },
      {
        ...source,
        read: async (_, after) => {
          asked.push(after);
          return { rows: ['x'], soughtThrough: undefined };
        },
      },
    );
    assert.deepEqual(next, { data: ['x'], nextCursor: null });
    assert.deepEqual(asked, [isByCreation ? { after: UUID, afterCreated: INSTANT } : { after: UUID }]);
  }
});
