import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { ArchiveWriter } from '#backup/archive-writer.ts';
import { BackupError } from '#backup/backup-error.ts';
import { checkBackup } from '#backup/check-backup.ts';
import { encodeManifest, type Manifest } from '#backup/manifest.ts';
import { encodeSeal } from '#backup/seal.ts';
import { encodeHead } from '#backup/tar.ts';
import { DataKey, newDataKeyText } from '#lib/data-key.ts';
import { TEST_DATA_KEY } from '#test/support/data-key.ts';
import { pathOf } from './backup-file.ts';

const MANIFEST: Manifest = {
  takenAt: '2026-01-14T12:00:00.000Z',
  florin: '0.0.0',
  postgres: '18.4',
  migrations: ['0001-first'],
  books: [],
  dataKeyCheck: TEST_DATA_KEY.checkValue.toString('hex'),
  tables: [],
};

type Made = { readonly format?: string; readonly manifest?: Buffer; readonly key?: DataKey };

/** A whole backup without a database behind it. */
async function make(
  name: string,
  { format = 'florin backup 1\n', manifest, key }: Made = {},
): Promise<string> {
  const file = pathOf(name);
  const writer = await ArchiveWriter.create(file);
  await writer.add('florin-backup', Buffer.from(format));
  await writer.add('tables/books/000001.zst', Buffer.from('not looked at before it is restored'));
  await writer.add('manifest.json', manifest ?? encodeManifest(MANIFEST));
  await writer.add('seal', encodeSeal(writer.digest(), key ?? TEST_DATA_KEY));
  await writer.finish();
  return file;
}

async function codeOf(file: string, key = TEST_DATA_KEY): Promise<string> {
  try {
    await checkBackup(file, key);
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof BackupError, String(error));
    return error.code;
  }
}

function write(name: string, bytes: Uint8Array): string {
  const file = pathOf(name);
  writeFileSync(file, bytes);
  return file;
}

const whole = readFileSync(await make('whole.florin'));

test('a backup is whole, and says about itself what was written', async () => {
  assert.deepEqual(await checkBackup(write('same', whole), TEST_DATA_KEY), MANIFEST);
  assert.equal(whole.length % 512, 0);
});

test('a backup that is cut off anywhere is refused', async () => {
  for (let length = 0; length < whole.length; length += 97) {
    const code = await codeOf(write('cut', whole.subarray(0, length)));
    assert.ok(code === (length < 512 ? 'not_a_backup' : 'backup_cut_off'), `${length}: ${code}`);
  }
  assert.equal(await codeOf(write('cut', whole.subarray(0, -1))), 'backup_cut_off');
});

test('a backup of which any byte is another is refused', async () => {
  for (let index = 0; index < whole.length; index += 13) {
    const bytes = Buffer.from(whole);
    bytes[index]! ^= 1 << (index % 8);
    const code = await codeOf(write('flipped', bytes));
    assert.ok(['backup_changed', 'backup_cut_off', 'not_a_backup'].includes(code), `${index}: ${code}`);
    if (index >= 512) assert.notEqual(code, 'not_a_backup');
  }
});

test('a backup with something behind its end is refused', async () => {
  assert.equal(await codeOf(write('longer', Buffer.concat([whole, Buffer.alloc(1)]))), 'backup_changed');
  assert.equal(await codeOf(write('twice', Buffer.concat([whole, whole]))), 'backup_changed');
});

test('what is no backup is refused as such', async () => {
  assert.equal(await codeOf(write('empty', Buffer.alloc(0))), 'not_a_backup');
  assert.equal(await codeOf(write('zeros', Buffer.alloc(4096))), 'not_a_backup');
  assert.equal(await codeOf(write('text', Buffer.from('# florin\n'.repeat(1000)))), 'not_a_backup');
  assert.equal(await codeOf(pathOf('.')), 'not_a_backup');
  await assert.rejects(checkBackup(pathOf('absent'), TEST_DATA_KEY), { code: 'ENOENT' });
});

test('another data key is told from a change, and a seal that anybody could make is none', async () => {
  const other = DataKey.fromText(newDataKeyText());
  assert.equal(await codeOf(write('whole-again', whole), other), 'wrong_data_key');
  assert.equal(await codeOf(await make('foreign-seal.florin', { key: other })), 'backup_changed');
});

test('a backup of a later format or with a manifest that is none is refused', async () => {
  assert.equal(await codeOf(await make('later.florin', { format: 'florin backup 2\n' })), 'backup_too_new');
  for (const text of ['{}', 'null', '[', JSON.stringify({ ...MANIFEST, tables: [{ name: 'books' }] })]) {
    const name = `${createHash('sha256').update(text).digest('hex')}.florin`;
    assert.equal(await codeOf(await make(name, { manifest: Buffer.from(text) })), 'backup_changed', text);
  }
});

test('nothing is written over, not even what an earlier backup left unfinished', async () => {
  const file = await make('there.florin');
  await assert.rejects(ArchiveWriter.create(file), { code: 'file_exists', message: /is there already/ });
  const writer = await ArchiveWriter.create(pathOf('next.florin'));
  await assert.rejects(ArchiveWriter.create(pathOf('next.florin')), { code: 'file_exists' });
  await writer.abandon();
  const again = await ArchiveWriter.create(pathOf('next.florin'));
  await again.abandon();
  await assert.rejects(ArchiveWriter.create(pathOf('no/such/folder')), { code: 'backup_not_written' });
});

test('an entry that claims to be larger than any part is refused unread', async () => {
  const large = encodeHead({ name: 'tables/books/000002.zst', bytes: 8 * 1024 * 1024 + 1 });
  const file = write('large', Buffer.concat([whole.subarray(0, -1024), large]));
  assert.equal(await codeOf(file), 'backup_changed');
  // One byte less, and it is only missing.
  const smaller = encodeHead({ name: 'tables/books/000002.zst', bytes: 8 * 1024 * 1024 });
  assert.equal(
    await codeOf(write('smaller', Buffer.concat([whole.subarray(0, -1024), smaller]))),
    'backup_cut_off',
  );
});

test('it is a tar archive, which any tar lists and unpacks', { skip: process.platform === 'win32' }, () => {
  const listed = execFileSync('tar', ['-tf', write('whole.tar', whole)], { encoding: 'utf8' });
  assert.equal(listed, 'florin-backup\ntables/books/000001.zst\nmanifest.json\nseal\n');
  const format = execFileSync('tar', ['-xOf', pathOf('whole.tar'), 'florin-backup'], { encoding: 'utf8' });
  assert.equal(format, 'florin backup 1\n');
});
