import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

/** Runs a program to its end with the caller's output, and ends with its exit code when that is not 0. */
export function run([program = '', ...args]: readonly string[]): void {
  const { status, error } = spawnSync(program, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Installs what the lockfile of a folder pins, unless that is there already. */
export function installFolder(folder: string): void {
  // npm writes it at the end of an install.
  const installed = `${folder}/node_modules/.package-lock.json`;
  const isCurrent =
    existsSync(installed) && statSync(installed).mtimeMs > statSync(`${folder}/package-lock.json`).mtimeMs;
  if (isCurrent) return;
  run(['npm', '--prefix', folder, 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund']);
}
