import type { Command } from 'commander';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { withBank } from '../with-bank.ts';

/** `keys rotate`. */
export function addKeysCommands(program: Command, shell: Shell): void {
  const keys = program.command('keys').description('the keys that sign access tokens');
  keys
    .command('rotate')
    .description('make the next key; the one before goes once its last token has expired')
    .option('--immediately', 'after a leak: end all other keys, and every token they signed, now')
    .option('--json', 'print JSON')
    .action((options: RotateOptions) => rotateKeys(shell, options));
}

type RotateOptions = OutputOptions & { readonly immediately?: boolean };

async function rotateKeys(shell: Shell, options: RotateOptions): Promise<void> {
  const { OPERATOR } = await import('#bank/operator-door.ts');
  const { immediately = false } = options;
  const rotation = await withBank(shell, ({ services }) =>
    services.accessTokens.rotateKeys(OPERATOR, { immediately }),
  );
  const view = { kid: rotation.kid, activeFrom: toIsoInstant(rotation.activeFromMs) };
  await shell.show(options, view, () => `Key ${view.kid} signs from ${view.activeFrom}.`);
}
