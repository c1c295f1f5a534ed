import { installFolder, run } from './install-folder.ts';

const FOLDER = 'deploy/aws';

/** In the order of what fails soonest. */
const STEPS: readonly (readonly string[])[] = [
  ['npm', 'run', '-s', 'licences', '--', FOLDER],
  ['npm', '--prefix', FOLDER, 'run', '-s', 'types'],
  ['oxlint', '--type-aware', '--deny-warnings', FOLDER],
  ['npm', '--prefix', FOLDER, 'run', '-s', 'synth'],
  ['npm', '--prefix', FOLDER, 'test', '--silent'],
];

/** `npm run aws:test`: the template for AWS is typed, linted, synthesised and asserted on, without an account. */
function main(): void {
  installFolder(FOLDER);
  for (const step of STEPS) run(step);
}

main();
