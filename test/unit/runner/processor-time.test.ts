import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { describeTimes, noteTime, TIMES_VARIABLE } from '#test/runner/processor-time.ts';

test('a report sums what the files noted by suite, and lists the files by what they took', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'florin-times-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const notes = join(folder, 'notes');
  process.env[TIMES_VARIABLE] = notes;
  const before = { node: 1_000, children: 0, postgres: 500 };
  noteTime('test/unit/lib/a.test.ts', before, { node: 1_200, children: 0, postgres: 500 });
  noteTime('test/database/api/b.test.ts', before, { node: 3_000, children: 700, postgres: 4_500 });
  noteTime('test/database/api/c.test.ts', before, { node: 2_000, children: 0, postgres: 500 });
  const rows = describeTimes(readFileSync(notes, 'utf8')).split('\n');
  assert.deepEqual(
    rows.slice(1).map((line) => line.trim().split(/ {2,}/).join(' ')),
    [
      '0.2 0.2 0.0 0.0 test/unit, 1 files',
      '7.7 3.0 0.7 4.0 test/database, 2 files',
      '7.9 3.2 0.7 4.0 all',
      '',
      '6.7 2.0 0.7 4.0 test/database/api/b.test.ts',
      '1.0 1.0 0.0 0.0 test/database/api/c.test.ts',
      '0.2 0.2 0.0 0.0 test/unit/lib/a.test.ts',
    ],
  );
});
