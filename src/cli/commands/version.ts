import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { OutputOptions } from '../output.ts';
import { show } from '../output.ts';

const PACKAGE = new URL('../../../package.json', import.meta.url);

/** `version`, and `--version` as everybody tries first. */
export function addVersionCommand(program: Command): void {
  const version = readVersion();
  program.version(`florin ${version}`, '-V, --version', 'show the version');
  program
    .command('version')
    .description('show the version')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) =>
      show(options, { version, node: process.versions.node }, () => `florin ${version}`),
    );
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(PACKAGE, 'utf8'));
  const isManifest = manifest !== null && typeof manifest === 'object' && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'of unknown version';
}
