import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrastWithWhite, isColor } from '#lib/contrast.ts';

test('black stands out from white as nothing else, and white does not', () => {
  assert.equal(contrastWithWhite('#000000'), 21);
  assert.equal(contrastWithWhite('#ffffff'), 1);
});

test('of the greys, the one below #767676 is the first that text may have', () => {
  assert.ok(contrastWithWhite('#767676') >= 4.5);
  assert.ok(contrastWithWhite('#777777') < 4.5);
});

test('a colour is six hexadecimal digits', () => {
  for (const text of ['#1f4e79', '#000000']) assert.ok(isColor(text));
  for (const text of ['1f4e79', '#1F4E79', '#fff', '#1f4e7g', '#1f4e79 ', 'red', ''])
    assert.ok(!isColor(text));
});
