import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { closeUnreleased, ReleaseError, replaceVersions, requireLaterVersion } from './release-steps.ts';

/** Files that name the version, and in how many of their first lines: the lockfile says it twice. */
const VERSIONED = [
  { file: 'package.json', count: 1 },
  { file: 'package-lock.json', count: 2 },
  { file: 'openapi.json', count: 1 },
];

/**
 * `npm run release -- 0.2.0`: the version everywhere it is named, its section in the changelog, one commit and an
 * annotated tag, in the checkout it is run in. Refuses another branch than main, a tree with changes, a version that
 * does not come after the last one, and a changelog with nothing new. Pushes nothing: `git push --follow-tags` does,
 * and the tag starts the release workflow.
 */
function release(version: string): void {
  const current = currentVersion();
  requireLaterVersion(version, current);
  const branch = git('rev-parse', '--abbrev-ref', 'HEAD');
  if (branch !== 'main') throw new ReleaseError(`a release is made on main, not on ${branch}`);
  if (git('status', '--porcelain') !== '') throw new ReleaseError('the tree has changes: commit them first');
  const tag = `v${version}`;
  if (git('tag', '--list', tag) !== '') throw new ReleaseError(`the tag ${tag} is there already`);

  const date = Temporal.Now.plainDateISO('UTC').toString();
  const texts = new Map([['CHANGELOG.md', closeUnreleased(read('CHANGELOG.md'), version, date)]]);
  for (const { file, count } of VERSIONED) {
    texts.set(file, replaceVersions(read(file), { from: current, to: version, count }));
  }
  for (const [file, text] of texts) writeFileSync(file, text);
  git('add', ...texts.keys());
  git('commit', '--quiet', '--message', `Release ${version}`);
  git('tag', '--annotate', tag, '--message', `Florin ${version}`);
  console.log(`${tag} is made. To publish it: git push --follow-tags`);
}

function currentVersion(): string {
  const manifest: { version: string } = JSON.parse(read('package.json'));
  return manifest.version;
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}

function main(): void {
  const { positionals } = parseArgs({ allowPositionals: true });
  try {
    release(positionals[0] ?? '');
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(`release: ${error.message}`);
    process.exitCode = 1;
  }
}

main();
