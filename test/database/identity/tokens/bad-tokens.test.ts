import assert from 'node:assert/strict';
import { createHmac, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import { addAuthentication } from '#http/authentication.ts';
import { createServer } from '#http/server.ts';
import { openTestBank, START_MS, TEST_CALLER } from '#test/support/bank.ts';
import { sendRaw } from '#test/unit/http/test-server.ts';
import { sealedKeyOf } from './signing-key.ts';
import { endsInTime, newLogin, revokeSession, startPolling } from './token-bank.ts';

type Fields = Record<string, unknown>;

const bank = await openTestBank();
const login = await newLogin(bank);
const customerLogin = await newLogin(bank, 'customer', await bank.newCustomer());
const issued = (await bank.accessTokens.issue(login)).token;
const [head = '', body = '', signature = ''] = issued.split('.');
const HEADER = decode(head);
const CLAIMS = decode(body);
const KEY = createPrivateKey({
  key: await sealedKeyOf(bank, String(HEADER.kid)),
  format: 'der',
  type: 'pkcs8',
});
const PUBLIC = (await bank.accessTokens.publishedKeys())[0]!;
const NOW = START_MS / 1000;

const server = createServer({ logger: false });
addAuthentication(server, bank.authenticate);
server.get('/who', async ({ caller }) => caller);
server.get('/open', { config: { isPublic: true } }, async () => 'open');
const origin = await server.listen({ host: '127.0.0.1', port: 0 });
const port = Number(new URL(origin).port);
after(() => server.close());

function decode(part: string): Fields {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Fields;
}

function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** A token signed with the bank's own key: what is wrong with it is what the test changes, and nothing else. */
function signed(claims: unknown, header: unknown = HEADER): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${sign(null, Buffer.from(input), KEY).toString('base64url')}`;
}

const claiming = (changes: Fields): string => signed({ ...CLAIMS, ...changes });
const headed = (changes: Fields): string => signed(CLAIMS, { ...HEADER, ...changes });

function without(name: string): string {
  const { [name]: _, ...rest } = CLAIMS;
  return signed(rest);
}

/** HS256 with what everybody may know for a secret. */
function hmac(secret: string | Buffer): string {
  const input = `${encode({ ...HEADER, alg: 'HS256' })}.${encode(CLAIMS)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

function rsa(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const input = `${encode({ ...HEADER, alg: 'RS256' })}.${encode(CLAIMS)}`;
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

/** Signed with a key of the sender's own, which the header brings along. */
function ownKey(fields: (jwk: unknown) => Fields): string {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const input = `${encode({ ...HEADER, ...fields(publicKey.export({ format: 'jwk' })) })}.${encode(CLAIMS)}`;
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`;
}

const { sid: otherSid } = CLAIMS;
const lastCharacter = signature.at(-1)!;
/** The last of 86 characters holds two bits that are signature and four that are nothing. */
const SAME_BYTES: Record<string, string> = { A: 'B', Q: 'R', g: 'h', w: 'x' };
const otherToken = (await bank.accessTokens.issue(login)).token;
const raw = PUBLIC.x;

const BAD: readonly [what: string, token: string][] = [
  ...['none', 'None', 'NONE', 'nOnE', ''].map((alg): [string, string] => [
    `alg ${alg} without a signature`,
    `${encode({ ...HEADER, alg })}.${body}.`,
  ]),
  ['alg none with the old signature', `${encode({ ...HEADER, alg: 'none' })}.${body}.${signature}`],
  ['alg none and no third part', `${encode({ ...HEADER, alg: 'none' })}.${body}`],
  ['HS256 with the public key as text', hmac(raw)],
  ['HS256 with the public key as bytes', hmac(Buffer.from(raw, 'base64url'))],
  ['HS256 with the public JWK', hmac(JSON.stringify(PUBLIC))],
  ['HS256 with an empty secret', hmac('')],
  ['RS256', rsa()],
  ...['ES256', 'EDDSA', 'eddsa', 'Ed25519', 'Ed448', null, 1, ['EdDSA']].map((alg): [string, string] => [
    `alg ${JSON.stringify(alg)} over our signature`,
    headed({ alg }),
  ]),
  ...['nobody', '../../../etc/passwd', "x' or '1'='1", '', null, 0, [HEADER.kid], { kid: HEADER.kid }].map(
    (kid): [string, string] => [`kid ${JSON.stringify(kid)}`, headed({ kid })],
  ),
  ['no kid', signed(CLAIMS, { alg: 'EdDSA', typ: 'at+jwt' })],
  ['a key of its own in jwk', ownKey((jwk) => ({ jwk }))],
  ['a key of its own under our kid', ownKey(() => ({}))],
  ['jku', headed({ jku: 'http://127.0.0.1:1/jwks.json' })],
  ['our signature, with a jwk', headed({ jwk: PUBLIC })],
  ['x5u', headed({ x5u: 'http://127.0.0.1:1/cert.pem' })],
  ['x5c', headed({ x5c: ['MIIB'] })],
  ['crit', headed({ crit: ['exp'] })],
  ['b64 false', headed({ b64: false, crit: ['b64'] })],
  ['zip', headed({ zip: 'DEF' })],
  ...['JWT', 'application/at+jwt', 'AT+JWT', '', null, 1].map((typ): [string, string] => [
    `typ ${JSON.stringify(typ)}`,
    headed({ typ }),
  ]),
  ['no typ', signed(CLAIMS, { alg: 'EdDSA', kid: HEADER.kid })],
  ...['florin2', 'Florin', ['florin'], null].map((iss): [string, string] => [
    `iss ${JSON.stringify(iss)}`,
    claiming({ iss }),
  ]),
  ...['other', 'Florin', ['florin', 'other'], ['florin'], [], null].map((aud): [string, string] => [
    `aud ${JSON.stringify(aud)}`,
    claiming({ aud }),
  ]),
  ...[2, '1', 1.5, null, [1]].map((book): [string, string] => [
    `book ${JSON.stringify(book)}`,
    claiming({ book }),
  ]),
  ['expired six seconds ago', claiming({ iat: NOW - 300, nbf: NOW - 300, exp: NOW - 6 })],
  ['expired a year ago', claiming({ iat: NOW - 31e6, nbf: NOW - 31e6, exp: NOW - 30e6 })],
  ['issued longer ago than a token lives', claiming({ iat: NOW - 606 })],
  ['not before in six seconds', claiming({ nbf: NOW + 6 })],
  ['issued in six seconds', claiming({ iat: NOW + 6 })],
  ...['iat', 'nbf', 'exp'].flatMap((name): [string, string][] => [
    [`${name} as text`, claiming({ [name]: String(CLAIMS[name]) })],
    [`${name} null`, claiming({ [name]: null })],
    [`${name} with a fraction`, claiming({ [name]: Number(CLAIMS[name]) + 0.5 })],
  ]),
  ['exp beyond all numbers', signed(JSON.stringify(CLAIMS).replace(/"exp":\d+/, '"exp":1e400'))],
  ...Object.keys(CLAIMS).map((name): [string, string] => [`no ${name}`, without(name)]),
  ['a role that is none', claiming({ role: 'root' })],
  ['the role of whoever has the database', claiming({ role: 'operator' })],
  ['two roles', claiming({ role: ['teller', 'admin'] })],
  ['a customer role without a customer', claiming({ role: 'customer' })],
  ['a teller with a customer', claiming({ cus: 'cus_01h455vb4pex5vsknk084sn02q' })],
  ['a customer that is none', claiming({ role: 'customer', cus: 'x' })],
  ['a session for a subject', claiming({ sub: otherSid })],
  ['a key for a subject', claiming({ sub: 'key_01h455vb4pex5vsknk084sn02q' })],
  ['a session that is none', claiming({ sid: 'ses_x' })],
  ['an empty jti', claiming({ jti: '' })],
  ['claims that are an array', signed([CLAIMS])],
  ['claims that are text', signed('"florin"')],
  ['claims that are no JSON', signed('{')],
  ['a header that is no JSON', signed(CLAIMS, '{')],
  ['the signature of another token', [...otherToken.split('.').slice(0, 2), signature].join('.')],
  ['other claims under the signature', `${head}.${encode({ ...CLAIMS, role: 'admin' })}.${signature}`],
  ['no signature', `${head}.${body}.`],
  ['half a signature', `${head}.${body}.${signature.slice(0, 43)}`],
  ['a signature of zeros', `${head}.${body}.${'A'.repeat(86)}`],
  ['the signature padded', `${issued}==`],
  ['the header padded', `${head}=.${body}.${signature}`],
  ['the signature in other unused bits', issued.slice(0, -1) + SAME_BYTES[lastCharacter]],
  [
    'base64 in place of base64url',
    `${head}.${body}.${Buffer.from(signature, 'base64url').toString('base64')}`,
  ],
  ['a fourth part', `${issued}.${signature}`],
  ['a full stop after it', `${issued}.`],
  ['text after it', `${issued}x`],
  ['a comma after it', `${issued},`],
  ['a second token after it', `${issued}, Bearer ${otherToken}`],
  ['a space inside', `${head}. ${body}.${signature}`],
  ['a tab inside', `${head}.\t${body}.${signature}`],
  ['quotes around it', `"${issued}"`],
  ['the general JSON form', JSON.stringify({ payload: body, protected: head, signature })],
  ['oversize', claiming({ jti: 'x'.repeat(4000) })],
  ['just text', 'x'],
  ['a full stop', '.'],
  ['two full stops', '..'],
  ['an API key that is none', 'florin_live_'],
  ['an API key of nobody', `florin_live_${'0'.repeat(12)}_${'A'.repeat(43)}`],
];

const HEADERS: readonly [what: string, lines: string[]][] = [
  ['no header', []],
  ['an empty header', ['Authorization:']],
  ['the scheme alone', ['Authorization: Bearer']],
  ['the scheme and a space', ['Authorization: Bearer ']],
  ['no scheme', [`Authorization: ${issued}`]],
  ...['bearer', 'BEARER', 'bEARER', 'Token', 'JWT', 'DPoP', 'Basic', 'Bearer:'].map(
    (scheme): [string, string[]] => [`the scheme ${scheme}`, [`Authorization: ${scheme} ${issued}`]],
  ),
  ['two spaces', [`Authorization: Bearer  ${issued}`]],
  ['a tab', [`Authorization: Bearer\t${issued}`]],
  ['the header twice', [`Authorization: Bearer ${issued}`, `Authorization: Bearer ${issued}`]],
  ['the good one first', [`Authorization: Bearer ${issued}`, 'Authorization: Bearer x']],
  ['the good one last', ['Authorization: Bearer x', `authorization: Bearer ${issued}`]],
  ['Basic before it', ['Authorization: Basic eDp5', `Authorization: Bearer ${issued}`]],
  ['another header', [`X-Authorization: Bearer ${issued}`]],
  ['a cookie', [`Cookie: Authorization=Bearer ${issued}`]],
];

async function ask(lines: readonly string[], path = '/who') {
  const request = [`GET ${path} HTTP/1.1`, 'Host: florin', 'Connection: close', ...lines, '', ''].join(
    '\r\n',
  );
  const answer = await sendRaw(port, request);
  const [, answerHead = '', text = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(answer) ?? [];
  return { head: answerHead, text };
}

const withoutIds = (text: string): string => text.replaceAll(/req_[0-9a-f]{32}/g, 'req');

let refusal: string;
before(async () => {
  const { head: first, text } = await ask([]);
  assert.match(first, /^HTTP\/1.1 401 /);
  refusal = withoutIds(text);
  assert.equal((JSON.parse(text) as { code: string }).code, 'unauthenticated');
});

async function assertRefused(lines: readonly string[]): Promise<void> {
  const { head: answerHead, text } = await ask(lines);
  assert.match(answerHead, /^HTTP\/1.1 401 Unauthorized\r\n/);
  assert.match(answerHead, /\r\nwww-authenticate: Bearer(\r\n|$)/);
  assert.equal(withoutIds(text), refusal);
}

test('the tokens as they are issued are taken', async () => {
  const { text } = await ask([`Authorization: Bearer ${issued}`]);
  const { actor, role, sessionId, address, requestId } = JSON.parse(text) as Fields;
  assert.equal(actor, CLAIMS.sub);
  assert.equal(role, 'teller');
  assert.equal(sessionId, login.sessionId);
  assert.equal(address, '127.0.0.1');
  assert.match(String(requestId), /^req_/);
  const customer = (await bank.accessTokens.issue(customerLogin)).token;
  const { text: who } = await ask([`Authorization: Bearer ${customer}`]);
  assert.equal((JSON.parse(who) as Fields).customerId, customerLogin.customerId);
});

test('a token that the test signs itself is taken: the bad ones are bad for their own reason', async () => {
  for (const token of [signed(CLAIMS), claiming({ iat: NOW - 300, nbf: NOW - 300, exp: NOW - 4 })]) {
    assert.match((await ask([`Authorization: Bearer ${token}`])).head, /^HTTP\/1.1 200 /);
  }
});

test('there are more than a hundred of them, and none is the good one', () => {
  assert.ok(BAD.length + HEADERS.length >= 100);
  assert.ok(BAD.every(([, token]) => token !== issued));
});

for (const [what, token] of BAD) {
  test(`a token is refused: ${what}`, () => assertRefused([`Authorization: Bearer ${token}`]));
}

for (const [what, lines] of HEADERS) {
  test(`a request is refused: ${what}`, () => assertRefused(lines));
}

test('the token of a session that was revoked is refused, by a process that knew it', async (t) => {
  const gone = await newLogin(bank);
  const { token } = await bank.accessTokens.issue(gone);
  assert.match((await ask([`Authorization: Bearer ${token}`])).head, /^HTTP\/1.1 200 /);
  await startPolling(t, bank.accessTokens);
  await revokeSession(bank, gone.sessionId);
  await endsInTime(t, () => bank.accessTokens.verify(token));
  await assertRefused([`Authorization: Bearer ${token}`]);
});

test('the token of a key that was withdrawn is refused, by a process that knew it', async () => {
  assert.match((await ask([`Authorization: Bearer ${issued}`])).head, /^HTTP\/1.1 200 /);
  await bank.accessTokens.rotateKeys(TEST_CALLER, { immediately: true });
  await assertRefused([`Authorization: Bearer ${issued}`]);
});

test('public routes want no token, and a path without a route is 404 for all', async () => {
  assert.match((await ask([], '/open')).head, /^HTTP\/1.1 200 /);
  assert.match((await ask(['Authorization: Bearer x'], '/open')).head, /^HTTP\/1.1 200 /);
  assert.match((await ask([], '/nowhere')).head, /^HTTP\/1.1 404 /);
});
