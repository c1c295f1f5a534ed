import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { notesOf, ReleaseError } from './release-steps.ts';

/** `npm run -s release:notes -- v0.2.0`: what the changelog says of a tag that is this checkout's version. */
function main(): void {
  const { positionals } = parseArgs({ allowPositionals: true });
  const manifest: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
  try {
    if (positionals[0] !== `v${manifest.version}`) {
      throw new ReleaseError(`the tag ${positionals[0]} is not this checkout's version ${manifest.version}`);
    }
    console.log(notesOf(readFileSync('CHANGELOG.md', 'utf8'), manifest.version));
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(`release:notes: ${error.message}`);
    process.exitCode = 1;
  }
}

main();
