import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPassword, hashPassword, verifyPassword } from '#identity/users/passwords.ts';
import { newRecoveryCodes } from '#identity/users/totp.ts';

const EMAIL = 'grace.hopper@florin.example';
const check = (password: string, hasTotp = false) => checkPassword(password, { email: EMAIL, hasTotp });
const refused = (message: RegExp) => ({ status: 400, code: 'validation_failed', message });

const REFUSED: [password: string, hasTotp: boolean, message: RegExp][] = [
  ['fourteen chars', false, /at least 15/],
  ['seven77', true, /at least 8/],
  // Seven letters with their accents typed apart are seven characters.
  ['e\u0301'.repeat(7), true, /at least 8/],
  // Each takes two UTF-16 units.
  ['\u{1f600}\u{1f511}\u{1f38b}\u{1f680}\u{1f9e1}\u{1f30d}\u{1f419}', true, /at least 8/],
  ['x y'.repeat(86), false, /at most 256/],
  ['passwordpassword', false, /everybody/],
  ['QWERTYuiop123456', false, /everybody/],
  ['qwertyui', true, /everybody/],
  ['P@ssw0rd', true, /everybody/],
  ['correct horse battery staple', false, /everybody/],
  ['111111111111111', false, /everybody/],
  ['Grace.Hopper@FLORIN.example', false, /e-mail/],
  [' '.repeat(15), false, /blanks/],
  ['\u3000 \u00a0'.repeat(5), false, /blanks/],
  ['\u200b'.repeat(15), false, /blanks/],
  ['a b c d        ', false, /blanks/],
  ['aaaaaaaaaaaaaaaa', false, /everybody|repeat/],
  ['zzzzzzzzzzzzzzzzzz', false, /everybody/],
  ['zqzqzqzqzqzqzqzqz', false, /repeat/],
  ['aaaaabbbbbcccccddddd', false, /repeat/],
  ['x1Y!z x1Y!z x1Y!z', false, /repeat/],
  ['qwertyqwertyqwerty', false, /everybody/],
  ['gracehopper2026!', false, /e-mail/],
  ['grace.hopper-grace.hopper', false, /e-mail/],
  ['Hopper Grace 1906 florin', false, /e-mail/],
  ['αβγδεζηθικλμνξοπρ', false, /sequence/],
  ['987654321098765', false, /everybody|sequence/],
  ['hopper12', true, /e-mail/],
];
for (const [password, hasTotp, message] of REFUSED) {
  test(`${password.slice(0, 30)} is no password ${hasTotp ? 'beside TOTP' : 'alone'}`, () => {
    assert.throws(() => check(password, hasTotp), refused(message));
  });
}

test('any characters will do, from 15 to 256 of them, or 8 beside TOTP', () => {
  check('fifteen letters');
  check(`${'any words '.repeat(24)}and then some ok`);
  check('amazing grace, how sweet the sound');
  check('banana bread and butter');
  check('ппппуууу\u{1f600}ää   漢', false);
  check('8 chars!', true);
});

test('a password is stored as argon2id with the parameters of OWASP, and no hash twice', async () => {
  const first = await hashPassword('violet anchors drift slowly');
  assert.match(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(first, await hashPassword('violet anchors drift slowly'));
  assert.equal(await verifyPassword('violet anchors drift slowly', first), true);
  assert.equal(await verifyPassword('violet anchors drift slowlY', first), false);
  assert.equal(await verifyPassword('violet anchors drift slowly', undefined), false);
});

test('an accent counts the same however it was typed', async () => {
  const hash = await hashPassword('caf\u00e9 au lait du matin');
  assert.equal(await verifyPassword('cafe\u0301 au lait du matin', hash), true);
});

test('a space counts the same whichever key it came from, and other characters each their own', async () => {
  const hash = await hashPassword('x² violet anchors');
  assert.equal(await verifyPassword('x²\u00a0violet\u3000anchors', hash), true);
  assert.equal(await verifyPassword('x2 violet anchors', hash), false);
});

test('a hash with other parameters is verified by its own', async () => {
  const hash = '$argon2id$v=19$m=256,t=3,p=2$c29tZXNhbHRzb21lc2FsdA$pq4nttfeK9SmYF0hd2yVwJJM6Rvxed9e';
  assert.equal(await verifyPassword('password', hash), true);
  assert.equal(await verifyPassword('passwore', hash), false);
});

test('ten recovery codes of 80 bits are never the same', () => {
  const codes = [...newRecoveryCodes(), ...newRecoveryCodes()];
  assert.equal(new Set(codes).size, 20);
  for (const code of codes) assert.match(code, /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
});
