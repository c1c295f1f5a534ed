import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { SignJWT, UnsecuredJWT } from 'jose';
import { readConfig } from '#config/config.ts';
import { ExternalTokens } from '#identity/tokens/contract.ts';
import { ManualClock } from '#lib/time/clock.ts';

const START_MS = Date.UTC(2026, 0, 14, 12);
const NOW = START_MS / 1000;
const CUSTOMER = 'cus_01h455vb4pex5vsknk084sn02q';

const PAIRS: Record<string, { publicKey: KeyObject; privateKey: KeyObject }> = {
  EdDSA: generateKeyPairSync('ed25519'),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
const STRANGER = generateKeyPairSync('ed25519').privateKey;

const keySet = JSON.stringify({
  keys: Object.entries(PAIRS).map(([alg, { publicKey }]) => ({
    ...publicKey.export({ format: 'jwk' }),
    kid: alg,
    use: 'sig',
  })),
});
let isUp = true;
let reads = 0;
const issuer = createServer((_request, response) => {
  reads += 1;
  response.writeHead(isUp ? 200 : 500, { 'content-type': 'application/json' }).end(isUp ? keySet : '{}');
});
issuer.listen(0, '127.0.0.1');
await once(issuer, 'listening');
after(() => issuer.close());
const { port } = issuer.address() as AddressInfo;

const VARIABLES = {
  FLORIN_OIDC_ISSUER: 'https://login.example.com/bank',
  FLORIN_OIDC_AUDIENCE: 'florin-api',
  FLORIN_OIDC_JWKS_URL: `http://127.0.0.1:${port}/jwks`,
  FLORIN_OIDC_ROLE_CLAIM: 'https://florin.example/role',
  FLORIN_OIDC_CUSTOMER_CLAIM: 'customer',
};
const CLAIMS = {
  iss: VARIABLES.FLORIN_OIDC_ISSUER,
  aud: VARIABLES.FLORIN_OIDC_AUDIENCE,
  sub: 'auth0|7',
  iat: NOW,
  exp: NOW + 600,
  [VARIABLES.FLORIN_OIDC_ROLE_CLAIM]: 'teller',
};

const clock = new ManualClock(START_MS);
function openTokens(): ExternalTokens {
  const { oidc } = readConfig(VARIABLES);
  assert.ok(oidc !== undefined);
  return new ExternalTokens(clock, oidc);
}
const tokens = openTokens();

type Changes = Readonly<Record<string, unknown>>;
function sign(changes: Changes = {}, alg = 'EdDSA', key: KeyObject | Uint8Array = PAIRS[alg]!.privateKey) {
  return new SignJWT({ ...CLAIMS, ...changes }).setProtectedHeader({ alg, kid: alg }).sign(key);
}

const role = (value: unknown): Changes => ({ [VARIABLES.FLORIN_OIDC_ROLE_CLAIM]: value });

test('tokens of the issuer are taken in each of three algorithms, and its keys are read once', async () => {
  for (const alg of ['EdDSA', 'ES256', 'RS256']) {
    const caller = await tokens.verify(await sign({}, alg));
    assert.deepEqual(caller, { actor: 'oidc:auth0|7', role: 'teller' });
  }
  assert.equal(reads, 1);
});

test('the role may stand among others in a list, and a customer is named by the other claim', async () => {
  const manager = await tokens.verify(await sign(role(['offline_access', 'manager'])));
  assert.equal(manager.role, 'manager');
  const customer = await tokens.verify(await sign({ ...role('customer'), customer: CUSTOMER }));
  assert.match(customer.customerId ?? '', /^[0-9a-f-]{36}$/);
});

const BAD: readonly [string, Changes][] = [
  ['another issuer', { iss: 'https://login.example.com/other' }],
  ['another audience', { aud: 'another-api' }],
  ['no audience', { aud: undefined }],
  ['no subject', { sub: undefined }],
  ['a subject with a space', { sub: 'a b' }],
  ['a subject that is too long', { sub: 'x'.repeat(91) }],
  ['expired', { iat: NOW - 600, exp: NOW - 6 }],
  ['no end', { exp: undefined }],
  ['no beginning', { iat: undefined }],
  ['older than an hour', { iat: NOW - 3606 }],
  ['not before later', { nbf: NOW + 6 }],
  ['no role', role(undefined)],
  ['an unknown role', role('root')],
  ['the operator’s role', role('operator')],
  ['two roles', role(['teller', 'admin'])],
  ['a customer without the claim', role('customer')],
  ['a customer that is none', { ...role('customer'), customer: 'me' }],
];
for (const [what, changes] of BAD) {
  test(`a token of the issuer is refused: ${what}`, async () => {
    await assert.rejects(tokens.verify(await sign(changes)), { code: 'unauthenticated', status: 401 });
  });
}

test('a token that the issuer did not sign is refused', async () => {
  const rsaPublic = PAIRS.RS256!.publicKey.export({ format: 'pem', type: 'spki' });
  const forged = [
    await sign({}, 'EdDSA', STRANGER),
    await sign({}, 'HS256', Buffer.from(rsaPublic)),
    await sign({}, 'PS256', PAIRS.RS256!.privateKey),
    new UnsecuredJWT(CLAIMS).encode(),
    await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'EdDSA', kid: 'other' }).sign(STRANGER),
  ];
  for (const token of forged)
    await assert.rejects(tokens.verify(token), { code: 'unauthenticated', status: 401 });
});

test('while the keys cannot be had the answer is 503, and afterwards the token is good again', async () => {
  isUp = false;
  const fresh = openTokens();
  const token = await sign();
  await assert.rejects(fresh.verify(token), { code: 'authentication_unavailable', status: 503 });
  isUp = true;
  assert.equal((await fresh.verify(token)).role, 'teller');
});

test('a token that was checked ends when it expires', async () => {
  const token = await sign();
  await tokens.verify(token);
  clock.setMs(START_MS + 606_000);
  await assert.rejects(tokens.verify(token), { code: 'unauthenticated', status: 401 });
  clock.setMs(START_MS);
});

test('an external issuer is configured whole or not at all', () => {
  assert.equal(readConfig({}).oidc, undefined);
  for (const name of Object.keys(VARIABLES)) {
    assert.throws(
      () => readConfig({ ...VARIABLES, [name]: '' }),
      new RegExp(`^ConfigError: ${name} is needed`),
    );
  }
  for (const url of ['http://login.example.com/jwks', 'ftp://x/', 'jwks', 'https://u:p@login.example.com/']) {
    const variables = { ...VARIABLES, FLORIN_OIDC_JWKS_URL: url };
    assert.throws(() => readConfig(variables), /^ConfigError: FLORIN_OIDC_JWKS_URL takes an https URL/);
  }
});
