import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadsheetText } from '#lib/spreadsheet-text.ts';

/** What OWASP names: with one of these a cell begins that a spreadsheet computes. */
const FORMULAS = ['=1+1', '+1', '-1', '@SUM(1)', '\t=1', '\r=1'];
for (const text of FORMULAS) {
  test(`it is no formula: ${JSON.stringify(text)}`, () => assert.equal(spreadsheetText(text), `'${text}`));
}

test('any other text stays as it is, and so does none', () => {
  for (const text of ['', 'rent', 'a=b', 'ada@example.com', ' =1', "'=1"]) {
    assert.equal(spreadsheetText(text), text);
  }
  assert.equal(spreadsheetText(null), null);
});
