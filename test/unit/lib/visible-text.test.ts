import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanName, cleanText } from '#lib/text.ts';
import { hasInvisible, visibleText } from '#lib/visible-text.ts';

const DROPPED: [name: string, text: string, visible: string][] = [
  ['a direction override', 'Anna\u202egnp.exe\u202c', 'Annagnp.exe'],
  ['an isolate', '\u2066Anna\u2069', 'Anna'],
  ['direction marks', 'A\u200en\u200fn\u061ca', 'Anna'],
  ['a zero-width space', 'An\u200bna', 'Anna'],
  ['a word joiner and a byte order mark', '\ufeffAn\u2060na', 'Anna'],
  ['a soft hyphen', 'An\u00adna', 'Anna'],
  ['tag characters', 'Anna\u{e0041}\u{e0042}\u{e007f}', 'Anna'],
  ['a Hangul filler', 'Anna\u3164\u115f', 'Anna'],
  ['annotation and noncharacters', 'An\ufff9na\uffff\u{1ffff}', 'Anna'],
  ['a joiner between Latin letters', 'An\u200dn\u200ca', 'Anna'],
  ['a variation selector after a letter', 'Anna\ufe0f\u{e0101}', 'Anna'],
  ['a second joiner, and one at the end', '\u0646\u200c\u200c\u0647\u200c', '\u0646\u200c\u0647'],
  ['a joiner behind what is dropped', 'a\u200b\u200db', 'ab'],
];
for (const [name, text, visible] of DROPPED) {
  test(`${name} is not seen, and goes`, () => {
    assert.equal(visibleText(text), visible);
    assert.ok(hasInvisible(text));
    assert.equal(visibleText(visible), visible, 'and once is enough');
  });
}

test('a line separator is a space', () => {
  assert.equal(visibleText('Anna\u2028Sommer\u2029Berlin'), 'Anna Sommer Berlin');
});

for (const [name, text] of [
  ['Persian, with a non-joiner', '\u0646\u06cc\u06a9\u200c\u0645\u0646\u0634'],
  ['Sinhala, with a joiner', '\u0dc1\u0dca\u200d\u0dbb\u0dd3'],
  ['Malayalam, with a joiner at the end', '\u0d05\u0d35\u0d28\u0d4d\u200d'],
  ['Hindi, with a non-joiner', '\u0915\u094d\u200c\u0937'],
  ['a Japanese name with a variant of its character', '\u845b\u{e0100}\u98fe'],
  ['a family, a flag and a keycap', '👩‍👩‍👧 🇩🇪 1️⃣ ❤️'],
  ['Mongolian with a selector', '\u182d\u180b'],
  ['Arabic number signs, which are seen', '\u0600\u0661'],
] as const) {
  test(`${name} stays as it is`, () => {
    assert.equal(visibleText(text), text);
    assert.ok(!hasInvisible(text));
  });
}

test('names and texts lose what cannot be seen, and nothing is left of some', () => {
  assert.equal(cleanText(' \u200bAn\u202ena\u2028 ', 'x', 4), 'Anna');
  assert.equal(cleanName('M\u00fcl\u200bler', 'x', 6), 'Müller');
  for (const text of ['\u200b', '\u202e\u2066', '\u2028', '\u3164']) {
    assert.throws(() => cleanName(text, 'x', 10), { code: 'validation_failed' }, JSON.stringify(text));
  }
});
