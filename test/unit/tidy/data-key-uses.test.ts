import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DATA_KEY_USES } from '#bank/data-key-uses.ts';

const ROOT = new URL('../../../', import.meta.url);

/** Files that seal or hash with the data key, and what a rotation does with the result. */
const USES: Readonly<Record<string, string>> = {
  'src/bank/key-store.ts': 'answers',
  'src/features/customers/derived-rows.ts': 'identifiers',
  'src/features/customers/national-id.ts': 'nationalIds',
  'src/identity/tokens/signing-keys.ts': 'signingKeys',
  'src/identity/users/totp.ts': 'secondFactors',
  'src/features/customers/personal-fields.ts': 'stays in the trail, under a former key',
  'src/features/audit/state-sql.ts': 'stays in the sheets, under a former key',
  'src/identity/users/login-audit.ts': 'a hash that nothing is compared with, in the trail',
  'src/backup/seal.ts': 'outside the database: a backup keeps the key of its time',
  'src/db/former-data-keys.ts': 'the former keys themselves, which each rotation seals again',
  'src/lib/data-key.ts': 'reseal and reindex',
};

/** Columns of bytes that have nothing to do with the data key, and what they hold. */
const OTHER_BYTES: Readonly<Record<string, string>> = {
  'account_statement_pages.lines': 'lines in the clear, compressed',
  'api_keys.secret_hash': 'a plain hash of a random secret',
  'audit_blocks.block_hash': 'a plain hash',
  'audit_blocks.merkle_root': 'a plain hash',
  'audit_blocks.previous_hash': 'a plain hash',
  'audit_blocks.row_hashes': 'plain hashes',
  'customers.trail_key': 'random; part of a context',
  'data_keys.check_value': 'of the key itself: replaced in the end',
  'former_data_keys.check_value': 'of the key itself',
  'former_data_keys.key_sealed': 'each rotation seals it again',
  'incoming_references.reference_hash': 'a plain hash',
  'known_devices.device_hash': 'a plain hash of a random token',
  'login_attempts.subject_hash': 'a plain hash',
  'password_resets.code_hash': 'a plain hash of a random code',
  'recovery_codes.code_hash': 'a plain hash of a random code',
  'refresh_tokens.predecessor_hash': 'a plain hash of a random token',
  'refresh_tokens.token_hash': 'a plain hash of a random token',
  'sealed_states.fingerprint': 'stays, under a former key',
  'state_sheets.salt': 'random',
};

test('whatever seals or hashes with the data key is known to its rotation', () => {
  const found = globSync('src/**/*.ts', { cwd: ROOT }).filter((file) =>
    /\b(?:encrypt|blindIndex)\(/.test(readFileSync(new URL(file, ROOT), 'utf8')),
  );
  assert.deepEqual(
    found.toSorted(),
    Object.keys(USES).toSorted(),
    'add it to DATA_KEY_USES (src/bank/data-key-uses.ts), or say here why it stays',
  );
  const rotated = Object.values(USES).filter((use) => Object.hasOwn(DATA_KEY_USES, use));
  assert.deepEqual(rotated.toSorted(), Object.keys(DATA_KEY_USES).toSorted());
});

test('every column of bytes is written again by a rotation, or says what it holds', () => {
  const schema = readFileSync(new URL('db/schema.sql', ROOT), 'utf8');
  const tables = [...schema.matchAll(/^create table (\w+) \(\n([\s\S]*?)^\)(?: with [^;]*)?;/gm)];
  const bytes = tables.flatMap(([, table = '', body = '']) =>
    [...body.matchAll(/^ {2}(\w+) bytea\b/gm)].map(([, column]) => `${table}.${column}`),
  );
  assert.ok(bytes.length > 25, `${bytes.length} columns`);
  const rotated = Object.values(DATA_KEY_USES).flatMap(({ columns }): readonly string[] => columns);
  // Of what a client asked, to tell a repetition from another request under its key.
  const known = bytes.filter((column) => !/\.(?:request_hash|sha256)$/.test(column));
  assert.deepEqual(known.toSorted(), [...rotated, ...Object.keys(OTHER_BYTES)].toSorted());
});
