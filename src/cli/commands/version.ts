import type { Command } from 'commander';
import { VERSION } from '#src/version.ts';
import { type OutputOptions, show } from '../output.ts';

/** `version`, and `--version` as everybody tries first. */
export function addVersionCommand(program: Command): void {
  program.version(`florin ${VERSION}`, '-V, --version', 'show the version');
  program
    .command('version')
    .description('show the version')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) =>
      show(options, { version: VERSION, node: process.versions.node }, () => `florin ${VERSION}`),
    );
}
