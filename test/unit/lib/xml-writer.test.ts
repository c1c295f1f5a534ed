import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTag, xml, xmlText } from '#lib/xml-writer.ts';

test('elements are written in their order, lists one by one, and what is empty is left out', () => {
  const text = xml({
    Id: '1',
    Amt: { '@Ccy': 'EUR', '#text': '12.00' },
    Nothing: null,
    Hollow: { In: { Side: undefined } },
    Line: ['a', null, 'b'],
    Item: [{ No: '1' }, { No: '2' }],
  });
  assert.equal(
    text,
    '<Id>1</Id><Amt Ccy="EUR">12.00</Amt><Line>a</Line><Line>b</Line><Item><No>1</No></Item><Item><No>2</No></Item>',
  );
});

test('what XML reads as its own is escaped, and what it has no place for is replaced', () => {
  assert.equal(xmlText('<a & "b">'), '&lt;a &amp; &quot;b&quot;&gt;');
  assert.equal(xmlText('x\u0001\uD800\uFFFEy😀'), 'x\uFFFD\uFFFD\uFFFDy😀');
  assert.equal(startTag('Document', { xmlns: 'a"b' }), '<Document xmlns="a&quot;b">');
});
