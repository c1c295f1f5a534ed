import type { Command } from 'commander';
import { toIsoInstant } from '#lib/time/clock.ts';
import { type OutputOptions, show } from '../output.ts';
import { CLI_CALLER, withBank } from '../run.ts';

/** `keys rotate`. */
export function addKeysCommands(program: Command): void {
  const keys = program.command('keys').description('the keys that sign access tokens');
  keys
    .command('rotate')
    .description('make the next key; the one before goes once its last token has expired')
    .option('--immediately', 'after a leak: end all other keys, and every token they signed, now')
    .option('--json', 'print JSON')
    .action(rotateKeys);
}

async function rotateKeys(options: OutputOptions & { readonly immediately?: boolean }): Promise<void> {
  const { immediately = false } = options;
  const rotation = await withBank(({ services }) =>
    services.accessTokens.rotateKeys(CLI_CALLER, { immediately }),
  );
  const view = { kid: rotation.kid, activeFrom: toIsoInstant(rotation.activeFromMs) };
  await show(options, view, () => `Key ${view.kid} signs from ${view.activeFrom}.`);
}
