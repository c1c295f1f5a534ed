import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FILES = ['package.json', 'package-lock.json', 'openapi.json', 'CHANGELOG.md'];
const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n- Something new.\n\n## 0.1.0 (2026-01-01)\n\n- The start.\n';
const folder = mkdtempSync(join(tmpdir(), 'florin-release-'));

/** A repository at 0.1.0 with the files that a release changes, otherwise as they are here, and two entries. */
before(() => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const file of FILES) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    writeFileSync(join(folder, file), text.replaceAll(`"version": "${version}"`, '"version": "0.1.0"'));
  }
  writeFileSync(join(folder, 'CHANGELOG.md'), CHANGELOG);
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Test');
  git('config', 'user.email', 'test@example.com');
  git('add', '.');
  git('commit', '--quiet', '--message', 'All');
});

after(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
}

function run(script: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(ROOT, 'scripts', script), ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
}

function refused(version: string, reason: RegExp): void {
  const before = git('rev-parse', 'HEAD');
  const { status, stderr } = run('release.ts', version);
  assert.equal(status, 1, version);
  assert.match(stderr, reason);
  assert.equal(stderr.trimEnd().split('\n').length, 1, 'one line');
  assert.equal(git('rev-parse', 'HEAD'), before);
  assert.equal(git('tag', '--list'), '');
}

test('a version that is none, or does not come after the last one, is refused', () => {
  for (const version of ['0.1.0', '0.0.9', '0.1', 'v0.2.0', '0.2.0-beta', '01.0.0', '']) {
    refused(version, /^release: (\S+ does not come after 0\.1\.0|a version is three numbers)/);
  }
  assert.equal(git('status', '--porcelain'), '');
});

test('a tree with changes is refused, though the changes be a new file alone', () => {
  for (const file of ['CHANGELOG.md', 'new-file']) {
    appendFileSync(join(folder, file), 'more\n');
    refused('0.2.0', /^release: the tree has changes/);
    git(...(file === 'new-file' ? ['clean', '--force', '--quiet'] : ['checkout', '--quiet', file]));
  }
});

test('another branch than main is refused', () => {
  git('switch', '--quiet', '--create', 'other');
  refused('0.2.0', /^release: a release is made on main, not on other/);
  git('switch', '--quiet', 'main');
});

test('a changelog with nothing new is refused, and nothing is written', () => {
  writeFileSync(join(folder, 'CHANGELOG.md'), CHANGELOG.replace('- Something new.\n\n', ''));
  git('commit', '--quiet', '--all', '--message', 'Nothing new');
  refused('0.2.0', /^release: CHANGELOG\.md says nothing under/);
  assert.equal(git('status', '--porcelain'), '');
  git('reset', '--quiet', '--hard', 'HEAD~1');
});

test('a release is one commit and one tag, with the version wherever it is named', () => {
  const { status, stderr } = run('release.ts', '0.2.0');
  assert.equal(status, 0, stderr);
  assert.equal(git('log', '-1', '--format=%s'), 'Release 0.2.0');
  assert.equal(git('rev-list', '--count', 'HEAD'), '2');
  assert.equal(git('cat-file', '-t', 'v0.2.0'), 'tag');
  assert.equal(git('rev-parse', 'v0.2.0^{commit}'), git('rev-parse', 'HEAD'));
  assert.equal(git('status', '--porcelain'), '');
  assert.deepEqual(git('show', '--name-only', '--format=', 'HEAD').split('\n').sort(), FILES.toSorted());

  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  assert.equal(JSON.parse(read('package.json')).version, '0.2.0');
  const lock = JSON.parse(read('package-lock.json'));
  assert.deepEqual([lock.version, lock.packages[''].version], ['0.2.0', '0.2.0']);
  assert.equal(JSON.parse(read('openapi.json')).info.version, '0.2.0');
  assert.match(
    read('CHANGELOG.md'),
    /^# Changelog\n\n## Unreleased\n\n## 0\.2\.0 \(\d{4}-\d\d-\d\d\)\n\n- Something new\.\n\n## 0\.1\.0 \(2026-01-01\)\n\n- The start\.\n$/,
  );
  const stat = git('show', '--numstat', '--format=', 'HEAD').split('\n').sort();
  assert.deepEqual(stat, [
    '1\t1\topenapi.json',
    '1\t1\tpackage.json',
    '2\t0\tCHANGELOG.md',
    '2\t2\tpackage-lock.json',
  ]);
});

test('the notes of a release are its section, and a tag that is not this version has none', () => {
  const notes = run('release-notes.ts', 'v0.2.0');
  assert.equal(notes.stdout, '- Something new.\n');
  assert.equal(run('release-notes.ts', 'v0.1.0').status, 1);
  assert.ok(existsSync(join(folder, 'package.json')));
});
