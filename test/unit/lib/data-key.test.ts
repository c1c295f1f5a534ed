import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import {
  DamagedDataError,
  DataKey,
  InvalidDataKeyError,
  newDataKeyText,
  WrongDataKeyError,
} from '#lib/data-key.ts';

/** Bytes 0 to 31. */
const KEY_TEXT = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const key = DataKey.fromText(KEY_TEXT);
/** Made apart from the code under test, with node:crypto; the nonce is a0a1…ab. */
const SEALED_HEX =
  '0173b81517a0a1a2a3a4a5a6a7a8a9aaabbad85e4dff602dcf3d651f8c42d4a8f60f124e04f3c673062bad925f';
const BLIND_HEX = '1283a6651282ffcad22d79ac77f61ffe43f0664ee08caa1450667f37c4b2e62d';
const CHECK_HEX = 'e9e5e126c5478f38aa9a0fe72038169a7aabe66efdec544d4581ad76eac507d5';
const otherKey = DataKey.fromText(newDataKeyText());

test('what was sealed by an earlier version opens: its format is fixed', () => {
  const sealed = Buffer.from(SEALED_HEX, 'hex');
  assert.equal(key.decrypt(sealed, 'vectors').toString('utf8'), 'Ada Lovelace');
});

test('blind indexes and check values are what an earlier version stored', () => {
  assert.equal(key.blindIndex('Ada Lovelace', 'vectors').toString('hex'), BLIND_HEX);
  assert.equal(key.checkValue.toString('hex'), CHECK_HEX);
});

test('everything that is sealed comes back, for its own context and key alone', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), fc.string(), (bytes, context, other) => {
      const sealed = key.encrypt(Buffer.from(bytes), context);
      assert.deepEqual(key.decrypt(sealed, context), Buffer.from(bytes));
      assert.throws(() => otherKey.decrypt(sealed, context), WrongDataKeyError);
      if (other !== context) assert.throws(() => key.decrypt(sealed, other), DamagedDataError);
    }),
  );
});

test('text of any script comes back', () => {
  for (const text of ['', 'naïve', '識別番号', '🏦']) {
    assert.equal(key.decrypt(key.encrypt(text, 'text'), 'text').toString('utf8'), text);
  }
});

test('one changed bit anywhere is noticed, and so is every cut and every addition', () => {
  const sealed = key.encrypt('1234 5678', 'tampering');
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    // Bytes 1 to 4 name the key.
    const expected = bit >= 8 && bit < 40 ? WrongDataKeyError : DamagedDataError;
    assert.throws(() => key.decrypt(changed, 'tampering'), expected, `bit ${bit}`);
  }
  for (let length = 0; length < sealed.length; length += 1) {
    assert.throws(() => key.decrypt(sealed.subarray(0, length), 'tampering'), DamagedDataError, `${length}`);
  }
  assert.throws(() => key.decrypt(Buffer.concat([sealed, Buffer.of(0)]), 'tampering'), DamagedDataError);
});

test('the same text is sealed differently each time, and says nothing of itself', () => {
  const seals = Array.from({ length: 100 }, () => key.encrypt('Ada Lovelace', 'nonces'));
  assert.equal(new Set(seals.map((sealed) => sealed.subarray(5, 17).toString('hex'))).size, 100);
  for (const sealed of seals) assert.equal(sealed.includes('Ada'), false);
});

test('a blind index is equal for equal values of one context and one key, and for nothing else', () => {
  const index = (value: string, context: string, of = key): string =>
    of.blindIndex(value, context).toString('hex');
  assert.equal(index('123', 'a'), index('123', 'a'));
  const all = [index('123', 'a'), index('124', 'a'), index('123', 'b'), index('123', 'a', otherKey)];
  assert.equal(new Set(all).size, 4);
});

test('a key is 32 bytes in base64url, written the one way there is; the error does not repeat it', () => {
  const wrong = ['', KEY_TEXT.slice(1), `${KEY_TEXT}A`, `${KEY_TEXT}=`, ` ${KEY_TEXT.slice(1)}`];
  // The last character holds two bits that belong to no byte.
  wrong.push(`${KEY_TEXT.slice(0, -1)}9`, KEY_TEXT.replace('A', '+'));
  for (const text of wrong) {
    assert.throws(
      () => DataKey.fromText(text),
      (error) => error instanceof InvalidDataKeyError && (text === '' || !error.message.includes(text)),
      text,
    );
  }
  for (let round = 0; round < 100; round += 1) DataKey.fromText(newDataKeyText());
});

test('a key does not show in logs', () => {
  const shown = [inspect(key, { depth: 9, showHidden: true }), JSON.stringify(key)].join();
  assert.doesNotMatch(shown, /AAECAw|000102|key\b.*[0-9a-f]{16}/i);
});
