import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '#config/config.ts';
import { urlOptions } from '#db/database-url.ts';

const REMOTE = 'postgres://florin:sesame@db.example:5432/bank';
const LOCAL = 'postgres://florin:sesame@127.0.0.1:5432/bank';

/** The environment, and what is said about it: never the URL itself. */
const REFUSED: readonly (readonly [Record<string, string>, RegExp])[] = [
  [{ DATABASE_URL: REMOTE }, /leaves this machine and does not say how: sslmode=verify-full/],
  [{ DATABASE_URL: `${LOCAL}?host=db.example` }, /leaves this machine and does not say how/],
  [
    { DATABASE_URL: `${REMOTE}?sslmode=prefer` },
    /takes sslmode as one of disable, require, verify-ca, verify-full/,
  ],
  [{ DATABASE_URL: `${REMOTE}?sslmode=allow` }, /takes sslmode as one of/],
  [{ DATABASE_URL: `${REMOTE}?sslmode=no-verify` }, /takes sslmode as one of/],
  [{ DATABASE_URL: `${REMOTE}?sslmode=verify_full` }, /takes sslmode as one of/],
  [{ DATABASE_URL: `${REMOTE}?ssl=true` }, /leaves this machine/],
  [{ DATABASE_URL: `${LOCAL}?ssl=0` }, /takes no ssl; sslmode says how to encrypt/],
  [{ DATABASE_URL: `${REMOTE}?sslmode=require&uselibpqcompat=true` }, /takes no uselibpqcompat/],
  [{ DATABASE_URL: `${LOCAL}?options=-c%20role%3Dpostgres` }, /takes no options/],
  [{ DATABASE_URL: `${REMOTE}?sslmode=verify-ca` }, /sslmode=verify-ca, which needs sslrootcert/],
  [
    { DATABASE_URL: `${REMOTE}?sslrootcert=/nowhere.pem` },
    /needs \/nowhere\.pem, which cannot be read: there is no such file/,
  ],
  [{ DATABASE_URL: REMOTE, DATABASE_CA_FILE: '/nowhere.pem' }, /^DATABASE_CA_FILE and DATABASE_URL needs /],
  [
    { DATABASE_URL: REMOTE, DATABASE_CA_FILE: import.meta.filename },
    /needs certificates, which .* does not hold/,
  ],
  [{ DATABASE_URL: `${REMOTE}?sslmode=disable`, DATABASE_CA_FILE: '/ca.pem' }, /says sslmode=disable/],
  [
    { DATABASE_URL: `${REMOTE}?sslrootcert=/other.pem`, DATABASE_CA_FILE: '/ca.pem' },
    /names another file as sslrootcert/,
  ],
  [{ DATABASE_CA_FILE: '/ca.pem' }, /DATABASE_URL is needed with DATABASE_CA_FILE/],
];
for (const [environment, expected] of REFUSED) {
  test(`a connection is refused before it is made: ${expected.source}`, () => {
    assert.throws(
      () => readConfig(environment),
      (error) => {
        assert.ok(error instanceof Error && error.name === 'ConfigError');
        assert.match(error.message, expected);
        assert.doesNotMatch(error.message, /sesame|\n/);
        return true;
      },
    );
  });
}

test('what stays on this machine, or is said to go in clear, does', () => {
  for (const url of [LOCAL, 'postgres:///bank?host=/run/postgresql', `${REMOTE}?sslmode=disable`]) {
    assert.equal(readConfig({ DATABASE_URL: url }).databaseUrl, url);
    assert.equal(urlOptions(url).ssl, false);
  }
});

test('the driver is left nothing to read about TLS, and always verifies', () => {
  const { connectionString, ssl } = urlOptions(`${REMOTE}?application_name=x&sslmode=require`);
  assert.equal(connectionString, `${REMOTE}?application_name=x`);
  assert.deepEqual(ssl, { rejectUnauthorized: true });
});
