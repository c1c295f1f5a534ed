import { App } from 'aws-cdk-lib';
import { BankStack } from './src/bank-stack.ts';
import { SMALL_BANK } from './src/settings.ts';

/** Where it runs, unless `--context region=…` says otherwise. */
const DEFAULT_REGION = 'eu-central-1';

/** What `cdk` runs, and `npm run synth` without it: writes the template to cdk.out. Asks no account anything. */
function main(): void {
  const app = new App({ outdir: 'cdk.out' });
  const chosen: unknown = app.node.tryGetContext('region');
  const region = typeof chosen === 'string' ? chosen : DEFAULT_REGION;
  new BankStack(app, 'Florin', { settings: SMALL_BANK, env: { region } });
  app.synth();
}

main();
