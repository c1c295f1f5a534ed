import type { Command } from 'commander';
import { VERSION } from '#src/version.ts';
import type { OutputOptions, Shell } from '../shell.ts';

/** `version`, and `--version` as everybody tries first. */
export function addVersionCommand(program: Command, shell: Shell): void {
  program.version(`florin ${VERSION}`, '-V, --version', 'show the version');
  program
    .command('version')
    .description('show the version')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) =>
      shell.show(options, { version: VERSION, node: process.versions.node }, () => `florin ${VERSION}`),
    );
}
