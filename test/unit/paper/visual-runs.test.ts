import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visualRuns } from '#paper/visual-runs.ts';

const textsOf = (text: string) => visualRuns(text).map((run) => run.text);

test('a text is split where another family of fonts goes on, and marks stay with their letter', () => {
  assert.deepEqual(visualRuns('Herr राजेश 2'), [
    { family: 'latin', text: 'Herr ' },
    { family: 'devanagari', text: 'राजेश' },
    { family: 'latin', text: ' 2' },
  ]);
  assert.deepEqual(visualRuns('王小明'), [{ family: 'sc', text: '王小明' }]);
  assert.deepEqual(visualRuns('山田タロウ'), [{ family: 'jp', text: '山田タロウ' }]);
  assert.deepEqual(visualRuns('김철수'), [{ family: 'kr', text: '김철수' }]);
  assert.deepEqual(visualRuns('Nguyễn Łukasz Ђорђе Ελένη'), [
    { family: 'latin', text: 'Nguyễn Łukasz Ђорђе Ελένη' },
  ]);
});

test('words from right to left come in the order of the eye, numbers among them from left to right', () => {
  assert.deepEqual(textsOf('محمد عبد'), ['عبد', ' ', 'محمد']);
  assert.deepEqual(textsOf('To محمد عبد, Main St'), ['To ', 'عبد', ' ', 'محمد', ', Main St']);
  assert.deepEqual(textsOf('שלום 12 כהן').join(''), 'כהן 12 שלום');
  // Its brackets are those that are drawn: the one that opens, to the right of the word, is drawn as the one that closes.
  assert.deepEqual(
    textsOf('דוד (כהן)'),
    ['(כהן)', ' ', 'דוד'].map((word) => (word === '(כהן)' ? ')כהן(' : word)),
  );
});
