import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { statementMt940 } from '#features/statements/formats/mt940.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { type Movement, statementOf, textOf } from '#test/support/statement-documents.ts';

/** Characters that fields, lines and messages begin and end with, and letters of the world. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(':', '-', '?', '/', '+', ' ', '\n', '{', '}'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  minLength: 1,
  maxLength: 500,
});
const text = fc.option(hostile, { nil: null });
const movement: fc.Arbitrary<Movement> = fc.record({
  minor: fc.bigInt({ min: -99_999_999_999_999n, max: 99_999_999_999_999n }).filter((minor) => minor !== 0n),
  reverses: fc.constantFrom(null, 'txn_01h455vb4pex5vsknk084sn02q'),
  description: fc.oneof(
    text,
    fc.string({ unit: fc.constantFrom(':', '-', 'x'), minLength: 200, maxLength: 500 }),
  ),
  reference: fc.oneof(text, fc.constantFrom('/A', 'A/', 'A//B', 'INV-4711')),
  payerName: text,
});

const ENTRY = /^:61:\d{10}(C|D|RC|RD)(\d+,\d{2})N[A-Z]{3}(?!\/)[^/]*(\/[^/]+)*\/\/[A-Z0-9]{16}$/;
const BALANCE = /^:6([02])([FM]):([CD])\d{6}EUR(\d+,\d{2})$/;
const minor = (mark: string, amount: string): bigint =>
  BigInt(amount.replace(',', '')) * (mark === 'C' || mark === 'RD' ? 1n : -1n);

/** Reads a file as SWIFT has it, and holds each message to the rules of the format. Answers how many lines there are. */
function check(text: string, openingMinor: bigint, closingMinor: bigint): number {
  assert.match(text, /^[A-Za-z0-9/\-?:().,'+ \r\n]*$/);
  let balance = openingMinor;
  let count = 0;
  const messages = text.split('\r\n-\r\n').slice(0, -1);
  for (const [at, message] of messages.entries()) {
    assert.ok(message.length + 5 <= 2_000, `${message.length} characters`);
    const lines = message.split('\r\n');
    let informationLines = 0;
    for (const line of lines) {
      const entry = ENTRY.exec(line);
      const stated = BALANCE.exec(line);
      if (line.startsWith(':61:')) {
        assert.ok(entry !== null, line);
        balance += minor(entry[1] ?? '', entry[2] ?? '');
        count += 1;
      } else if (stated !== null) {
        assert.equal(minor(stated[3] ?? '', stated[4] ?? ''), balance);
        const isEnd = stated[1] === '0' ? at === 0 : at === messages.length - 1;
        assert.equal(stated[2], isEnd ? 'F' : 'M');
      }
      informationLines = line.startsWith(':86:') ? 1 : informationLines + 1;
      if (!/^:(20|25|28C|60[FM]|61|62[FM]|86):/.test(line)) {
        assert.doesNotMatch(line, /^[:-]/);
        assert.ok(informationLines <= 6, message);
      }
      assert.ok(line.startsWith(':61:') || line.length <= 65, line);
    }
  }
  assert.equal(balance, closingMinor);
  return count;
}

test('whatever is in the texts, each message keeps to the rules and the balances lead on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.bigInt({ min: -1_000_000_000_000n, max: 1_000_000_000_000n }),
      fc.array(movement, { maxLength: 12 }),
      async (openingMinor, movements) => {
        const file = await textOf(statementMt940(statementOf(openingMinor, movements)));
        const net = movements.reduce((sum, one) => sum + one.minor, 0n);
        assert.equal(check(file, openingMinor, openingMinor + net), movements.length);
      },
    ),
    { numRuns: propertyRuns(200) },
  );
});

test('a purpose that ends with colons and hyphens is folded before them', async () => {
  const file = await textOf(statementMt940(statementOf(0n, [{ minor: 1n, description: ':-'.repeat(200) }])));
  assert.equal(check(file, 0n, 1n), 1);
});
