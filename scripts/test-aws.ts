import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const FOLDER = 'deploy/aws';
/** npm writes it at the end of an install. */
const INSTALLED = `${FOLDER}/node_modules/.package-lock.json`;

/** In the order of what fails soonest. */
const STEPS: readonly (readonly string[])[] = [
  ['npm', 'run', '-s', 'licences', '--', FOLDER],
  ['npm', '--prefix', FOLDER, 'run', '-s', 'types'],
  ['oxlint', '--type-aware', '--deny-warnings', FOLDER],
  ['npm', '--prefix', FOLDER, 'run', '-s', 'synth'],
  ['npm', '--prefix', FOLDER, 'test', '--silent'],
];

function run([program = '', ...args]: readonly string[]): void {
  execFileSync(program, args, { stdio: 'inherit', shell: process.platform === 'win32' });
}

/** Whether the lockfile is as old as what was installed from it. */
function isInstalled(): boolean {
  return (
    existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs > statSync(`${FOLDER}/package-lock.json`).mtimeMs
  );
}

/** `npm run aws:test`: the template for AWS is typed, linted, synthesised and asserted on, without an account. */
function main(): void {
  if (!isInstalled()) run(['npm', '--prefix', FOLDER, 'ci', '--prefer-offline', '--no-audit', '--no-fund']);
  for (const step of STEPS) run(step);
}

main();
